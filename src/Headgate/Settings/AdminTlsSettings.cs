namespace Headgate.Settings;

/// <summary>HTTPS of the Admin API.</summary>
internal sealed record AdminTlsSettings
{
    /// <summary>Key of <see cref="Enable"/>.</summary>
    public const string EnableKey = "deployment.admin.https_admin";

    /// <summary>Key of <see cref="CertFile"/>.</summary>
    public const string CertKey = "deployment.admin.admin_api_mtls.admin_ssl_cert";

    /// <summary>Key of <see cref="KeyFile"/>.</summary>
    public const string KeyKey = "deployment.admin.admin_api_mtls.admin_ssl_cert_key";

    /// <summary>Key of <see cref="ClientCaFile"/>.</summary>
    public const string ClientCaKey = "deployment.admin.admin_api_mtls.admin_ssl_ca_cert";

    /// <summary>Whether the Admin API speaks HTTPS, and no clear text. Then there are <see cref="CertFile"/> and <see cref="KeyFile"/>.</summary>
    public bool Enable { get; init; }

    /// <summary>File of the certificate and its chain, PEM; null = none.</summary>
    public string? CertFile { get; init; }

    /// <summary>File of the private key, PEM; null = none.</summary>
    public string? KeyFile { get; init; }

    /// <summary>File of the authorities of which clients must have a certificate, PEM; null = clients are asked for none.</summary>
    public string? ClientCaFile { get; init; }
}
