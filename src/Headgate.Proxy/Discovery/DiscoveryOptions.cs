using Headgate.Core.Config.Registries;
using Headgate.Core.Discovery;

namespace Headgate.Proxy.Discovery;

/// <summary>What of discovery is the gateway's own.</summary>
public sealed record DiscoveryOptions
{
    /// <summary>Name of the file of what is known, below the data folder.</summary>
    public const string FileName = "discovery.json";

    /// <summary>The registries of the settings, at most one of each type.</summary>
    public IReadOnlyList<RegistryConfig> Registries { get; init; } = [];

    /// <summary>When registries are believed.</summary>
    public DiscoveryTerms Terms { get; init; } = DiscoveryTerms.Default;

    /// <summary>Where what is known is kept over a restart; null = nowhere.</summary>
    public string? File { get; init; }

    /// <summary>The first wait after a failure at most; doubled from failure to failure. Default 500 ms.</summary>
    public TimeSpan RetryMin { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>The longest wait after a failure; default 15 s.</summary>
    public TimeSpan RetryMax { get; init; } = TimeSpan.FromSeconds(15);
}
