using Headgate.Core.Config;
using Headgate.Core.Health;
using Headgate.Core.Upstreams;

namespace Headgate.Proxy.Restart;

/// <summary>What is kept of one node over a restart.</summary>
internal sealed record NodeRecord
{
    /// <summary>Which node.</summary>
    public required NodeKey Key { get; init; }

    /// <summary>When health and latency were so, by the wall clock; null = when the file was written.</summary>
    public DateTimeOffset? AsOf { get; init; }

    /// <summary>Its health.</summary>
    public HealthCounters Health { get; init; }

    /// <summary>Its latency in milliseconds; null = none was known.</summary>
    public float? LatencyMs { get; init; }

    /// <summary>How long before <see cref="AsOf"/> the latency was observed, in milliseconds.</summary>
    public int LatencyAgeMs { get; init; }

    /// <summary>Its ejections; null = none that counts still.</summary>
    public EjectionRecord? Ejection { get; init; }

    /// <summary>Its slow start; null = it was warm.</summary>
    public WarmUpRecord? WarmUp { get; init; }

    /// <summary>What happened to it, the oldest first.</summary>
    public IReadOnlyList<NodeChange> Timeline { get; init; } = [];

    /// <summary>The record of a node; null when it is as a node that was never seen.</summary>
    /// <param name="node">The node.</param>
    /// <param name="outliers">Outlier detection of its upstream; null = there is none, and nothing is kept of it.</param>
    /// <param name="clocks">What time it is.</param>
    public static NodeRecord? Of(NodeState node, OutlierDetectionConfig? outliers, KeeperClocks clocks)
    {
        HealthCounters health = node.Health.Counters;
        IReadOnlyList<NodeChange> timeline = node.Changes;
        bool isMeasured = node.Latency.TryGetMs(clocks.LatencyMs, out float latencyMs, out int latencyAgeMs);
        EjectionRecord? ejection = outliers is not null && OutlierMemory.Of(node, outliers, clocks.OutlierMs) is { } memory ? EjectionRecord.Of(memory, clocks.Now) : null;
        WarmUpRecord? warmUp = WarmUpRecord.Of(in node.WarmUp);
        if (health == default && timeline.Count == 0 && !isMeasured && ejection is null && warmUp is null)
            return null;
        return new NodeRecord
        {
            Key = node.Key,
            Health = health,
            LatencyMs = isMeasured ? latencyMs : null,
            LatencyAgeMs = isMeasured ? latencyAgeMs : 0,
            Ejection = ejection,
            WarmUp = warmUp,
            Timeline = timeline,
        };
    }
}
