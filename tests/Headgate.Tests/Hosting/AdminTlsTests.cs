using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Headgate.Hosting;
using Headgate.Proxy.Tls;
using Headgate.Settings;
using Headgate.Testing;
using Headgate.Tests.CommandLine;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Headgate.Tests.Hosting;

/// <summary>The Admin API over HTTPS (<c>deployment.admin.https_admin</c>), with and without certificates of clients.</summary>
public sealed class AdminTlsTests : IDisposable
{
    private const string Mtls = "HEADGATE_DEPLOYMENT__ADMIN__ADMIN_API_MTLS__ADMIN_SSL_";
    private const string ForClients = "1.3.6.1.5.5.7.3.2"; // RFC 5280 §4.2.1.12
    private const string ForServers = "1.3.6.1.5.5.7.3.1";

    private readonly TemporaryFolder _folder = new();
    private readonly TestCertificates _authority = new();
    private readonly TestCertificates _clients = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string CertFile => Path.Combine(_folder.Path, "admin.pem");

    private string KeyFile => Path.Combine(_folder.Path, "admin.pem.key");

    private string ClientCaFile => _folder.Write("clients.pem", _clients.AuthorityPem);

    public void Dispose()
    {
        _folder.Dispose();
        _authority.Dispose();
        _clients.Dispose();
    }

    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public async Task Run_HttpsAdmin_AnswersOverTls(SslProtocols version)
    {
        WriteCertificate();
        await using HeadgateProcess process = Start();
        Uri admin = await process.UrlAsync("Admin API");

        admin.Scheme.ShouldBe("https");
        (await GetAsync(admin, "/apisix/admin/upstreams", version: version)).ShouldContain("\"total\":0");
        (await process.UrlAsync("control API")).Scheme.ShouldBe("http");
    }

