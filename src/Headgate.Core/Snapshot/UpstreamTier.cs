using Headgate.Core.Config;
using Headgate.Core.LoadBalancing;
using Headgate.Core.Upstreams;

namespace Headgate.Core.Snapshot;

/// <summary>The nodes of one priority, those of weight 0 apart, with the picker of all of them.</summary>
/// <param name="Nodes">All of them, in the order written; at least one.</param>
/// <param name="State">The balancer state, which outlives the tier.</param>
/// <param name="Whole">Picks among all of them.</param>
/// <param name="Zones">The same nodes by zone; null where zones do not matter.</param>
internal sealed record UpstreamTier(NodeSnapshot[] Nodes, BalancerState State, INodePicker Whole, ZoneSplit? Zones = null)
{
    /// <summary>Adds the pickers of those that <paramref name="takes"/> holds for now, in the order of use; none when there is none.</summary>
    public void AddTo(List<INodePicker> pickers, Predicate<NodeState> takes, UpstreamConfig upstream)
    {
        if (Zones is not null && Zones.IsPreferred(takes))
        {
            Zones.Own.AddTo(pickers, takes, upstream);
            Zones.Others.AddTo(pickers, takes, upstream);
        }
        else if (BuildOf(takes, upstream) is { } picker)
        {
            pickers.Add(picker);
        }
    }

    /// <summary>The picker of those that <paramref name="takes"/> holds for now; null when there is none.</summary>
    public INodePicker? BuildOf(Predicate<NodeState> takes, UpstreamConfig upstream)
    {
        NodeSnapshot[] part = Array.FindAll(Nodes, node => takes(node.State));
        if (part.Length == 0)
            return null;
        return part.Length == Nodes.Length ? Whole : LoadBalancingPolicies.Get(upstream.Type).BuildPart(upstream, part, Whole, State);
    }
}
