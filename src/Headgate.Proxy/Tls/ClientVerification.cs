using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Headgate.Core.Config;
using Headgate.Proxy.Plugins.Texts;

namespace Headgate.Proxy.Tls;

/// <summary>Which certificates of clients are taken, and for which paths none is needed. Immutable, shared by all handshakes and requests.</summary>
internal sealed class ClientVerification
{
    private readonly BytePattern[] _skipped;

    /// <summary>Reads the authorities of <paramref name="config"/>.</summary>
    /// <exception cref="CryptographicException">They are not PEM, or a pattern is not a regular expression.</exception>
    public ClientVerification(SslClientConfig config)
    {
        Depth = config.Depth;
        Authorities.ImportFromPem(config.Ca);
        _skipped = [.. config.SkipMtlsUriRegex.Items.Select(pattern =>
            BytePattern.Create(pattern, ignoreCase: false, out string? error) ?? throw new CryptographicException($"client.skip_mtls_uri_regex: {error}"))];
    }

    /// <summary>What a client's certificate must come from. Not to be changed.</summary>
    public X509Certificate2Collection Authorities { get; } = [];

    /// <summary>Most certificates between a client's and one of <see cref="Authorities"/>.</summary>
    public int Depth { get; }

    /// <summary>Whether a client without a good certificate gets no connection; else its requests decide.</summary>
    public bool RefusesInHandshake => _skipped.Length == 0;

    /// <summary>Whether requests for a path need no certificate. A path that takes a pattern too long does. Never blocks, never allocates in the long run.</summary>
    public bool Skips(ReadOnlySpan<byte> path)
    {
        foreach (BytePattern pattern in _skipped)
        {
            if (pattern.Find(path) == Found.Yes)
                return true;
        }

        return false;
    }

    /// <summary>How .NET builds a client's chain; one for each handshake, as it is written to.</summary>
    public X509ChainPolicy NewPolicy()
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck, DisableCertificateDownloads = true };
        policy.CustomTrustStore.AddRange(Authorities);
        return policy;
    }

    /// <summary>Whether .NET has found a client's chain good, and it is not too deep.</summary>
    public bool Takes(X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        const int Ends = 2; // the client's own certificate, and the authority's
        return certificate is not null && errors == SslPolicyErrors.None && chain is not null && chain.ChainElements.Count - Ends <= Depth;
    }
}
