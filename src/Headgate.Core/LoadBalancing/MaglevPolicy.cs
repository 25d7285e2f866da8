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
        NodeSnapshot[] all = [.. nodes];
        return new Picker(all, new UsableNodes(all), HashKey.Of(upstream), LoadBound.Of(all, upstream.HashBalanceFactor), new MaglevTable(all));
    }

    /// <inheritdoc/>
    /// <remarks>The table stays as it is, and a key whose node is left out looks on as a retry does: only such keys move, and they come back exactly.</remarks>
    public INodePicker BuildPart(UpstreamConfig upstream, IReadOnlyList<NodeSnapshot> usable, INodePicker whole, BalancerState state) =>
        ((Picker)whole).With([.. usable], upstream.HashBalanceFactor);

    /// <inheritdoc/>
    public string KeyOf(UpstreamConfig upstream, IRequestView request) => HashKey.Of(upstream).Text(request);

    /// <inheritdoc/>
    public HashedKey Locate(UpstreamConfig upstream, IReadOnlyList<NodeSnapshot> tier, IRequestView request)
    {
        NodeSnapshot[] nodes = [.. tier];
        var table = new MaglevTable(nodes);
        HashKey key = HashKey.Of(upstream);
        uint hash = key.Hash(request);
        ulong spread = Spread(hash);
        return new HashedKey(key.Text(request), hash, table.PositionOf(spread), table.Count, nodes[table.NodeAt(spread)]);
    }

    /// <summary>32 bits of a checksum become 64 good ones.</summary>
    private static ulong Spread(uint hash) => Mix64.Of(hash + Mix64.Step);

    private sealed class Picker(NodeSnapshot[] nodes, UsableNodes usable, HashKey key, LoadBound? bound, MaglevTable table) : INodePicker
    {
        /// <summary>Looks into the table at most; then every node is looked at.</summary>
        private const int LooksMax = 16;

        public Picker With(NodeSnapshot[] others, int? factorPercent) =>
            new(nodes, new UsableNodes(nodes, others), key, LoadBound.Of(others, factorPercent), table);

        public NodeSnapshot? Pick(ref PickContext context)
        {
            context.Key = PickContext.HasKey | key.Hash(context.Request);
            ulong hash = Spread((uint)context.Key);
            LoadBound.Counted counted = default;
            NodeSnapshot? full = null;
            for (int looks = 0; looks < LooksMax; looks++)
            {
                int at = table.NodeAt(hash);
                NodeSnapshot node = nodes[at];
                hash = Mix64.Of(hash + Mix64.Step);
                if (!usable.Has(at) || context.Tried.Contains(node.Index))
                    continue;
                if (bound is null || bound.HasRoom(node, ref counted))
                    return node;
                full ??= node;
            }

            return full ?? UntriedNodes.At(usable.Nodes, in context.Tried, hash);
        }
    }
}
