using System.Net.Security;
using System.Text.Json;
using Headgate.Core.Config;
using Headgate.Proxy.Tests.Pipeline;
using Headgate.Testing;

namespace Headgate.Proxy.Tests.Tls;

/// <summary>Certificates of ssl objects that nodes are shown (<c>tls.client_cert_id</c>).</summary>
public sealed class UpstreamCertificateTests
{
    [Fact]
    public async Task Request_CertificateById_IsShownToTheNodeAndFollowsEdits()
    {
        using var authority = new TestCertificates();
        string? seen = null;
        var tls = new SslServerAuthenticationOptions
        {
            ServerCertificate = authority.Issue("127.0.0.1"),
            ClientCertificateRequired = true,
            RemoteCertificateValidationCallback = (_, shown, _, _) => (seen = shown?.Subject) is not null,
        };
        await using ScriptedNode node = ScriptedNode.StartTls(tls, peer => peer.AnswerAllAsync("a"));
        await using GatewayUnderTest gateway = await GatewayUnderTest.StartAsync();
        gateway.PutUpstream("u", [node.Port], ""","scheme":"https","tls":{"client_cert_id":"c"}""");
        gateway.Put(ResourceKind.Route, "r", """{"uri":"/*","upstream_id":"u"}""");

        (await StatusAsync(gateway)).ShouldBe("502");
        node.Accepted.ShouldBe(0, "no node is asked without it");
        gateway.Put(ResourceKind.Ssl, "c", Object("first"));
        (await StatusAsync(gateway), seen).ShouldBe(("200", "CN=first"));
        gateway.Put(ResourceKind.Ssl, "c", Object("second"));
        (await StatusAsync(gateway), seen).ShouldBe(("200", "CN=second"));
        gateway.Put(ResourceKind.Ssl, "c", null);
        (await StatusAsync(gateway)).ShouldBe("502");

        string Object(string name)
        {
            (string cert, string key) = authority.IssuePem(name);
            return JsonSerializer.Serialize(new { type = "client", cert, key });
        }
    }

    private static async Task<string> StatusAsync(GatewayUnderTest gateway) =>
        (await gateway.SendRawAsync("GET / HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n\r\n"))[9..12];
}