    [Fact]
    public async Task Run_HttpsAdminAskedInClearText_Refuses()
    {
        WriteCertificate();
        await using HeadgateProcess process = Start();
        Uri admin = await process.UrlAsync("Admin API");
        using var client = new HttpClient();

        using HttpResponseMessage answer = await client.GetAsync(new Uri($"http://{admin.Authority}/apisix/admin/upstreams"), Token);

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await answer.Content.ReadAsStringAsync(Token)).ShouldBe("""{"error_msg":"this port speaks HTTPS, and the request came in plain HTTP"}""");
    }

    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public async Task Run_ClientAuthorities_LetInWhoHasACertificateOfOne(SslProtocols version)
    {
        using var strangers = new TestCertificates();
        using var below = new TestCertificates(_clients);
        using var lowest = new TestCertificates(below);
        WriteCertificate();
        await using HeadgateProcess process = Start((Mtls + "CA_CERT", ClientCaFile));
        Uri admin = await process.UrlAsync("Admin API");

        (await AskAsync(_clients.Issue("ops"))).ShouldContain("\"total\":0");
        (await AskAsync(_clients.Issue("ops", ForClients))).ShouldContain("\"total\":0");
        (await AskAsync(lowest.Issue("ops"), below.Authority, lowest.Authority)).ShouldContain("\"total\":0", customMessage: "by authorities below the known one");
        await Should.ThrowAsync<HttpRequestException>(() => GetAsync(admin, "/", version: version), "without one");
        await Should.ThrowAsync<HttpRequestException>(() => AskAsync(strangers.Issue("ops")), "of another authority");
        await Should.ThrowAsync<HttpRequestException>(() => AskAsync(_authority.Issue("ops")), "of the server's authority");
        await Should.ThrowAsync<HttpRequestException>(() => AskAsync(_clients.IssueExpired("ops")), "expired");
        await Should.ThrowAsync<HttpRequestException>(() => AskAsync(_clients.Issue("ops", ForServers)), "for servers");
        await Should.ThrowAsync<HttpRequestException>(() => AskAsync(lowest.Issue("ops")), "the way to the authority is missing");

        Task<string> AskAsync(X509Certificate2 certificate, params X509Certificate2[] chain) => GetAsync(admin, "/apisix/admin/upstreams", certificate, version, chain);
    }

    [Fact]
    public async Task Run_CertificateRenewed_IsTakenUpWithoutARestart()
    {
        string first = WriteCertificate();
        await using HeadgateProcess process = Start();
        Uri admin = await process.UrlAsync("Admin API");
        (await ShownAsync(admin)).ShouldBe(first);

        string second = WriteCertificate();
        await Eventually.HoldsAsync(async () => await ShownAsync(admin) == second, "the renewed certificate is shown");

        _folder.Write("admin.pem", "nothing");
        await process.LineAsync(static line => line.Contains("[1231]", StringComparison.Ordinal));
        (await ShownAsync(admin)).ShouldBe(second);

        string third = WriteCertificate();
        await Eventually.HoldsAsync(async () => await ShownAsync(admin) == third, "the certificate after the bad file is shown");
        process.Output.Split('\n').Count(static line => line.Contains("[1231]", StringComparison.Ordinal)).ShouldBe(1);
    }

    [Fact]
    public async Task Run_AuthoritiesReplaced_CountFromTheNextHandshake()
    {
        using var others = new TestCertificates();
        using X509Certificate2 before = _clients.Issue("ops"), after = others.Issue("ops");
        WriteCertificate();
        await using HeadgateProcess process = Start((Mtls + "CA_CERT", ClientCaFile));
        Uri admin = await process.UrlAsync("Admin API");
        await Should.ThrowAsync<HttpRequestException>(() => GetAsync(admin, "/apisix/admin/upstreams", after));

        _folder.Write("clients.pem", others.AuthorityPem);

        await Eventually.HoldsAsync(async () => await IsLetInAsync(after), "the new authority counts");
        (await IsLetInAsync(before)).ShouldBeFalse();

        async Task<bool> IsLetInAsync(X509Certificate2 certificate)
        {
            try
            {
                return (await GetAsync(admin, "/apisix/admin/upstreams", certificate)).Length > 0;
            }
            catch (HttpRequestException)
            {
                return false;
            }
        }
    }

    [Theory]
    [InlineData("check", 1, "error: ")]
    [InlineData("run", 2, "error: cannot start: ")]
    public async Task BadFiles_AreNamedWithTheirKeys(string command, int code, string begin)
    {
        const string Pair = "deployment.admin.admin_api_mtls.admin_ssl_cert, deployment.admin.admin_api_mtls.admin_ssl_cert_key: ";
        WriteCertificate();
        _folder.Write("admin.pem.key", _clients.IssuePem("another").Key);
        (await SaidAsync()).ShouldContain($"{begin}{Pair}{CertFile} and {KeyFile} are no certificate with its key in PEM: ", customMessage: "a key that does not fit");

        WriteCertificate();
        string authorities = _folder.Write("clients.pem", "nothing");
        (await SaidAsync((Mtls + "CA_CERT", authorities))).ShouldContain(
            $"{begin}deployment.admin.admin_api_mtls.admin_ssl_ca_cert: {authorities} is no bundle of authorities in PEM: it holds no root, ", customMessage: "no authority");

        async Task<string> SaidAsync(params (string, string)[] more)
        {
            await using HeadgateProcess process = Start(command, more);
            (await process.ExitAsync()).ShouldBe(code);
            return process.Output;
        }
    }

    [Fact]
    public async Task Check_BadCertificateOfTraffic_IsNamedToo()
    {
        string file = _folder.Write("x.pem", "nothing");
        await using var process = new HeadgateProcess(_folder.Path, ["check"], ("HEADGATE_HEADGATE__TLS__CERT", file), ("HEADGATE_HEADGATE__TLS__KEY", file));

        (await process.ExitAsync()).ShouldBe(1);
        process.Output.ShouldContain($"error: headgate.tls.cert, headgate.tls.key: {file} and {file} are no certificate with its key in PEM: ");
    }

    [Fact]
    public async Task Endpoint_SeesTheClientsCertificate()
    {
        WriteCertificate();
        using X509Certificate2 client = _clients.Issue("ops");
        var certificates = new CertificateFiles(
            new SettingFile("cert", CertFile), new SettingFile("key", KeyFile), new SettingFile("ca", ClientCaFile), TimeProvider.System, NullLogger<CertificateFiles>.Instance);
        ListenerPlan[] plans = [new(ListenerPurpose.Admin, "port", "port", new ListenSettings(IPAddress.Loopback, 0), IPAddress.Loopback, IsSecure: true)];
        var sockets = new ListenSockets(plans);
        var endpoints = new Dictionary<ListenerPurpose, Action<IEndpointRouteBuilder>>
        {
            [ListenerPurpose.Admin] = static map => map.MapGet("/", static context => context.Response.WriteAsync(context.Features.Get<ITlsConnectionFeature>()!.ClientCertificate!.Thumbprint)),
        };
        await using ControlServer server = ControlServer.Build(plans, sockets, NullLoggerFactory.Instance, static _ => { }, endpoints, certificates);
        await server.StartAsync(Token);

        (await GetAsync(new Uri(sockets.Bound.Single().LocalUrl), "/", client)).ShouldBe(client.Thumbprint);
        await server.StopAsync(Token);
    }

    private HeadgateProcess Start(params (string, string)[] more) => Start("run", more);

    private HeadgateProcess Start(string command, params (string, string)[] more) => new(
        _folder.Path, [command],
        [
            .. HeadgateProcess.FreePorts, ("HEADGATE_DEPLOYMENT__ADMIN__ADMIN_KEY_REQUIRED", "false"), ("HEADGATE_DEPLOYMENT__ADMIN__HTTPS_ADMIN", "true"),
            (Mtls + "CERT", CertFile), (Mtls + "CERT_KEY", KeyFile), .. more,
        ]);

    /// <summary>Writes a new certificate and its key, as a renewal does; returns its serial number.</summary>
    private string WriteCertificate()
    {
        (string certificate, string key) = _authority.IssuePem("127.0.0.1");
        _folder.Write("admin.pem", certificate);
        _folder.Write("admin.pem.key", key);
        using var read = X509Certificate2.CreateFromPem(certificate);
        return read.SerialNumber;
    }

    /// <summary>Serial number of the certificate that a new connection is shown.</summary>
    private async Task<string> ShownAsync(Uri admin)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(admin.Host, admin.Port, Token);
        await using var tls = new SslStream(socket.GetStream());
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = admin.Host, CertificateChainPolicy = Trusting() }, Token);
        return tls.RemoteCertificate!.GetSerialNumberString();
    }

    /// <summary>Asks over a new connection, knowing only the server's authority.</summary>
    private async Task<string> GetAsync(Uri admin, string path, X509Certificate2? certificate = null, SslProtocols version = SslProtocols.None, params X509Certificate2[] chain)
    {
        using var handler = new SocketsHttpHandler { SslOptions = new SslClientAuthenticationOptions { EnabledSslProtocols = version, CertificateChainPolicy = Trusting() } };
        if (certificate is not null)
            handler.SslOptions.ClientCertificateContext = SslStreamCertificateContext.Create(certificate, [.. chain], offline: true);
        using var client = new HttpClient(handler);
        using HttpResponseMessage answer = await client.GetAsync(new Uri(admin, path), Token);
        return await answer.Content.ReadAsStringAsync(Token);
    }

    private X509ChainPolicy Trusting()
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.Add(_authority.Authority);
        return policy;
    }
}
