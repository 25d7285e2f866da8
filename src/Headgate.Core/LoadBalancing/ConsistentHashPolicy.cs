using Headgate.Core.Config;
using Headgate.Core.Upstreams;

namespace Headgate.Core.LoadBalancing;

/// <summary>
/// <c>chash</c>: requests with the same key go to the same node, and a change of the set moves only the keys of the nodes concerned (Karger et al. 1997; the
/// ring is ketama's). A retry walks on along the ring, so the second choice of a key is as stable as its first; so does a key
/// whose node has more than its part of the load, where that is bounded (<see cref="LoadBound"/>).
/// </summary>
internal sealed class ConsistentHashPolicy : ILoadBalancingPolicy
{
    /// <inheritdoc/>
    public string Name => LoadBalancingTypes.ConsistentHash;

    /// <inheritdoc/>
    public INodePicker Build(UpstreamConfig upstream, IReadOnlyList<NodeSnapshot> nodes, BalancerState state)
    {
        ArgumentOutOfRangeException.ThrowIfZero(nodes.Count);
        return new Picker([.. nodes], HashKey.Of(upstream), LoadBound.Of([.. nodes], upstream.HashBalanceFactor));
    }

    private sealed class Picker(NodeSnapshot[] nodes, HashKey key, LoadBound? bound) : INodePicker
    {
        /// <summary>
        /// Points a retry walks at most. Tried nodes seldom own this many in a row; where they do (one node with nearly all weight, or all nodes tried), a walk
        /// to the end of the ring could cost a million steps.
        /// </summary>
        private const int WalkPointsMax = 1024;

        private readonly HashRing _ring = new(nodes);

        public NodeSnapshot? Pick(ref PickContext context)
        {
            uint hash = key.Hash(context.Request);
            double room = bound?.Count() ?? 0;
            NodeSnapshot? full = null;
            int point = _ring.Find(hash);
            int steps = Math.Min(_ring.Count, WalkPointsMax);
            while (steps-- > 0)
            {
                NodeSnapshot node = nodes[_ring.NodeAt(point)];
                if (!context.Tried.Contains(node.Index))
                {
                    if (bound is null || bound.HasRoom(node, room))
                        return node;
                    full ??= node;
                }

                point = point + 1 < _ring.Count ? point + 1 : 0;
            }

            return full ?? UntriedNodes.At(nodes, in context.Tried, hash); // as stable for the key as the walk
        }
    }
}
