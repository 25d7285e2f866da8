using System.Net.Http;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Headgate.Proxy.Calls;

/// <summary>What the gateway makes calls of its own with: the framework's client, one for equal terms as long as somebody uses it. It follows no redirect, keeps no cookie and asks no proxy. Thread-safe.</summary>
internal sealed class CallClients
{
    private const int HeadKilobytesMax = 64;
    private const int DrainedBytesMax = 65_536;

    private readonly WeakTable<CallTerms, HttpClient> _clients = new();

    /// <summary>The client for these terms. It has no time limit of its own.</summary>
    public HttpClient Of(CallTerms terms) => _clients.GetOrAdd(terms, Make);

    /// <summary>As <see cref="Of"/>, for somebody alone.</summary>
    public static HttpClient Make(CallTerms terms)
    {
        var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            PooledConnectionIdleTimeout = terms.IdleTimeout,
            MaxResponseHeadersLength = HeadKilobytesMax,
            MaxResponseDrainSize = DrainedBytesMax,
            RequestHeaderEncodingSelector = static (_, _) => Encoding.Latin1, // a byte a character, as fields come
            ResponseHeaderEncodingSelector = static (_, _) => Encoding.Latin1,
            ActivityHeadersPropagator = null,
        };
        if (!terms.KeepsAlive)
            handler.PooledConnectionLifetime = TimeSpan.Zero;
        if (terms.ConnectTimeout is { } connect)
            handler.ConnectTimeout = connect;
        if (terms.ProbesQuietServers)
            handler.ConnectCallback = ProbedConnections.ConnectAsync;
        if (terms.VerifiesTls && terms.AuthoritiesPem is { } authorities)
            handler.SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = Trusting(authorities) };
        if (!terms.VerifiesTls)
#pragma warning disable CA5359 // What ssl_verify: false asks for.
            handler.SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = static (_, _, _, _) => true };
#pragma warning restore CA5359
        return new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
    }

    private static X509ChainPolicy Trusting(string authoritiesPem)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.ImportFromPem(authoritiesPem);
        return policy;
    }
}
