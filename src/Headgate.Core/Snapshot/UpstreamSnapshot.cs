using Headgate.Core.Config;
using Headgate.Core.LoadBalancing;
using Headgate.Core.Upstreams;

namespace Headgate.Core.Snapshot;

/// <summary>An upstream as it is served: validated, immutable, shared by all threads. A request reads it once and keeps it to its end.</summary>
public sealed class UpstreamSnapshot
{
    private readonly NodeSnapshot[] _nodes = [];
    private readonly INodePicker[] _tiers = [];

    /// <summary>The upstream as written.</summary>
    public required UpstreamConfig Config { get; init; }

    /// <summary>All nodes, in the order written; index = <see cref="NodeSnapshot.Index"/>.</summary>
    public required IReadOnlyList<NodeSnapshot> Nodes
    {
        get => _nodes;
        init => _nodes = value as NodeSnapshot[] ?? [.. value];
    }

    /// <summary>One picker per priority, highest first. Nodes of weight 0 are in a tier of their own below all others of their priority.</summary>
    public required IReadOnlyList<INodePicker> Tiers
    {
        get => _tiers;
        init => _tiers = value as INodePicker[] ?? [.. value];
    }

    /// <summary>Whether the policy looks at latencies: then tries are timed, and a <see cref="PickContext"/> has a time. False unless set.</summary>
    public bool MeasuresLatency { get; init; }

    /// <summary>What requests must have in common to share connections; the same instance for as long as it is equal.</summary>
    public required ConnectionProfile Profile { get; init; }

    /// <summary>Tries per request at most: 1 + retries, retries being nodes − 1 when not written. At least 1.</summary>
    public required int TriesMax { get; init; }

    /// <summary>The Host header for <see cref="PassHost.Rewrite"/>; empty otherwise. ASCII.</summary>
    public required byte[] RewriteHost { get; init; }

    /// <summary>Timeouts unless the route has its own.</summary>
    public TimeoutConfig Timeout => Config.Timeout ?? TimeoutConfig.Default;

    /// <summary>
    /// The node for the next try; null when there is none that was not tried. The only node of an upstream is given every time, tried or not: with nothing to
    /// choose, retries that were asked for go to it again, as in APISIX. Never blocks, never allocates.
    /// </summary>
    public NodeSnapshot? Pick(ref PickContext context)
    {
        if (_nodes.Length == 1)
            return _nodes[0];

        foreach (INodePicker tier in _tiers)
        {
            if (tier.Pick(ref context) is { } node)
                return node;
        }

        return null;
    }
}
