using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Text.Json.Nodes;
using Headgate.Core.Config;
using Headgate.Proxy.Tests.Pipeline;
using Headgate.Testing;

namespace Headgate.Proxy.Tests.Tls;

/// <summary>A gateway with an https listener, a route for every path to one node, and certificates that a test stores. Clients of HTTP/1.1 and HTTP/2.</summary>
internal sealed class TlsGateway : IAsyncDisposable
{
    private readonly ScriptedNode _node;

    private TlsGateway(GatewayUnderTest gateway, ScriptedNode node) => (Gateway, _node) = (gateway, node);

    public GatewayUnderTest Gateway { get; }

    /// <summary>Starts it. <paramref name="others"/>: the certificate of names that have none.</summary>
    public static async Task<TlsGateway> StartAsync(X509Certificate2? others = null, string? fallbackSni = null, bool http2 = true)
    {
        ScriptedNode node = ScriptedNode.Start(peer => peer.AnswerAllAsync("a"));
        GatewayUnderTest gateway = await GatewayUnderTest.StartWithAsync(others is null ? null : new ServerCertificate(others), https: true, fallbackSni: fallbackSni, http2: http2);
        gateway.PutUpstream("u", [node.Port]);
        gateway.Put(ResourceKind.Route, "r", """{"uri":"/*","upstream_id":"u"}""");
        return new TlsGateway(gateway, node);
    }

    /// <summary>Stores a certificate of a server for a name; <paramref name="more"/>: further members, which go first.</summary>
    public void Put(string id, TestCertificates authority, string sni, string more = "{}") => Put(id, authority.IssuePem(sni), sni, more);

    /// <summary>As the other, with this pair.</summary>
    public void Put(string id, (string Certificate, string Key) pair, string sni, string more = "{}")
    {
        JsonObject json = JsonNode.Parse(more)!.AsObject();
        (json["cert"], json["key"]) = (pair.Certificate, pair.Key);
        if (!json.ContainsKey("snis"))
            json["sni"] = sni;
        Gateway.Put(ResourceKind.Ssl, id, json.ToJsonString());
    }

    /// <summary>The member <c>client</c> of such an object.</summary>
    public static string Client(TestCertificates authority, int depth = 1, params string[] skipped) => skipped.Length == 0
        ? JsonSerializer.Serialize(new { client = new { ca = authority.AuthorityPem, depth } })
        : JsonSerializer.Serialize(new { client = new { ca = authority.AuthorityPem, depth, skip_mtls_uri_regex = skipped } });

    /// <summary>
    /// Asks for one path on a new connection: the status and the subject of the certificate that was shown. 0 = the handshake failed or the connection broke. <paramref name="sni"/>:
    /// "" = none. <paramref name="host"/>: null = the same.
    /// </summary>
    public async Task<(int Status, string? Shown)> GetAsync(
        int version, string sni, string? host = null, string path = "/", X509Certificate2? client = null, X509Certificate2Collection? chain = null)
    {
        string? shown = null;
        var tls = new SslClientAuthenticationOptions
        {
            TargetHost = sni,
            ApplicationProtocols = [version == 1 ? SslApplicationProtocol.Http11 : SslApplicationProtocol.Http2],
            AllowTlsResume = false,
            ClientCertificateContext = client is null ? null : SslStreamCertificateContext.Create(client, chain, offline: true),
            RemoteCertificateValidationCallback = (_, certificate, _, _) => (shown = certificate!.Subject) is not null,
        };
        using var handler = new SocketsHttpHandler { ConnectCallback = (_, token) => ConnectAsync(tls, token), UseCookies = false, UseProxy = false };
        using var http = new HttpClient(handler);
        using var request = new HttpRequestMessage(HttpMethod.Get, $"https://{host ?? (sni.Length == 0 ? "none.test" : sni)}{path}")
        {
            Version = new Version(version, version == 1 ? 1 : 0),
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        try
        {
            using HttpResponseMessage answer = await http.SendAsync(request, TestContext.Current.CancellationToken);
            return ((int)answer.StatusCode, shown);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or AuthenticationException or CryptographicException)
        {
            return (0, shown);
        }
    }

    /// <summary>Runs <c>openssl s_client</c> for a name, asks for <c>/</c>, and gives back what it printed.</summary>
    public async Task<string> AskOpenSslAsync(string sni, params IReadOnlyList<string> arguments)
    {
        List<string> all = ["-c", "printf 'GET / HTTP/1.1\\r\\nHost: '\"$0\"'\\r\\nConnection: close\\r\\n\\r\\n' | timeout 20 openssl s_client -ign_eof \"$@\" 2>&1", sni,
            "-connect", $"127.0.0.1:{Gateway.Port}"];
        all.AddRange(sni.Length == 0 ? ["-noservername"] : ["-servername", sni]);
        all.AddRange(arguments);
        return (await Tool.RunAsync("bash", "openssl", all)).Output;
    }

    public async ValueTask DisposeAsync()
    {
        await Gateway.DisposeAsync();
        await _node.DisposeAsync();
    }

    /// <summary>With TLS, as HttpClient would ask for the name of the host.</summary>
    private async ValueTask<Stream> ConnectAsync(SslClientAuthenticationOptions options, CancellationToken cancellationToken)
    {
        var stream = new SslStream(new NetworkStream(await Gateway.ConnectAsync(), ownsSocket: true));
        try
        {
            await stream.AuthenticateAsClientAsync(options, cancellationToken);
            return stream;
        }
        catch
        {
            await stream.DisposeAsync();
            throw;
        }
    }
}
