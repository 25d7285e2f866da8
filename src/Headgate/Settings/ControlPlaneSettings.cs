using Headgate.Core.Primitives;

namespace Headgate.Settings;

/// <summary>The control planes that this gateway instance reports to.</summary>
internal sealed record ControlPlaneSettings
{
    /// <summary>Their Admin APIs; none = it reports to nobody but its own process.</summary>
    public EquatableArray<Uri> Addresses { get; init; } = [];

    /// <summary>The instance token; null = none.</summary>
    public SecretText? Token { get; init; }

    /// <summary>File of the authorities that sign the control planes' certificates, PEM; null = those of the system.</summary>
    public string? AuthorityFile { get; init; }

    /// <summary>File of the instance's own certificate, PEM; null = none. Set exactly when <see cref="KeyFile"/> is.</summary>
    public string? CertFile { get; init; }

    /// <summary>File of the certificate's key, PEM; null = none.</summary>
    public string? KeyFile { get; init; }
}
