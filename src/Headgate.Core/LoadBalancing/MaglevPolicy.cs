using Headgate.Core.Config;
using Headgate.Core.Primitives;
using Headgate.Core.Upstreams;

namespace Headgate.Core.LoadBalancing;

/// <summary>
/// <c>maglev</c>: requests with the same key go to the same node, by one look into a table (<see cref="MaglevTable"/>). Against <c>chash</c>: shares are nearly
/// exact and a pick is cheaper; but a change of the set also moves a few keys of nodes that stay, and a table is 256 KiB. A retry looks where the hash of the hash
/// falls, and so on: the second choice of a key is as stable as its first.
/// </summary>
internal sealed class MaglevPolicy : ILoadBalancingPolicy
{
    /// <inheritdoc/>
    public string Name => LoadBalancingTypes.Maglev;

    /// <inheritdoc/>
    public INodePicker Build(UpstreamConfig upstream, IReadOnlyList<NodeSnapshot> nodes, BalancerState state)
    {
        ArgumentOutOfRangeException.ThrowIfZero(nodes.Count);
        return new Picker([.. nodes], HashKey.Of(upstream), LoadBound.Of([.. nodes], upstream.HashBalanceFactor));
    }

    private sealed class Picker(NodeSnapshot[] nodes, HashKey key, LoadBound? bound) : INodePicker
    {
        /// <summary>Looks into the table at most; then every node is looked at.</summary>
        private const int LooksMax = 16;

        private readonly MaglevTable _table = new(nodes);

        public NodeSnapshot? Pick(ref PickContext context)
        {
            ulong hash = Mix64.Of(key.Hash(context.Request) + Mix64.Step); // 32 bits of a checksum become 64 good ones
            double room = bound?.Count() ?? 0;
            NodeSnapshot? full = null;
            for (int looks = 0; looks < LooksMax; looks++)
            {
                NodeSnapshot node = nodes[_table.NodeAt(hash)];
                hash = Mix64.Of(hash + Mix64.Step);
                if (context.Tried.Contains(node.Index))
                    continue;
                if (bound is null || bound.HasRoom(node, room))
                    return node;
                full ??= node;
            }

            return full ?? UntriedNodes.At(nodes, in context.Tried, hash);
        }
    }
}
