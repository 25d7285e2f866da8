using Headgate.Core.Config;
using Headgate.Core.LoadBalancing;
using Headgate.Core.Upstreams;

namespace Headgate.Core.Snapshot;

/// <summary>
/// A tier in two: the gateway's own zone goes before the others for as long as enough of it is usable; with less its nodes would be overrun, and the tier is one
/// again. A simple form of Envoy's zone aware routing, which also weighs how many gateways each zone has.
/// </summary>
/// <param name="Config">How much is enough.</param>
/// <param name="Own">The nodes of the own zone, at least one.</param>
/// <param name="Others">All other nodes of the tier, at least one.</param>
internal sealed record ZoneSplit(ZoneAwareConfig Config, UpstreamTier Own, UpstreamTier Others)
{
    /// <summary>Whether the own zone goes first, with the nodes that <paramref name="takes"/> holds for.</summary>
    public bool IsPreferred(Predicate<NodeState> takes)
    {
        long usable = 0, all = 0;
        int count = 0;
        foreach (NodeSnapshot node in Own.Nodes)
        {
            int weight = UntriedNodes.Weight(node);
            all += weight;
            if (!takes(node.State))
                continue;
            usable += weight;
            count++;
        }

        return count >= Config.MinSize && usable * 100 >= all * Config.MinPercent;
    }
}
