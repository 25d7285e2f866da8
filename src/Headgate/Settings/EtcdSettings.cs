using Headgate.Core.Config;
using Headgate.Core.Primitives;

namespace Headgate.Settings;

/// <summary>The etcd that the configuration lives in.</summary>
internal sealed record EtcdSettings
{
    /// <summary>Addresses of its members.</summary>
    public EquatableArray<Uri> Hosts { get; init; } = [new("http://127.0.0.1:2379")];

    /// <summary>With what the keys of the default group's objects begin.</summary>
    public string Prefix { get; init; } = ResourceKinds.DefaultPrefix;

    /// <summary>How long a read or a write may take, all members tried.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>After so much silence a watch is begun anew.</summary>
    public TimeSpan WatchTimeout { get; init; } = TimeSpan.FromSeconds(50);

    /// <summary>How long a member that failed is asked last.</summary>
    public TimeSpan HealthCheckTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How often it is tried again at the start.</summary>
    public int StartupRetry { get; init; } = 2;

    /// <summary>Its user; null = it asks for none. Set exactly when <see cref="Password"/> is.</summary>
    public string? User { get; init; }

    /// <summary>The user's password.</summary>
    public SecretText? Password { get; init; }

    /// <summary>File of the certificate shown to the members, PEM; null = none. Set exactly when <see cref="KeyFile"/> is.</summary>
    public string? CertFile { get; init; }

    /// <summary>File of the certificate's key, PEM; null = none.</summary>
    public string? KeyFile { get; init; }

    /// <summary>Whether the members' certificates are verified.</summary>
    public bool Verify { get; init; } = true;

    /// <summary>Name asked for and verified instead of the host's; null = the host's.</summary>
    public string? Sni { get; init; }

    /// <summary>File of the authorities that sign the members' certificates, PEM; null = those of the system.</summary>
    public string? TrustedFile { get; init; }

    /// <summary>Whether secrets are written encrypted when there is a key.</summary>
    public bool EncryptsFields { get; init; } = true;

    /// <summary>Keys of APISIX's encryption; the first encrypts, all decrypt.</summary>
    public EquatableArray<SecretText> Keyring { get; init; } = [];
}
