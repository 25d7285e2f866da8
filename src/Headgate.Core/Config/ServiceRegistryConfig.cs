using Headgate.Core.Config.Registries;

namespace Headgate.Core.Config;

/// <summary>A service registry connection, as a user wrote it, typed (docs/reference/service-registry.md).</summary>
public sealed record ServiceRegistryConfig
{
    /// <summary>Its id.</summary>
    public required string Id { get; init; }

    /// <summary>Its name for people; null when absent.</summary>
    public string? Name { get; init; }

    /// <summary>How the registry is reached, which is also its type.</summary>
    public required RegistryConfig Registry { get; init; }

    /// <summary>Time between two tests of a registry that no upstream uses; at least 1 s, default 15 s.</summary>
    public TimeSpan ProbeInterval { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Time that a test may take; at least 1 s, default 5 s.</summary>
    public TimeSpan ProbeTimeout { get; init; } = TimeSpan.FromSeconds(5);
}
