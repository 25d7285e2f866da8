using Headgate.Core.Config;
using Headgate.Core.LoadBalancing;
using Headgate.Core.Upstreams;

namespace Headgate.Core.Snapshot;

/// <summary>The nodes of one priority, those of weight 0 apart, with the picker of all of them.</summary>
/// <param name="Nodes">All of them, in the order written; at least one.</param>
/// <param name="State">The balancer state, which outlives the tier.</param>
/// <param name="Whole">Picks among all of them.</param>
internal sealed record UpstreamTier(NodeSnapshot[] Nodes, BalancerState State, INodePicker Whole)
{
    /// <summary>The picker of those that are healthy now; null when none is.</summary>
    public INodePicker? BuildHealthy(UpstreamConfig upstream)
    {
        NodeSnapshot[] healthy = Array.FindAll(Nodes, static node => node.State.Health.IsHealthy);
        if (healthy.Length == 0)
            return null;
        return healthy.Length == Nodes.Length ? Whole : LoadBalancingPolicies.Get(upstream.Type).BuildPart(upstream, healthy, Whole, State);
    }
}
