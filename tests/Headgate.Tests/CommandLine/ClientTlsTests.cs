using Headgate.CommandLine;
using Headgate.Testing;

namespace Headgate.Tests.CommandLine;

/// <summary>Commands that ask a gateway whose Admin API speaks HTTPS and asks for a certificate.</summary>
public sealed class ClientTlsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TestCertificates _authority = new();
    private readonly TestCertificates _clients = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _folder.Dispose();
        _authority.Dispose();
        _clients.Dispose();
    }

    [Fact]
    public async Task Commands_OverHttps_KnowTheGatewayAndShowTheirCertificate()
    {
        // Not the address that is asked by default: on the gateway's own machine its certificate says who it is.
        string cert = WritePair("admin", _authority, "localhost"), own = WritePair("ops", _clients, "ops"), other = WritePair("other", _authority, "localhost");
        await using var gateway = new HeadgateProcess(_folder.Path, ["run", "--config", Settings(0, cert)], HeadgateProcess.FreePorts);
        Uri url = await gateway.UrlAsync("Admin API");
        string config = Settings(url.Port, cert), strange = Settings(url.Port, other);
        string authority = _folder.Write("ca.pem", _authority.AuthorityPem), stranger = _folder.Write("stranger.pem", _clients.AuthorityPem);
        string named = $"https://localhost:{url.Port}", addressed = $"https://127.0.0.1:{url.Port}";

        (await RunAsync("get", "upstreams", "--config", config, "--cert", own, "--cert-key", own + ".key")).ShouldStartWith("0 ID ");
        (await RunAsync("explain", "http://a.test/", "--config", config, "--cert", own, "--cert-key", own + ".key")).ShouldStartWith("0 revision ");
        (await RunAsync("discovery", "list", "--config", config, "--cert", own, "--cert-key", own + ".key")).ShouldStartWith("0 ");
        (await RunAsync("drain", "u", "a:80", "--config", config, "--cert", own, "--cert-key", own + ".key")).ShouldStartWith("3 error: the gateway answered 404: upstreams/u is not served");
        (await RunAsync("get", "upstreams", "--config", config)).ShouldContain("; it may ask for a certificate, --cert FILE");
        (await RunAsync("get", "upstreams", "--config", strange, "--cert", own, "--cert-key", own + ".key")).ShouldStartWith($"4 error: no gateway answers at {addressed}/: The remote certificate ");

        string both = _folder.Write("both.pem", await File.ReadAllTextAsync(own, Token) + "\n" + await File.ReadAllTextAsync(own + ".key", Token));
        (await RunAsync("get", "upstreams", "--config", config, "--admin", named, "--ca", authority, "--cert", both)).ShouldStartWith("0 ID ");
        (await RunAsync("get", "upstreams", "--config", config, "--admin", named, "--cert", both)).ShouldStartWith("4 ");
        (await RunAsync("get", "upstreams", "--config", config, "--admin", named, "--ca", stranger, "--cert", both)).ShouldStartWith("4 ");
        (await RunAsync("get", "upstreams", "--config", config, "--admin", addressed, "--ca", authority, "--cert", both)).ShouldContain(": RemoteCertificateNameMismatch");
    }

    [Theory]
    [InlineData("--cert-key goes with --cert only", "--cert-key", "x")]
    [InlineData("--cert: /nowhere.pem cannot be used: Could not find file '/nowhere.pem'.", "--cert", "/nowhere.pem")]
    [InlineData("--ca: /etc/hostname cannot be used: there is no certificate in it", "--ca", "/etc/hostname")]
    public async Task Commands_BadFiles_NameTheOption(string expected, params string[] options)
    {
        string key = _folder.Write("key", "some-key-of-the-admin");

        (await RunAsync(["get", "upstreams", "--admin", "https://127.0.0.1:1", "--key-file", key, .. options])).ShouldStartWith($"1 error: {expected}");
    }

    private string WritePair(string name, TestCertificates authority, string subject)
    {
        (string certificate, string key) = authority.IssuePem(subject);
        _folder.Write(name + ".pem.key", key);
        return _folder.Write(name + ".pem", certificate);
    }

    private string Settings(int port, string cert) => _folder.Write($"{Guid.NewGuid():N}.yaml", $$"""
        deployment:
          admin:
            admin_key_required: false
            admin_listen: {ip: 127.0.0.1, port: {{port}}}
            https_admin: true
            admin_api_mtls: {admin_ssl_cert: {{cert}}, admin_ssl_cert_key: {{cert}}.key, admin_ssl_ca_cert: {{_folder.Write("clients.pem", _clients.AuthorityPem)}}}
        """);

    /// <summary>Exit code and what was said.</summary>
    private static async Task<string> RunAsync(params string[] arguments)
    {
        using StringWriter output = new(), error = new();
        int code = await new GatewayCommands(output, error).RunAsync(arguments);
        return $"{code} {output}{error}";
    }
}
