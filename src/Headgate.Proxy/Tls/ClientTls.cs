using Headgate.Core.Snapshot;

namespace Headgate.Proxy.Tls;

/// <summary>What was agreed on with a client that came by TLS. One for each connection; written in its handshake, read by its requests.</summary>
/// <param name="certificate">What it was shown.</param>
/// <param name="serverName">The name it was shown for, lower-case and without a dot at the end; empty = none.</param>
internal sealed class ClientTls(TlsCertificate certificate, byte[] serverName)
{
    /// <summary>What it was shown.</summary>
    public TlsCertificate Certificate => certificate;

    /// <summary>Whether it has proved to hold a certificate that <see cref="TlsCertificate.Clients"/> takes.</summary>
    public bool IsVerified { get; set; }

    /// <summary>
    /// Whether a request may enter: not without a certificate where one is asked for, and to a host that asks for one only by a connection that was made for its name: another name's
    /// handshake has asked for another certificate, or for none. Source: APISIX, <c>verify_https_client</c>. Never blocks, never allocates in the long run.
    /// </summary>
    public bool Admits(Exchange exchange, CertificateTable certificates)
    {
        if (certificate.Clients is { } own && !IsVerified && !own.Skips(exchange.Path))
            return false;
        if (!certificates.AsksClients || certificates.Find(exchange.Host) is not TlsCertificate { Clients: { } asked })
            return true;

        // An edit may have begun to ask since the handshake.
        return exchange.Host.SequenceEqual(serverName) && (IsVerified || asked.Skips(exchange.Path));
    }
}
