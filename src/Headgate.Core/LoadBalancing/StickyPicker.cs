using Headgate.Core.Upstreams;

namespace Headgate.Core.LoadBalancing;

/// <summary>
/// Goes before the pickers of the tiers: gives the node that the request's cookie names, for as long as it may be had and was not tried. Else it gives none, and the
/// tiers pick. Immutable.
/// </summary>
internal sealed class StickyPicker : INodePicker
{
    private readonly StickySessions _sessions;
    private readonly HashSet<NodeSnapshot>? _some;

    /// <summary>Makes it for those of <paramref name="nodes"/> that <paramref name="takes"/> holds for, out of <paramref name="all"/> of the upstream.</summary>
    public StickyPicker(StickySessions sessions, NodeSnapshot[] nodes, int all, Predicate<NodeState> takes)
    {
        _sessions = sessions;
        NodeSnapshot[] usable = Array.FindAll(nodes, node => takes(node.State));
        if (usable.Length < all)
            _some = new HashSet<NodeSnapshot>(usable, ReferenceEqualityComparer.Instance);
    }

    /// <inheritdoc/>
    public NodeSnapshot? Pick(ref PickContext context) =>
        _sessions.Find(context.Request) is { } node && (_some is null || _some.Contains(node)) && !context.Tried.Contains(node.Index) ? node : null;
}
