using System.Security.Authentication;
using System.Security.Cryptography;
using Headgate.Core.Config;
using Headgate.Core.Snapshot;
using Headgate.Proxy.Transport.Loops.Tls;

namespace Headgate.Proxy.Tls;

/// <summary>Makes certificates ready for the handshakes of a transport. Thread-safe.</summary>
public sealed class CertificateCompiler(TransportKind transport) : ICertificateCompiler
{
    /// <summary>Versions that are spoken unless an object says otherwise.</summary>
    internal const SslProtocols Protocols = SslProtocols.Tls12 | SslProtocols.Tls13;

    private readonly bool _onLoops = transport == TransportKind.Loops && OpenSslLibrary.IsUsable;

    /// <inheritdoc/>
    public ServedCertificate Compile(SslConfig config)
    {
        if (config.Certificates.Count == 0)
            throw new CryptographicException("a reference to a secret stands for another reference");
        var certificates = new List<ServerCertificate>(config.Certificates.Count);
        foreach (SslCertificateConfig pair in config.Certificates)
        {
            var certificate = ServerCertificate.FromPem(pair.Cert, pair.Key);
            if (certificates.Exists(other => other.HasEcdsaKey == certificate.HasEcdsaKey))
                throw new CryptographicException($"it has two certificates with {(certificate.HasEcdsaKey ? "an ECDSA" : "an RSA")} key; one of each kind can be shown");
            certificates.Add(certificate);
        }

        ClientVerification? clients = config.Client is { } client ? new ClientVerification(client) : null;
        return new TlsCertificate(certificates, VersionsOf(config), clients, _onLoops);
    }

    private static SslProtocols VersionsOf(SslConfig config)
    {
        if (config.Protocols.Count == 0)
            return Protocols;
        SslProtocols versions = SslProtocols.None;
        foreach (string version in config.Protocols)
        {
            versions |= version switch
            {
                "TLSv1.2" => SslProtocols.Tls12,
                "TLSv1.3" => SslProtocols.Tls13,
                _ => SslProtocols.None, // 1.1, which is never spoken
            };
        }

        return versions;
    }
}
