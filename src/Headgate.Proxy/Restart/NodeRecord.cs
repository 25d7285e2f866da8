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

    /// <summary>What happened to it, the oldest first.</summary>
    public IReadOnlyList<NodeChange> Timeline { get; init; } = [];

    /// <summary>The record of a node; null when it is as a node that was never seen. <paramref name="nowMs"/>: the clock of latencies.</summary>
    public static NodeRecord? Of(NodeState node, long nowMs)
    {
        HealthCounters health = node.Health.Counters;
        IReadOnlyList<NodeChange> timeline = node.Changes;
        bool isMeasured = node.Latency.TryGetMs(nowMs, out float latencyMs, out int latencyAgeMs);
        if (health == default && timeline.Count == 0 && !isMeasured)
            return null;
        return new NodeRecord { Key = node.Key, Health = health, LatencyMs = isMeasured ? latencyMs : null, LatencyAgeMs = isMeasured ? latencyAgeMs : 0, Timeline = timeline };
    }
}
