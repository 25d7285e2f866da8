using Headgate.Core.Primitives;

namespace Headgate.Settings;

/// <summary>HTTPS traffic.</summary>
internal sealed record SslSettings
{
    /// <summary>Whether HTTPS is served: with the certificates of <c>ssl</c> objects, and this one for other names.</summary>
    public bool Enable { get; init; } = true;

    /// <summary>Where HTTPS is taken.</summary>
    public EquatableArray<ListenSettings> Listen { get; init; } = [new(null, 9443)];

    /// <summary>File of the certificate and its chain, PEM; null = none. Set exactly when <see cref="KeyFile"/> is.</summary>
    public string? CertFile { get; init; }

    /// <summary>File of the private key, PEM; null = none.</summary>
    public string? KeyFile { get; init; }

    /// <summary>Server name of clients that ask for none; null = there is none.</summary>
    public string? FallbackSni { get; init; }

    /// <summary>Whether there is a certificate for names that have none of their own.</summary>
    public bool HasCertificate => CertFile is not null && KeyFile is not null;
}
