namespace Headgate.Core.Discovery;

/// <summary>What a registry's word does, and when: settings of the gateway, <c>headgate.discovery.*</c>.</summary>
public sealed record DiscoveryTerms
{
    /// <summary>The defaults.</summary>
    public static DiscoveryTerms Default { get; } = new();

    /// <summary>How long a registry must go on saying that a service has no instance until it is believed; ≥ 0, default 30 s.</summary>
    public TimeSpan EmptyHold { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Share of a service's instances that may vanish at once; if more do, they are held. Percent, 1..100; 100 = all but an empty answer is believed; default 50.</summary>
    public int RemovalPercent { get; init; } = 50;

    /// <summary>Instances that a service must have for removals to be held: with fewer, a scale-down looks like a failure. ≥ 2, default 5. Envoy's minimum hosts of outlier detection are the model.</summary>
    public int RemovalMinInstances { get; init; } = 5;

    /// <summary>How long vanished instances are held until the registry is believed; ≥ 0, default 300 s.</summary>
    public TimeSpan RemovalHold { get; init; } = TimeSpan.FromSeconds(300);
}
