using Headgate.Core.Config;
using Headgate.Core.Primitives;
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
        NodeSnapshot[] all = [.. nodes];
        return new Picker(all, new UsableNodes(all), HashKey.Of(upstream), LoadBound.Of(all, upstream.HashBalanceFactor), new HashRing(all));
    }

    /// <inheritdoc/>
    /// <remarks>The ring stays as it is and the points of the other nodes are stepped over: only their keys move, and they come back exactly.</remarks>
    public INodePicker BuildPart(UpstreamConfig upstream, IReadOnlyList<NodeSnapshot> usable, INodePicker whole, BalancerState state) =>
        ((Picker)whole).With([.. usable], upstream.HashBalanceFactor);

    /// <inheritdoc/>
    public string KeyOf(UpstreamConfig upstream, IRequestView request) => HashKey.Of(upstream).Text(request);

    /// <inheritdoc/>
    public HashedKey Locate(UpstreamConfig upstream, IReadOnlyList<NodeSnapshot> tier, IRequestView request)
    {
        NodeSnapshot[] nodes = [.. tier];
        var ring = new HashRing(nodes);
        HashKey key = HashKey.Of(upstream);
        uint hash = key.Hash(request);
        int point = ring.Find(hash);
        return new HashedKey(key.Text(request), hash, point, ring.Count, nodes[ring.NodeAt(point)]);
    }

    private sealed class Picker(NodeSnapshot[] nodes, UsableNodes usable, HashKey key, LoadBound? bound, HashRing ring) : INodePicker
    {
        /// <summary>
        /// Points walked at most. Tried and left out nodes seldom own this many in a row; where they do (one node with nearly all weight, or all nodes tried), a walk
        /// to the end of the ring could cost a million steps.
        /// </summary>
        private const int WalkPointsMax = 1024;

        public Picker With(NodeSnapshot[] others, int? factorPercent) =>
            new(nodes, new UsableNodes(nodes, others), key, LoadBound.Of(others, factorPercent), ring);

        public NodeSnapshot? Pick(ref PickContext context)
        {
            uint hash = key.Hash(context.Request);
            context.Key = PickContext.HasKey | hash;
            LoadBound.Counted counted = default;
            NodeSnapshot? full = null;
            int point = ring.Find(hash);
            int steps = Math.Min(ring.Count, WalkPointsMax);
            while (steps-- > 0)
            {
                int at = ring.NodeAt(point);
                NodeSnapshot node = nodes[at];
                if (usable.Has(at) && !context.Tried.Contains(node.Index))
                {
                    if (bound is null || bound.HasRoom(node, ref counted))
                        return node;
                    full ??= node;
                }

                point = point + 1 < ring.Count ? point + 1 : 0;
            }

            return full ?? UntriedNodes.At(usable.Nodes, in context.Tried, hash); // as stable for the key as the walk
        }
    }
}
