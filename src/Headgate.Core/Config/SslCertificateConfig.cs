namespace Headgate.Core.Config;

/// <summary>A certificate with its chain and key.</summary>
/// <param name="Cert">PEM: the certificate first, then those of the authorities between it and a root.</param>
/// <param name="Key">PEM private key of the first certificate. Never logged.</param>
public sealed record SslCertificateConfig(string Cert, string Key)
{
    /// <summary>Leaves the key out, so that a record that reaches a log carries no secret.</summary>
    public override string ToString() => $"SslCertificateConfig {{ Cert = {Cert.Length} characters }}";
}
