using Headgate.Core.Config;
using Headgate.Core.Upstreams;

namespace Headgate.Core.LoadBalancing;

/// <summary>
/// <c>chash</c>: requests with the same key go to the same node, and a change of the set moves only the keys of the nodes concerned (Karger et al. 1997; the
/// ring is ketama's). A retry walks on along the ring, so the second choice of a key is as stable as its first.
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
        return new Picker(all, all, HashKey.Of(upstream), new HashRing(all));
    }

    /// <inheritdoc/>
    /// <remarks>The ring stays as it is and the points of the other nodes are stepped over: only their keys move, and they come back exactly.</remarks>
    public INodePicker BuildPart(UpstreamConfig upstream, IReadOnlyList<NodeSnapshot> usable, INodePicker whole, BalancerState state) =>
        ((Picker)whole).With([.. usable]);

    private sealed class Picker(NodeSnapshot[] nodes, NodeSnapshot[] usable, HashKey key, HashRing ring) : INodePicker
    {
        /// <summary>
        /// Points walked at most. Tried and left out nodes seldom own this many in a row; where they do (one node with nearly all weight, or all nodes tried), a walk
        /// to the end of the ring could cost a million steps.
        /// </summary>
        private const int WalkPointsMax = 1024;

        // By position on the ring; null when all are usable.
        private readonly bool[]? _leftOut = usable.Length == nodes.Length ? null : LeftOut(nodes, usable);

        public Picker With(NodeSnapshot[] others) => new(nodes, others, key, ring);

        // Both are in the order written, so one walk tells: a search per node would be quadratic.
        private static bool[] LeftOut(NodeSnapshot[] nodes, NodeSnapshot[] usable)
        {
            var leftOut = new bool[nodes.Length];
            int next = 0;
            for (int i = 0; i < nodes.Length; i++)
            {
                leftOut[i] = next == usable.Length || usable[next] != nodes[i];
                next += leftOut[i] ? 0 : 1;
            }

            return leftOut;
        }

        public NodeSnapshot? Pick(ref PickContext context)
        {
            uint hash = key.Hash(context.Request);
            int point = ring.Find(hash);
            int steps = Math.Min(ring.Count, WalkPointsMax);
            while (steps-- > 0)
            {
                int at = ring.NodeAt(point);
                if ((_leftOut is null || !_leftOut[at]) && !context.Tried.Contains(nodes[at].Index))
                    return nodes[at];
                point = point + 1 < ring.Count ? point + 1 : 0;
            }

            return UntriedNodes.At(usable, in context.Tried, hash); // as stable for the key as the walk
        }
    }
}
