using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Headgate.Core.Snapshot;
using Headgate.Proxy.Transport.Loops.Tls;

namespace Headgate.Proxy.Tls;

/// <summary>
/// What clients of one server name, or several, are shown and asked for: one certificate for each kind of key, versions, client certificates. Immutable, shared by all handshakes; the
/// keys are freed when nobody uses it any more.
/// </summary>
internal sealed class TlsCertificate : ServedCertificate
{
    private static readonly List<SslApplicationProtocol> Http11 = [SslApplicationProtocol.Http11];
    private static readonly List<SslApplicationProtocol> Http2AndHttp11 = [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11];

    private readonly ServerCertificate _shown;
    private readonly SslServerAuthenticationOptions?[] _options = new SslServerAuthenticationOptions?[2];

    /// <summary>Makes it ready for both transports, or for Kestrel alone.</summary>
    /// <param name="certificates">At least one; of several each has a key of another kind.</param>
    /// <param name="protocols">Versions that are spoken, of 1.2 and 1.3.</param>
    /// <param name="clients">What clients are asked for; null = nothing.</param>
    /// <param name="onLoops">Whether event loops show it.</param>
    /// <exception cref="CryptographicException">OpenSSL refuses a key.</exception>
    public TlsCertificate(IReadOnlyList<ServerCertificate> certificates, SslProtocols protocols, ClientVerification? clients, bool onLoops)
    {
        Clients = clients;
        Protocols = protocols;

        // .NET shows one and cannot be told what the client offers; everything that speaks HTTP/2 takes ECDSA.
        _shown = certificates.FirstOrDefault(certificate => certificate.HasEcdsaKey) ?? certificates[0];
        Context = onLoops ? new TlsServerContext(certificates, protocols, clients) : null;
    }

    /// <summary>What clients are asked for; null = nothing.</summary>
    public ClientVerification? Clients { get; }

    /// <summary>Versions that are spoken.</summary>
    public SslProtocols Protocols { get; }

    /// <inheritdoc/>
    public override bool AsksClients => Clients is not null;

    /// <summary>For event loops; null = they leave it to Kestrel.</summary>
    public TlsServerContext? Context { get; }

    /// <summary>For Kestrel. <paramref name="tls"/> is told how a client's certificate was found.</summary>
    public SslServerAuthenticationOptions OptionsFor(bool http2, ClientTls tls)
    {
        if (Clients is null)
            return _options[http2 ? 1 : 0] ??= NewOptions(http2);

        SslServerAuthenticationOptions options = NewOptions(http2);
        ClientVerification clients = Clients;
        options.ClientCertificateRequired = true;
        options.AllowTlsResume = false; // each handshake proves the client anew
        options.CertificateChainPolicy = clients.NewPolicy();
        options.RemoteCertificateValidationCallback = (_, certificate, chain, errors) =>
        {
            tls.IsVerified = clients.Takes(certificate, chain, errors);
            return tls.IsVerified || !clients.RefusesInHandshake;
        };
        return options;
    }

    private SslServerAuthenticationOptions NewOptions(bool http2) => new()
    {
        ServerCertificateContext = _shown.Context,
        ApplicationProtocols = http2 ? Http2AndHttp11 : Http11,
        EnabledSslProtocols = Protocols,
        CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
    };
}
