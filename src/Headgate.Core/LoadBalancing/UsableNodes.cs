using Headgate.Core.Upstreams;

namespace Headgate.Core.LoadBalancing;

/// <summary>
/// Which nodes of a tier may be picked, by their position in it: what a policy asks whose map from keys to nodes is of the whole tier and stays as it is.
/// Immutable.
/// </summary>
internal sealed class UsableNodes
{
    // By position; null when all are usable.
    private readonly bool[]? _leftOut;

    /// <summary>All of <paramref name="nodes"/>.</summary>
    public UsableNodes(NodeSnapshot[] nodes) => Nodes = nodes;

    /// <summary>Those of <paramref name="all"/> that are in <paramref name="usable"/>, at least one. Both in the order written, so that one walk tells.</summary>
    public UsableNodes(NodeSnapshot[] all, NodeSnapshot[] usable)
        : this(usable)
    {
        if (usable.Length == all.Length)
            return;
        _leftOut = new bool[all.Length];
        int next = 0;
        for (int i = 0; i < all.Length; i++)
        {
            _leftOut[i] = next == usable.Length || usable[next] != all[i];
            next += _leftOut[i] ? 0 : 1;
        }
    }

    /// <summary>The usable nodes, in the order written.</summary>
    public NodeSnapshot[] Nodes { get; }

    /// <summary>Whether the node at this place of the whole tier is usable.</summary>
    public bool Has(int position) => _leftOut is null || !_leftOut[position];
}
