using Headgate.Core.Config;
using Headgate.Core.Upstreams;

namespace Headgate.Core.LoadBalancing;

/// <summary>
/// <c>least_conn</c>: the node with the least (1 + tries under way) / weight; of equals the heavier, and of equally heavy ones each in turn. The counts lie on the
/// nodes' endpoints, so they outlive every edit, and a WebSocket session counts until it ends. Looks at every node of the tier per pick: right for tens of
/// nodes, not for thousands (a heap would need a lock). A pick does not count itself until its try begins, so picks at the same instant may coincide.
/// </summary>
internal sealed class LeastConnectionsPolicy : ILoadBalancingPolicy
{
    /// <inheritdoc/>
    public string Name => LoadBalancingTypes.LeastConnections;

    /// <inheritdoc/>
    public INodePicker Build(UpstreamConfig upstream, IReadOnlyList<NodeSnapshot> nodes, BalancerState state)
    {
        ArgumentOutOfRangeException.ThrowIfZero(nodes.Count);
        return new Picker([.. nodes], state);
    }

    /// <inheritdoc/>
    public double[] Scores(IReadOnlyList<NodeSnapshot> tier, long nowMs) => [.. tier.Select(node => (1.0 + node.State.InFlight) / UntriedNodes.Weight(node))];

    private sealed class Picker(NodeSnapshot[] nodes, BalancerState state) : INodePicker
    {
        public NodeSnapshot? Pick(ref PickContext context)
        {
            ref long counter = ref context.Tried.Count == 0 ? ref state.Turn : ref state.RetryTurn;
            int start = (int)((ulong)(Interlocked.Increment(ref counter) - 1) % (uint)nodes.Length);
            NodeSnapshot? best = null;
            long bestLoad = 0, bestWeight = 0;
            for (int i = 0; i < nodes.Length; i++)
            {
                int at = start + i;
                NodeSnapshot node = nodes[at < nodes.Length ? at : at - nodes.Length];
                if (context.Tried.Contains(node.Index))
                    continue;

                long load = 1 + node.State.InFlight, weight = UntriedNodes.Weight(node);
                // load / weight < bestLoad / bestWeight without a division; loads stay below 2^31, so the products fit.
                long difference = best is null ? -1 : (load * bestWeight) - (bestLoad * weight);
                if (difference < 0 || (difference == 0 && weight > bestWeight))
                    (best, bestLoad, bestWeight) = (node, load, weight);
            }

            return best;
        }
    }
}
