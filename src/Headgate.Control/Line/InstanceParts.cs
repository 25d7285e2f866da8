using Headgate.Core.Discovery;
using Headgate.Core.Snapshot;
using Headgate.Core.Snapshot.Explain;

namespace Headgate.Control.Line;

/// <summary>The parts of a gateway instance that know what control planes are told and ask.</summary>
public sealed record InstanceParts
{
    /// <summary>What it runs with.</summary>
    public required SnapshotHolder Snapshots { get; init; }

    /// <summary>The upstreams that it serves.</summary>
    public required ServedUpstreams Upstreams { get; init; }

    /// <summary>The routes' counters.</summary>
    public required RouteTraffics Routes { get; init; }

    /// <summary>Operators' overrides as they act.</summary>
    public required NodeOverrides Overrides { get; init; }

    /// <summary>Says what would be done with a request.</summary>
    public required IRequestExplainer Explainer { get; init; }

    /// <summary>The latest requests; null = they are not kept.</summary>
    public IRecentDecisions? Recent { get; init; }

    /// <summary>What is known of service registries and their services.</summary>
    public required IDiscoveryView Discovery { get; init; }

    /// <summary>Asks service registries.</summary>
    public required IRegistryQuestions RegistryQuestions { get; init; }

    /// <summary>Of each registry of <c>config.yaml</c>, by its type, the settings as they may be shown: JSON without secrets.</summary>
    public required IReadOnlyDictionary<string, string> Registries { get; init; }

    /// <summary>The clock that nodes' latencies are measured by, milliseconds.</summary>
    public required Func<long> LatencyClockMs { get; init; }

    /// <summary>Since when, and why, something else stands in for the store; null = nothing does.</summary>
    public required Func<(DateTimeOffset Since, string Why)?> StandIn { get; init; }
}
