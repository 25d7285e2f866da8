using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Headgate.Proxy;

/// <summary>
/// What the gateway shows to clients in TLS: its certificate with the key, and the certificates between it and a root that clients trust. The chain is put
/// together once, from these alone: nothing is fetched from the network, neither a missing certificate nor an OCSP answer. Immutable, shared by all handshakes.
/// </summary>
public sealed class ServerCertificate
{
    private const string EcPublicKey = "1.2.840.10045.2.1"; // RFC 5480 §2.1.1

    /// <summary>Puts the chain together.</summary>
    /// <param name="leaf">The gateway's own certificate, with its private key.</param>
    /// <param name="intermediates">Certificates of authorities, in any order; those that do not lead from the leaf to a root are not sent, nor is the root.</param>
    /// <exception cref="CryptographicException"><paramref name="leaf"/> cannot be used.</exception>
    /// <exception cref="NotSupportedException"><paramref name="leaf"/> has no private key.</exception>
    public ServerCertificate(X509Certificate2 leaf, X509Certificate2Collection? intermediates = null)
    {
        Leaf = leaf;
        Context = SslStreamCertificateContext.Create(leaf, intermediates, offline: true);
    }

    /// <summary>The gateway's own certificate, with its private key.</summary>
    public X509Certificate2 Leaf { get; }

    /// <summary>Whether its key is an ECDSA key; else it is taken for an RSA key.</summary>
    internal bool HasEcdsaKey => Leaf.GetKeyAlgorithm() == EcPublicKey;

    /// <summary>What is sent after the leaf, each certificate signed by the next one.</summary>
    public IReadOnlyList<X509Certificate2> Intermediates => Context.IntermediateCertificates;

    /// <summary>Leaf and chain as the platform takes them. TLS sessions can be resumed between all that use the same one.</summary>
    internal SslStreamCertificateContext Context { get; }

    /// <summary>Reads PEM: the first certificate of <paramref name="certificates"/> is the leaf, the others are its chain.</summary>
    /// <exception cref="CryptographicException">There is no certificate or no key, or one of them cannot be read.</exception>
    /// <exception cref="ArgumentException">The key does not belong to the first certificate.</exception>
    public static ServerCertificate FromPem(string certificates, string key)
    {
        var leaf = X509Certificate2.CreateFromPem(certificates, key);
        var chain = new X509Certificate2Collection();
        chain.ImportFromPem(certificates);
        chain.RemoveAt(0);
        return new ServerCertificate(leaf, chain);
    }

    /// <summary>As <see cref="FromPem"/>, from files.</summary>
    /// <exception cref="CryptographicException">As there.</exception>
    /// <exception cref="ArgumentException">As there.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">A file may not be read.</exception>
    public static ServerCertificate FromPemFiles(string certFile, string keyFile) => FromPem(File.ReadAllText(certFile), File.ReadAllText(keyFile));
}
