using Headgate.Core.Primitives;

namespace Headgate.Settings;

/// <summary>HTTPS traffic.</summary>
internal sealed record SslSettings
{
    /// <summary>Whether HTTPS is wanted. It is served only when there is a certificate as well.</summary>
    public bool Enable { get; init; } = true;

    /// <summary>Where HTTPS is taken.</summary>
    public EquatableArray<ListenSettings> Listen { get; init; } = [new(null, 9443)];

    /// <summary>File of the certificate and its chain, PEM; null = none. Set exactly when <see cref="KeyFile"/> is.</summary>
    public string? CertFile { get; init; }

    /// <summary>File of the private key, PEM; null = none.</summary>
    public string? KeyFile { get; init; }

    /// <summary>Whether HTTPS is served.</summary>
    public bool IsServed => Enable && CertFile is not null && KeyFile is not null;
}
