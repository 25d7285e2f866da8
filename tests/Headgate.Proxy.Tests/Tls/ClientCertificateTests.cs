using System.Security.Cryptography.X509Certificates;
using Headgate.Testing;

namespace Headgate.Proxy.Tests.Tls;

/// <summary>Certificates that clients are asked for, by the server name they ask for.</summary>
public sealed class ClientCertificateTests : IDisposable
{
    private readonly TestCertificates _authority = new();
    private readonly TestCertificates _clients = new();

    public void Dispose()
    {
        _authority.Dispose();
        _clients.Dispose();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Handshake_ClientAsked_TakesOnlyGoodCertificates(int version)
    {
        using var strangers = new TestCertificates();
        await using TlsGateway gateway = await TlsGateway.StartAsync();
        gateway.Put("1", _authority, "m.test", TlsGateway.Client(_clients));

        (await gateway.GetAsync(version, "m.test", client: _clients.Issue("client"))).Status.ShouldBe(200);
        (await gateway.GetAsync(version, "m.test")).Status.ShouldBe(0, "without one");
        (await gateway.GetAsync(version, "m.test", client: strangers.Issue("client"))).Status.ShouldBe(0, "of another authority");
        (await gateway.GetAsync(version, "m.test", client: _clients.IssueExpired("client"))).Status.ShouldBe(0, "expired");
        (await gateway.GetAsync(version, "m.test", client: _authority.Issue("client"))).Status.ShouldBe(0, "of the server's authority");
    }

    [Theory]
    [InlineData(1, 0, 0, true)]
    [InlineData(2, 0, 0, true)]
    [InlineData(1, 0, 1, false)]
    [InlineData(2, 0, 1, false)]
    [InlineData(1, 1, 1, true)]
    [InlineData(2, 1, 1, true)]
    [InlineData(1, 1, 2, false)]
    [InlineData(2, 1, 2, false)]
    [InlineData(1, 2, 2, true)]
    [InlineData(2, 2, 2, true)]
    public async Task Handshake_Depth_BoundsTheCertificatesBetween(int version, int depth, int between, bool served)
    {
        using var first = new TestCertificates(_clients);
        using var second = new TestCertificates(first);
        TestCertificates issuer = between switch { 0 => _clients, 1 => first, _ => second };
        X509Certificate2Collection chain = [first.Authority, second.Authority];
        await using TlsGateway gateway = await TlsGateway.StartAsync();
        gateway.Put("1", _authority, "m.test", TlsGateway.Client(_clients, depth));

        (await gateway.GetAsync(version, "m.test", client: issuer.Issue("client"), chain: chain)).Status.ShouldBe(served ? 200 : 0);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Request_PathsWithoutCertificate_AreServedAndOthersRefused(int version)
    {
        using var strangers = new TestCertificates();
        await using TlsGateway gateway = await TlsGateway.StartAsync();
        gateway.Put("1", _authority, "m.test", TlsGateway.Client(_clients, 1, "^/open/", "^/login$"));

        (await gateway.GetAsync(version, "m.test", path: "/open/a")).Status.ShouldBe(200);
        (await gateway.GetAsync(version, "m.test", path: "/login")).Status.ShouldBe(200);
        (await gateway.GetAsync(version, "m.test", path: "/")).Status.ShouldBe(400);
        (await gateway.GetAsync(version, "m.test", path: "/open/../secret")).Status.ShouldBe(400);
        (await gateway.GetAsync(version, "m.test", path: "/secret", client: strangers.Issue("client"))).Status.ShouldBe(400);
        (await gateway.GetAsync(version, "m.test", path: "/secret", client: _clients.IssueExpired("client"))).Status.ShouldBe(400);
        (await gateway.GetAsync(version, "m.test", path: "/secret", client: _clients.Issue("client"))).Status.ShouldBe(200);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Request_HostOfAnotherName_CannotGoRoundTheCertificate(int version)
    {
        await using TlsGateway gateway = await TlsGateway.StartAsync(_authority.Issue("others.test"));
        gateway.Put("1", _authority, "*.m.test", TlsGateway.Client(_clients));
        gateway.Put("2", _authority, "open.test");
        using X509Certificate2 client = _clients.Issue("client");

        (await gateway.GetAsync(version, "open.test", "open.test")).Status.ShouldBe(200);
        (await gateway.GetAsync(version, "open.test", "a.m.test")).Status.ShouldBe(400);
        (await gateway.GetAsync(version, "others.test", "a.m.test")).Status.ShouldBe(400);
        (await gateway.GetAsync(version, "", "a.m.test")).Status.ShouldBe(400);
        (await gateway.GetAsync(version, "a.m.test", "A.m.test:443", client: client)).Status.ShouldBe(200);
        (await gateway.GetAsync(version, "a.m.test", "b.m.test", client: client)).Status.ShouldBe(400);
        (await gateway.GetAsync(version, "a.m.test", "open.test", client: client)).Status.ShouldBe(200);
    }

    [Theory]
    [InlineData("http/1.1", "-tls1_2")]
    [InlineData("http/1.1", "-tls1_3")]
    public async Task Resumption_ClientsSession_ProvesNothingElsewhere(string protocol, string version)
    {
        string session = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        await using TlsGateway gateway = await TlsGateway.StartAsync();
        gateway.Put("1", _authority, "m.test", TlsGateway.Client(_clients));
        gateway.Put("2", _authority, "a.test");
        gateway.Put("3", _authority, "b.test");

        (await gateway.AskOpenSslAsync("a.test", "-alpn", protocol, version, "-sess_out", session)).ShouldContain("HTTP/1.1 200");
        (await gateway.AskOpenSslAsync("a.test", "-alpn", protocol, version, "-sess_in", session)).ShouldContain("Reused, TLSv");
        (await gateway.AskOpenSslAsync("b.test", "-alpn", protocol, version, "-sess_in", session)).ShouldContain("New, TLSv");
        string refused = await gateway.AskOpenSslAsync("m.test", "-alpn", protocol, version, "-sess_in", session);
        refused.ShouldNotContain("HTTP/1.1 200");
        refused.ShouldNotContain("Reused, TLSv");
        File.Delete(session);
    }

    [Theory]
    [InlineData("-tls1_2")]
    [InlineData("-tls1_3")]
    public async Task Resumption_WhereClientsAreAsked_IsNone(string version)
    {
        string folder = Directory.CreateTempSubdirectory().FullName;
        (string certificate, string key) = _clients.IssuePem("client");
        string pem = Path.Combine(folder, "client.pem"), session = Path.Combine(folder, "session");
        await File.WriteAllTextAsync(pem, $"{certificate}\n{key}\n", TestContext.Current.CancellationToken);
        await using TlsGateway gateway = await TlsGateway.StartAsync();
        gateway.Put("1", _authority, "m.test", TlsGateway.Client(_clients));

        (await gateway.AskOpenSslAsync("m.test", version, "-cert", pem, "-sess_out", session)).ShouldContain("HTTP/1.1 200");
        (File.Exists(session) ? await gateway.AskOpenSslAsync("m.test", version, "-sess_in", session) : "").ShouldNotContain("HTTP/1.1 200");
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Edit_ThatBeginsToAsk_ActsOnRunningConnections()
    {
        await using TlsGateway gateway = await TlsGateway.StartAsync();
        gateway.Put("1", _authority, "m.test");
        using var stream = await Transport.Loops.Tls.TlsClients.OpenAsync(
            gateway.Gateway.Port, new System.Net.Security.SslClientAuthenticationOptions { TargetHost = "m.test", RemoteCertificateValidationCallback = (_, shown, _, _) => shown is not null });
        byte[] request = "GET / HTTP/1.1\r\nHost: m.test\r\n\r\n"u8.ToArray();
        byte[] buffer = new byte[4096];

        await stream.WriteAsync(request, TestContext.Current.CancellationToken);
        int count = await stream.ReadAsync(buffer, TestContext.Current.CancellationToken);
        System.Text.Encoding.ASCII.GetString(buffer, 0, count).ShouldStartWith("HTTP/1.1 200");
        gateway.Put("1", _authority, "m.test", TlsGateway.Client(_clients));
        await stream.WriteAsync(request, TestContext.Current.CancellationToken);
        count = await stream.ReadAsync(buffer, TestContext.Current.CancellationToken);
        System.Text.Encoding.ASCII.GetString(buffer, 0, count).ShouldStartWith("HTTP/1.1 400");
    }
}
