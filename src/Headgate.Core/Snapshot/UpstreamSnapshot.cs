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

    // Written before anybody else has the object.
    private UpstreamTier[] _tiers = [];
    private PickOrder? _order;
    private PickGate? _gate;
    private RequestQueue? _queue;

    // Read by every pick; replaced as a whole, under the lock, when a node is left out or comes back.
    private volatile INodePicker[] _pickers = [];
    private volatile bool _isInPanic;
    private volatile int _candidatesCount = -1; // −1 = all: nothing was left out yet

    /// <summary>Key of the object that holds it: <c>upstreams/1</c>, <c>routes/7</c>.</summary>
    public string Owner { get; init; } = "";

    /// <summary>The upstream as written.</summary>
    public required UpstreamConfig Config { get; init; }

    /// <summary>All nodes, in the order written; index = <see cref="NodeSnapshot.Index"/>.</summary>
    public required IReadOnlyList<NodeSnapshot> Nodes
    {
        get => _nodes;
        init => _nodes = value as NodeSnapshot[] ?? [.. value];
    }

    /// <summary>
    /// One picker per priority, highest first, of its usable nodes (<see cref="NodeState.IsUsable"/>); a priority without any is left out, unless the upstream is in
    /// panic: then all are used that no operator has withdrawn, or none. Empty when all are. Nodes of weight 0 are in a tier of their own below all others of their priority.
    /// Before them, where the upstream has such, what subsets and sticky sessions pick; where zones count, two pickers of a priority.
    /// </summary>
    public IReadOnlyList<INodePicker> Tiers => _pickers;

    /// <summary>The tiers with all their nodes.</summary>
    internal UpstreamTier[] AllTiers
    {
        get => _tiers;
        init => (_tiers, _pickers) = (value, Array.ConvertAll(value, static tier => tier.Whole));
    }

    /// <summary>What goes before the tiers; null when nothing does.</summary>
    internal PickOrder? Order
    {
        get => _order;
        init => _order = value;
    }

    /// <summary>What happens to requests besides picking a node; null when nothing does, as for most upstreams.</summary>
    public RequestPolicies? Policies { get; init; }

    /// <summary>Whether the policy looks at latencies: then a failed try counts as a slow one, and a <see cref="PickContext"/> has a time. False unless set.</summary>
    public bool MeasuresLatency { get; init; }

    /// <summary>Whether tries are counted for outlier detection. False unless set.</summary>
    public bool DetectsOutliers { get; init; }

    /// <summary>
    /// Whether so few nodes are usable that it does not count any more which (<see cref="UpstreamConfig.PanicThreshold"/>): none, or a smaller part of those that no
    /// operator has withdrawn and no check has still to try. With <see cref="UpstreamConfig.FailTrafficOnPanic"/> no node is picked then.
    /// </summary>
    public bool IsInPanic => _isInPanic;

    /// <summary>How many nodes picks are made from, tried ones included.</summary>
    public int CandidatesCount => _candidatesCount is >= 0 and var count ? count : _nodes.Length;

    /// <summary>What requests must have in common to share connections; the same instance for as long as it is equal.</summary>
    public required ConnectionProfile Profile { get; init; }

    /// <summary>Tries per request at most: 1 + retries, retries being nodes − 1 when not written. At least 1.</summary>
    public required int TriesMax { get; init; }

    /// <summary>What retries have used up; the same instance through all edits.</summary>
    public RetryBudget RetryBudget { get; init; } = new();

    /// <summary>When a request that has no answer yet is sent to a further node; null = never: nobody asked for it, or there is no further node or try.</summary>
    public HedgingConfig? Hedging { get; init; }

    /// <summary>Refuses requests while most fail; null = there is none. The same instance through all edits that keep it.</summary>
    public CircuitBreaker? Breaker { get; init; }

    /// <summary>The Host header for <see cref="PassHost.Rewrite"/>; empty otherwise. ASCII.</summary>
    public required byte[] RewriteHost { get; init; }

    /// <summary>What a picked node has to pass; null, as for most upstreams, when every node that is picked takes the request.</summary>
    internal PickGate? Gate
    {
        get => _gate;
        init => _gate = value;
    }

    /// <summary>
    /// Where requests wait for a permit; null when no node has a limit of requests (<c>max_requests</c>). When there is one, a node that was picked has a permit taken, and who
    /// picked it calls <see cref="GiveBack"/> once.
    /// </summary>
    public RequestQueue? Queue
    {
        get => _queue;
        init => _queue = value;
    }

    /// <summary>Whether there is nothing to choose: its one node takes every request.</summary>
    private bool IsSole => _nodes.Length == 1 && Order is null;

    /// <summary>Timeouts unless the route has its own.</summary>
    public TimeoutConfig Timeout => Config.Timeout ?? TimeoutConfig.Default;

    /// <summary>A timeout of a try, or all the time that a try has when that is less.</summary>
    public TimeSpan AtMostATry(TimeSpan timeout) => Config.Retry.PerTryTimeout is { } limit && limit < timeout ? limit : timeout;

    /// <summary>
    /// The node for the next try; null when there is none that was not tried. The only node of an upstream is given every time, tried or not: with nothing to
    /// choose, retries that were asked for go to it again, as in APISIX. Never blocks, never allocates. With a <see cref="Queue"/> the node's permit is taken; see there.
    /// </summary>
    public NodeSnapshot? Pick(ref PickContext context)
    {
        if (Gate is not null)
            return PickGated(ref context);

        if (IsSole)
            return _pickers.Length == 0 ? null : _nodes[0];

        foreach (INodePicker tier in _pickers)
        {
            if (tier.Pick(ref context) is { } node)
                return node;
        }

        return null;
    }

    /// <summary>The request at a node that <see cref="Pick"/> gave has ended, or will not be made: its permit goes to who has waited longest. Only with a <see cref="Queue"/>.</summary>
    public void GiveBack(NodeSnapshot node)
    {
        node.State.Permits.GiveBack();
        Queue!.ServeNext();
    }

    /// <summary>As <see cref="Pick"/> with a gate, for a request that is the next of those that wait.</summary>
    internal NodeSnapshot? PickPastQueue(ref PickContext context)
    {
        INodePicker[] pickers = _pickers;
        return !IsSole ? Gate!.Pick(pickers, ref context)
            : pickers.Length == 0 ? null
            : Gate!.PickOnly(_nodes[0], ref context);
    }

    private NodeSnapshot? PickGated(ref PickContext context)
    {
        context.IsFull = Queue is { Count: > 0 }; // those that wait come first
        return context.IsFull ? null : PickPastQueue(ref context);
    }

    /// <summary>
    /// Leaves out the nodes that are not usable now, and no others. Who changed a node calls it afterwards, off the request path: it builds pickers.
    /// Thread-safe; of calls at once the last to come sees every change before it.
    /// </summary>
    public void RefreshUsable()
    {
        lock (_tiers) // nobody else's: 10,000 upstreams need no lock each
        {
            bool panic = FindPanic();
            Predicate<NodeState> takes = panic ? static node => !node.IsWithdrawn : static node => node.IsUsable;
            _pickers = panic && Config.FailTrafficOnPanic ? [] : BuildPickers(takes);
            _isInPanic = panic;
            _candidatesCount = panic && Config.FailTrafficOnPanic ? 0 : _nodes.Count(node => takes(node.State));
        }

        Queue?.ServeAll(); // a node that came back has free permits
    }

    private bool FindPanic()
    {
        long usable = 0, present = 0;
        foreach (NodeSnapshot node in _nodes)
        {
            usable += node.State.IsUsable ? 1 : 0;

            // One that waits for its first verdict has not failed: adding nodes must not look like losing the others.
            present += node.State.IsWithdrawn || node.State.Exclusions == NodeExclusions.Awaited ? 0 : 1;
        }

        return usable == 0 || usable * 100 < Config.PanicThreshold * present;
    }

    /// <summary>
    /// A copy in which the next picks can be rehearsed: it has the same nodes and turns of its own that begin where the real ones stand, so that its picks go by the same code
    /// and use up nothing: no turn, no draw, no permit; nobody waits in it. Costs what building the upstream costs.
    /// </summary>
    internal UpstreamSnapshot Rehearsal()
    {
        var copy = (UpstreamSnapshot)MemberwiseClone();
        copy._tiers = Array.ConvertAll(_tiers, tier => tier.Rehearsal(Config));
        copy._order = _order?.Rehearsal();
        copy._gate = _gate?.Rehearsal();
        copy._queue = null;
        copy.RefreshUsable();
        return copy;
    }

    private INodePicker[] BuildPickers(Predicate<NodeState> takes)
    {
        var pickers = new List<INodePicker>(_tiers.Length);
        foreach (UpstreamTier tier in _tiers)
            tier.AddTo(pickers, takes, Config);
        return Order is null ? [.. pickers] : Order.Arrange(pickers, takes);
    }
}
