using Headgate.Core.Config;
using Headgate.Core.LoadBalancing;
using Headgate.Core.Resilience;
using Headgate.Core.Upstreams;

namespace Headgate.Core.Snapshot;

/// <summary>
/// An upstream as it is served: validated, immutable but for which of its nodes are left out now, shared by all threads. A request reads it once
/// and keeps it to its end.
/// </summary>
public sealed class UpstreamSnapshot
{
    private readonly NodeSnapshot[] _nodes = [];
    private readonly UpstreamTier[] _tiers = [];

    // Read by every pick; replaced as a whole, under the lock, when a node is left out or comes back.
    private volatile INodePicker[] _pickers = [];

    /// <summary>The upstream as written.</summary>
    public required UpstreamConfig Config { get; init; }

    /// <summary>All nodes, in the order written; index = <see cref="NodeSnapshot.Index"/>.</summary>
    public required IReadOnlyList<NodeSnapshot> Nodes
    {
        get => _nodes;
        init => _nodes = value as NodeSnapshot[] ?? [.. value];
    }

    /// <summary>
    /// One picker per priority, highest first, of its usable nodes (<see cref="NodeState.IsUsable"/>); a priority without any is left out, unless the upstream has none:
    /// then all are used that no operator has withdrawn. Empty when all are. Nodes of weight 0 are in a tier of their own below all others of their priority.
    /// </summary>
    public IReadOnlyList<INodePicker> Tiers => _pickers;

    /// <summary>The tiers with all their nodes.</summary>
    internal UpstreamTier[] AllTiers
    {
        get => _tiers;
        init => (_tiers, _pickers) = (value, Array.ConvertAll(value, static tier => tier.Whole));
    }

    /// <summary>Whether the policy looks at latencies: then tries are timed, and a <see cref="PickContext"/> has a time. False unless set.</summary>
    public bool MeasuresLatency { get; init; }

    /// <summary>What requests must have in common to share connections; the same instance for as long as it is equal.</summary>
    public required ConnectionProfile Profile { get; init; }

    /// <summary>Tries per request at most: 1 + retries, retries being nodes − 1 when not written. At least 1.</summary>
    public required int TriesMax { get; init; }

    /// <summary>What retries have used up; the same instance through all edits.</summary>
    public RetryBudget RetryBudget { get; init; } = new();

    /// <summary>Refuses requests while most fail; null = there is none. The same instance through all edits that keep it.</summary>
    public CircuitBreaker? Breaker { get; init; }

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
            return _pickers.Length == 0 ? null : _nodes[0];

        foreach (INodePicker tier in _pickers)
        {
            if (tier.Pick(ref context) is { } node)
                return node;
        }

        return null;
    }

    /// <summary>
    /// Leaves out the nodes that are not usable now, and no others. Who changed a node calls it afterwards, off the request path: it builds pickers.
    /// Thread-safe; of calls at once the last to come sees every change before it.
    /// </summary>
    public void RefreshUsable()
    {
        lock (_tiers) // nobody else's: 10,000 upstreams need no lock each
        {
            INodePicker[] pickers = BuildPickers(static node => node.IsUsable);
            _pickers = pickers.Length > 0 ? pickers : BuildPickers(static node => !node.IsWithdrawn);
        }
    }

    private INodePicker[] BuildPickers(Predicate<NodeState> takes)
    {
        var pickers = new List<INodePicker>(_tiers.Length);
        foreach (UpstreamTier tier in _tiers)
        {
            if (tier.BuildOf(takes, Config) is { } picker)
                pickers.Add(picker);
        }

        return [.. pickers];
    }
}
