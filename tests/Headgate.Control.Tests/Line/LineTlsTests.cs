using System.Security.Cryptography.X509Certificates;
using Headgate.Testing;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace Headgate.Control.Tests.Line;

/// <summary>Lines over TLS: whom an instance trusts, and a certificate in a token's place.</summary>
public sealed class LineTlsTests : LineTest
{
    private readonly TestCertificates _authority = new();
    private readonly TestCertificates _other = new();

    [Fact]
    public async Task OwnAuthority_IsTrusted()
    {
        await using LineServer server = await StartAsync("127.0.0.1");
        Open(Instance(), Options(await Server.TokenAsync(), server.Address) with { Authorities = [_authority.Authority] });

        await HereAsync(server: server);
    }

    [Theory]
    [InlineData(true, "127.0.0.1")] // signed by somebody else
    [InlineData(false, "cp.example")] // somebody else's name
    public async Task OtherCertificates_AreNot(bool isOther, string name)
    {
        await using LineServer server = await StartAsync(name);
        Open(Instance(), Options(await Server.TokenAsync(), server.Address) with { Authorities = [isOther ? _other.Authority : _authority.Authority] });

        await Eventually.HoldsAsync(() => Log.Of(1421).Length == 1, "it is refused");
        Log.Of(1421)[0].ShouldContain("certificate");
        server.Fleet.All.ShouldBeEmpty();
    }

    [Fact]
    public async Task UnknownAuthority_IsNotTrustedByItself()
    {
        await using LineServer server = await StartAsync("127.0.0.1");
        Open(Instance(), Options(await Server.TokenAsync(), server.Address));

        await Eventually.HoldsAsync(() => Log.Of(1421).Length == 1, "it is refused");
        Log.Of(1421)[0].ShouldContain("The remote certificate is invalid");
    }

    [Fact]
    public async Task ClientCertificate_IsEnough_ForAnyGroup()
    {
        await using LineServer server = await StartAsync("127.0.0.1", asksForCertificates: true);
        using X509Certificate2 own = _authority.Issue("gw-1");
        Open(Instance(group: "blue"), Options(null, server.Address) with { Authorities = [_authority.Authority], Certificate = own });

        await HereAsync(group: "blue", server: server);
    }

    [Fact]
    public async Task ClientCertificate_DoesNotMakeAWrongTokenGood()
    {
        await using LineServer server = await StartAsync("127.0.0.1", asksForCertificates: true);
        using X509Certificate2 own = _authority.Issue("gw-1");
        Open(Instance(), Options("hgi_wrong", server.Address) with { Authorities = [_authority.Authority], Certificate = own });

        await Eventually.HoldsAsync(() => Log.Of(1421).Length == 1, "it is refused");
        Log.Of(1421)[0].ShouldContain("it answers 401");
    }

    [Fact]
    public async Task NoCertificate_WhereOneIsAskedFor_IsRefused()
    {
        await using LineServer server = await StartAsync("127.0.0.1", asksForCertificates: true);
        Open(Instance(), Options(await Server.TokenAsync(), server.Address) with { Authorities = [_authority.Authority] });

        await Eventually.HoldsAsync(() => Log.Of(1421).Length == 1, "it is refused");
        server.Fleet.All.ShouldBeEmpty();
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _authority.Dispose();
        _other.Dispose();
    }

    private Task<LineServer> StartAsync(string name, bool asksForCertificates = false) => LineServer.StartAsync(Store, Clock, listen: listen =>
    {
        listen.Protocols = HttpProtocols.Http1;
        listen.UseHttps(_authority.Issue(name), https =>
        {
            https.ClientCertificateMode = asksForCertificates ? ClientCertificateMode.RequireCertificate : ClientCertificateMode.NoCertificate;
            https.ClientCertificateValidation = (certificate, _, _) => certificate.Issuer == _authority.Authority.Subject;
        });
    });
}
