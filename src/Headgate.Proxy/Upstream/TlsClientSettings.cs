using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Headgate.Core.Config;

namespace Headgate.Proxy.Upstream;

/// <summary>
/// An upstream's TLS settings in the form the platform takes them: certificates and keys are read from their PEM once. Immutable, shared by all
/// handshakes; the keys are freed with the configuration they come from.
/// </summary>
internal sealed class TlsClientSettings
{
    private static readonly List<SslApplicationProtocol> Http11 = [SslApplicationProtocol.Http11];

    private readonly bool _verify;
    private readonly SslStreamCertificateContext? _clientCertificate;
    private readonly X509Certificate2Collection? _anchors;

    /// <summary>Reads the certificates of <paramref name="config"/>; null = nothing verified and no client certificate.</summary>
    /// <exception cref="CryptographicException">A PEM is not one, or key and certificate do not belong together.</exception>
    public TlsClientSettings(UpstreamTlsConfig? config)
    {
        if (config is null)
        {
            return;
        }

        _verify = config.Verify;
        if (config.ClientCert is not null)
        {
            var chain = new X509Certificate2Collection();
            chain.ImportFromPem(config.ClientCert);
            X509Certificate2 leaf = X509Certificate2.CreateFromPem(config.ClientCert, config.ClientKey);
            _clientCertificate = SslStreamCertificateContext.Create(leaf, chain, offline: true);
        }

        if (config.CaCerts.Count > 0)
        {
            _anchors = [];
            foreach (string pem in config.CaCerts)
            {
                _anchors.ImportFromPem(pem);
            }
        }
    }

    /// <summary>The options of one handshake with <paramref name="serverName"/>: a name (sent as SNI) or an address (not sent; checked when verifying).</summary>
    public SslClientAuthenticationOptions OptionsFor(string serverName) => new()
    {
        TargetHost = serverName,
        ApplicationProtocols = Http11,
        EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
        AllowRenegotiation = false,
        ClientCertificateContext = _clientCertificate,
        CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
        CertificateChainPolicy = ChainPolicy(),
#pragma warning disable CA5359 // What tls.verify false says, APISIX's default.
        RemoteCertificateValidationCallback = _verify ? null : AcceptAny,
#pragma warning restore CA5359
    };

    private static bool AcceptAny(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors) => true;

    private X509ChainPolicy ChainPolicy()
    {
        // Nothing is fetched while a request waits.
        var policy = new X509ChainPolicy { RevocationMode = X509RevocationMode.NoCheck, DisableCertificateDownloads = true };
        if (_anchors is not null)
        {
            policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            policy.CustomTrustStore.AddRange(_anchors);
        }

        return policy;
    }
}
