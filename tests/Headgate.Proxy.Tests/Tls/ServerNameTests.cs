using Headgate.Core.Config;
using Headgate.Testing;

namespace Headgate.Proxy.Tests.Tls;

/// <summary>Which certificate clients get, by the server name they ask for.</summary>
public sealed class ServerNameTests : IDisposable
{
    private readonly TestCertificates _authority = new();

    public void Dispose() => _authority.Dispose();

    [Theory]
    [InlineData(1, "a.test", "CN=a.test")]
    [InlineData(2, "a.test", "CN=a.test")]
    [InlineData(1, "A.Test", "CN=a.test")]
    [InlineData(2, "A.Test", "CN=a.test")]
    [InlineData(1, "b.test", "CN=a.test")]
    [InlineData(1, "x.w.test", "CN=*.w.test")]
    [InlineData(2, "x.w.test", "CN=*.w.test")]
    [InlineData(1, "x.y.w.test", null)]
    [InlineData(2, "x.y.w.test", null)]
    [InlineData(1, "w.test", null)]
    [InlineData(1, "own.w.test", "CN=own.w.test")]
    [InlineData(2, "own.w.test", "CN=own.w.test")]
    [InlineData(1, "off.test", null)]
    [InlineData(2, "off.test", null)]
    [InlineData(1, "xn--bcher-kva.test", "CN=xn--bcher-kva.test")]
    [InlineData(2, "xn--bcher-kva.test", "CN=xn--bcher-kva.test")]
    public async Task Handshake_ServerName_ShowsItsCertificateOrFails(int version, string sni, string? shown)
    {
        await using TlsGateway gateway = await TlsGateway.StartAsync();
        gateway.Put("1", _authority, "a.test", """{"snis":["a.test","b.test"],"labels":{"team":"x"}}""");
        gateway.Put("2", _authority, "*.w.test");
        gateway.Put("3", _authority, "own.w.test");
        gateway.Put("4", _authority, "off.test", """{"status":0}""");
        gateway.Put("5", _authority, "xn--bcher-kva.test");

        (await gateway.GetAsync(version, sni)).ShouldBe((shown is null ? 0 : 200, shown));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Handshake_OtherName_ShowsTheGatewaysOwn(int version)
    {
        await using TlsGateway gateway = await TlsGateway.StartAsync(_authority.Issue("others.test"));
        gateway.Put("1", _authority, "a.test");

        (await gateway.GetAsync(version, "a.test")).ShouldBe((200, "CN=a.test"));
        (await gateway.GetAsync(version, "b.test")).ShouldBe((200, "CN=others.test"));
        (await gateway.GetAsync(version, "")).ShouldBe((200, "CN=others.test"));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Handshake_NoName_ShowsTheFallback(int version)
    {
        await using TlsGateway gateway = await TlsGateway.StartAsync(fallbackSni: "A.test");
        gateway.Put("1", _authority, "a.test");

        (await gateway.GetAsync(version, "")).ShouldBe((200, "CN=a.test"));
        (await gateway.GetAsync(version, "b.test")).ShouldBe((0, null));
    }

    [Theory]
    [InlineData("http/1.1")]
    [InlineData("h2")]
    public async Task Handshake_UnknownName_IsToldSo(string protocol)
    {
        await using TlsGateway gateway = await TlsGateway.StartAsync();
        gateway.Put("1", _authority, "a.test");

        (await gateway.AskOpenSslAsync("b.test", "-alpn", protocol)).ShouldContain("unrecognized name");
        (await gateway.AskOpenSslAsync("", "-alpn", protocol)).ShouldContain("unrecognized name");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Handshake_NoHttp2_ServesByName(int version)
    {
        await using TlsGateway gateway = await TlsGateway.StartAsync(http2: false);
        gateway.Put("1", _authority, "a.test");
        gateway.Put("2", _authority, "b.test");

        (await gateway.GetAsync(version, "b.test")).ShouldBe(version == 1 ? (200, "CN=b.test") : (0, null));
    }

    [Fact]
    public async Task Handshake_EditedObject_ShowsTheNewCertificateAtOnce()
    {
        await using TlsGateway gateway = await TlsGateway.StartAsync();
        gateway.Put("1", _authority.IssuePem("old.test"), "a.test");
        (await gateway.GetAsync(1, "a.test")).ShouldBe((200, "CN=old.test"));

        gateway.Put("1", _authority.IssuePem("new.test"), "a.test");
        (await gateway.GetAsync(1, "a.test")).ShouldBe((200, "CN=new.test"));
        (await gateway.GetAsync(2, "a.test")).ShouldBe((200, "CN=new.test"));

        gateway.Gateway.Put(ResourceKind.Ssl, "1", null);
        (await gateway.GetAsync(1, "a.test")).Status.ShouldBe(0);
        (await gateway.GetAsync(2, "a.test")).Status.ShouldBe(0);
    }

    [Fact]
    public async Task Handshake_NameOfTwoObjects_ShowsTheLowerId()
    {
        await using TlsGateway gateway = await TlsGateway.StartAsync();
        gateway.Put("2", _authority.IssuePem("two.test"), "a.test");
        gateway.Put("1", _authority.IssuePem("one.test"), "a.test");
        (await gateway.GetAsync(1, "a.test")).Shown.ShouldBe("CN=one.test");

        gateway.Gateway.Put(ResourceKind.Ssl, "1", null);
        (await gateway.GetAsync(1, "a.test")).Shown.ShouldBe("CN=two.test");
    }

    [Theory]
    [InlineData("http/1.1", "ECDSA+SHA256", "CN = ecdsa.test")]
    [InlineData("http/1.1", "RSA+SHA256", "CN = rsa.test")]
    [InlineData("h2", "ECDSA+SHA256", "CN = ecdsa.test")]
    public async Task Handshake_TwoKindsOfKey_ShowsWhatTheClientTakes(string protocol, string algorithms, string shown)
    {
        (string rsa, string rsaKey) = _authority.IssueRsaPem("rsa.test");
        await using TlsGateway gateway = await TlsGateway.StartAsync();
        gateway.Put("1", _authority.IssuePem("ecdsa.test"), "a.test", System.Text.Json.JsonSerializer.Serialize(new { certs = new[] { rsa }, keys = new[] { rsaKey } }));
        string answer = await gateway.AskOpenSslAsync("a.test", "-alpn", protocol, "-tls1_2", "-sigalgs", algorithms);
        bool isServed = Pipeline.GatewayUnderTest.Transport == TransportKind.Loops || shown == "CN = ecdsa.test"; // .NET shows one of them
        answer.Contains($"subject={shown}", StringComparison.Ordinal).ShouldBe(isServed);
    }

    [Theory]
    [InlineData("http/1.1", "TLSv1.2", "-tls1_2", true)]
    [InlineData("http/1.1", "TLSv1.2", "-tls1_3", false)]
    [InlineData("http/1.1", "TLSv1.3", "-tls1_2", false)]
    [InlineData("h2", "TLSv1.3", "-tls1_3", true)]
    [InlineData("h2", "TLSv1.3", "-tls1_2", false)]
    public async Task Handshake_Versions_AreThoseOfTheName(string protocol, string version, string asked, bool served)
    {
        await using TlsGateway gateway = await TlsGateway.StartAsync();
        gateway.Put("1", _authority, "a.test", $$"""{"ssl_protocols":["{{version}}"]}""");
        gateway.Put("2", _authority, "b.test");

        (await gateway.AskOpenSslAsync("a.test", "-alpn", protocol, asked)).Contains("subject=CN = a.test", StringComparison.Ordinal).ShouldBe(served);
        (await gateway.AskOpenSslAsync("b.test", "-alpn", protocol, asked)).ShouldContain("subject=CN = b.test");
    }

    [Fact]
    public async Task Edits_UnderLoad_FailNoRequest()
    {
        await using TlsGateway gateway = await TlsGateway.StartAsync();
        gateway.Put("1", _authority.IssuePem("0.test"), "a.test");
        using var done = new CancellationTokenSource();
        Task<int>[] clients = [.. Enumerable.Range(0, 4).Select(i => Task.Run(async () =>
        {
            int served = 0;
            for (; !done.IsCancellationRequested; served++)
                (await gateway.GetAsync(1 + (i % 2), "a.test")).Status.ShouldBe(200);
            return served;
        }))];

        for (int i = 1; i <= 40; i++)
        {
            gateway.Put("1", _authority.IssuePem($"{i}.test"), "a.test");
            (await gateway.GetAsync(1, "a.test")).ShouldBe((200, $"CN={i}.test"));
        }

        await done.CancelAsync();
        (await Task.WhenAll(clients)).ShouldAllBe(served => served > 0);
    }
}
