using Headgate.Core.Config;
using Headgate.Core.LoadBalancing;
using Headgate.Core.Upstreams;

namespace Headgate.Core.Snapshot;

/// <summary>
/// What goes before the tiers of an upstream that has sticky sessions or subsets: the request's subset first, within it the session's node, then the tiers. All
/// of it is laid out when the usable nodes change, so that a pick asks one picker after the other as ever. Immutable.
/// </summary>
/// <param name="upstream">The upstream.</param>
/// <param name="nodes">All its nodes.</param>
/// <param name="sticky">Its sessions; null = none.</param>
/// <param name="subsets">Its subsets; null = none.</param>
internal sealed class PickOrder(UpstreamConfig upstream, NodeSnapshot[] nodes, StickySessions? sticky, SubsetTiers? subsets)
{
    /// <summary>Its subsets; null = none.</summary>
    public SubsetTiers? Subsets => subsets;

    /// <summary>The pickers to ask, in order.</summary>
    /// <param name="tiers">Those of the tiers, of the nodes that <paramref name="takes"/> holds for.</param>
    /// <param name="takes">Which nodes may be picked now.</param>
    public INodePicker[] Arrange(List<INodePicker> tiers, Predicate<NodeState> takes)
    {
        INodePicker[] any = Arrange(nodes, tiers, takes);
        if (subsets is null)
            return any;

        var found = new Dictionary<byte[], INodePicker[]>(subsets.All.Length, ByteKeyComparer.Instance);
        foreach (NodeSubset subset in subsets.All)
        {
            if (Of(subset, takes) is { Length: > 0 } pickers)
                found.Add(subset.Values, pickers);
        }

        INodePicker[] otherwise = subsets.Default is { } standard ? found.GetValueOrDefault(standard.Values, []) : [];
        var chosen = new SubsetPicker(subsets.Key, found, otherwise);
        return subsets.Config.Fallback == SubsetFallback.Any ? [chosen, .. any] : [chosen];
    }

    /// <summary>The same order over tiers with turns of their own, which begin where these stand.</summary>
    public PickOrder Rehearsal() => new(upstream, nodes, sticky, subsets is null ? null : new SubsetTiers(subsets.Config, subsets.Key, Array.ConvertAll(subsets.All, Rehearsal)));

    private NodeSubset Rehearsal(NodeSubset subset) => subset with { Tiers = Array.ConvertAll(subset.Tiers, tier => tier.Rehearsal(upstream)) };

    private INodePicker[] Of(NodeSubset subset, Predicate<NodeState> takes)
    {
        List<INodePicker> tiers = Tiers(subset, takes);
        if (tiers.Count == 0 && (subsets!.Config.Fallback != SubsetFallback.None || upstream.FailTrafficOnPanic))
            return [];

        // Where the request can go nowhere else, a subset none of whose nodes is usable is used whole, as an upstream in panic is.
        if (tiers.Count == 0)
            tiers = Tiers(subset, takes = static node => !node.IsWithdrawn);
        return Arrange(subset.Nodes, tiers, takes);
    }

    private List<INodePicker> Tiers(NodeSubset subset, Predicate<NodeState> takes)
    {
        var tiers = new List<INodePicker>();
        foreach (UpstreamTier tier in subset.Tiers)
            tier.AddTo(tiers, takes, upstream);
        return tiers;
    }

    private INodePicker[] Arrange(NodeSnapshot[] members, List<INodePicker> tiers, Predicate<NodeState> takes)
    {
        if (sticky is null)
            return [.. tiers];
        Predicate<NodeState> keeps = sticky.Config.KeepWhileDraining ? node => takes(node) || node.KeepsSessions : takes;
        return [new StickyPicker(sticky, members, nodes.Length, keeps), .. tiers];
    }
}
