using Headgate.Core.Config;
using Headgate.Core.Primitives;
using Headgate.Core.Upstreams;

namespace Headgate.Core.LoadBalancing;

/// <summary>
/// A way to choose among the nodes of one upstream. One file here, one line in LoadBalancingPolicies, one row in the shared contract test
/// (docs/how-to/add-a-load-balancing-policy.md). Decides when the set changes, looks up when the request comes.
/// </summary>
public interface ILoadBalancingPolicy
{
    /// <summary>The value of the upstream's <c>type</c>.</summary>
    string Name { get; }

    /// <summary>
    /// Builds the picker of one priority tier. Called off the request path.
    /// <paramref name="nodes"/> are those of the tier that may be picked, at least one, in the order written.
    /// <paramref name="state"/> outlives the picker: what must survive an edit lies there.
    /// </summary>
    INodePicker Build(UpstreamConfig upstream, IReadOnlyList<NodeSnapshot> nodes, BalancerState state);
}

/// <summary>Chooses a node of one tier. Called concurrently; never blocks, never allocates.</summary>
public interface INodePicker
{
    /// <summary>The node for this try; null when every node of the tier was tried.</summary>
    NodeSnapshot? Pick(ref PickContext context);
}

/// <summary>What a pick may look at.</summary>
public ref struct PickContext
{
    /// <summary>The nodes this request has tried, by <see cref="NodeSnapshot.Index"/>.</summary>
    public ref readonly TriedNodes Tried;

    /// <summary>The request, for policies that hash.</summary>
    public IRequestView Request;

    /// <summary>Makes a context.</summary>
    public PickContext(ref readonly TriedNodes tried, IRequestView request)
    {
        Tried = ref tried;
        Request = request;
    }
}

/// <summary>What a policy keeps per upstream and tier across edits. Thread-safe.</summary>
public sealed class BalancerState
{
    /// <summary>First picks so far; a policy draws its turn from it with <see cref="Interlocked"/>.</summary>
    public long Turn;

    /// <summary>Retry picks so far, apart from <see cref="Turn"/> so that first picks stay exactly in proportion.</summary>
    public long RetryTurn;
}
