using Headgate.Core.Config;
using Headgate.Core.Primitives;
using Headgate.Core.Upstreams;

namespace Headgate.Core.LoadBalancing;

/// <summary>
/// A way to choose among the nodes of one upstream. One file here, one line in <see cref="LoadBalancingPolicies"/>, one row in the shared contract
/// test (docs/how-to/add-a-load-balancing-policy.md). Decides when the set changes, looks up when the request comes. Thread-safe: holds no state.
/// </summary>
public interface ILoadBalancingPolicy
{
    /// <summary>The value of the upstream's <c>type</c>.</summary>
    string Name { get; }

    /// <summary>Whether pickers look at <see cref="NodeState.Latency"/>: only then is it measured, and does a context have a time.</summary>
    bool NeedsLatency => false;

    /// <summary>Whether pickers draw at random: then what comes next can be foretold only for as long as no other request draws.</summary>
    bool DrawsAtRandom => false;

    /// <summary>Whether pickers prefer the node with fewer tries under way: a node that is being filled again is then given nearly every request.</summary>
    bool PrefersIdle => false;

    /// <summary>
    /// Builds the picker of one tier. Called off the request path.
    /// <paramref name="nodes"/> are those of the tier that may be picked, at least one, in the order written: all of weight above 0, or all of weight 0
    /// (the reserve of a priority), which then count as equal.
    /// <paramref name="state"/> outlives the picker: what must survive an edit lies there.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="nodes"/> is empty.</exception>
    INodePicker Build(UpstreamConfig upstream, IReadOnlyList<NodeSnapshot> nodes, BalancerState state);

    /// <summary>
    /// Builds the picker of a tier some of whose nodes are left out now. Called off the request path.
    /// By default that of a tier without them, which is what shares by weight ask for. A policy that maps keys to nodes overrides it: the keys of the
    /// nodes that stay must not move.
    /// </summary>
    /// <param name="upstream">As in <see cref="Build"/>.</param>
    /// <param name="usable">The nodes that are left, at least one, in the order written.</param>
    /// <param name="whole">What <see cref="Build"/> made of all nodes of the tier.</param>
    /// <param name="state">As in <see cref="Build"/>, the same as for <paramref name="whole"/>.</param>
    INodePicker BuildPart(UpstreamConfig upstream, IReadOnlyList<NodeSnapshot> usable, INodePicker whole, BalancerState state) => Build(upstream, usable, state);

    /// <summary>
    /// What pickers compare the nodes of a tier by, one number a node of <paramref name="tier"/>, the lower the better; null when they compare nothing. For explaining,
    /// off the request path. <paramref name="nowMs"/>: as <see cref="PickContext.NowMs"/>.
    /// </summary>
    double[]? Scores(IReadOnlyList<NodeSnapshot> tier, long nowMs) => null;

    /// <summary>
    /// What the pickers compare one node by, as far as the node alone tells; null when they compare nothing, or the node is not measured. For noting it while requests are served:
    /// never blocks, never allocates. <paramref name="nowMs"/>: as <see cref="PickContext.NowMs"/>.
    /// </summary>
    double? Score(NodeSnapshot node, long nowMs) => null;

    /// <summary>What of a request is hashed, as text; null when nothing is. For explaining; unlike <see cref="Locate"/> it builds nothing.</summary>
    string? KeyOf(UpstreamConfig upstream, IRequestView request) => null;

    /// <summary>Where a request's key falls among all nodes of a tier; null when nothing is hashed. For explaining, off the request path: it builds what <see cref="Build"/> builds.</summary>
    HashedKey? Locate(UpstreamConfig upstream, IReadOnlyList<NodeSnapshot> tier, IRequestView request) => null;
}
