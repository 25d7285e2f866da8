using Headgate.Core.Upstreams;

namespace Headgate.Core.LoadBalancing;

/// <summary>The retry's choice, shared by policies that spread by weight: among the nodes not yet tried, in proportion to their weights.</summary>
internal static class UntriedNodes
{
    /// <summary>2^64 / golden ratio: multiples of it fill the range evenly, for any number of them (Knuth, TAOCP 3, 6.4).</summary>
    private const ulong GoldenStep = 0x9E37_79B9_7F4A_7C15;

    /// <summary>The weight a node counts with inside its tier: as written, and 1 in a tier of weight 0.</summary>
    public static int Weight(NodeSnapshot node) => Math.Max(1, node.Config.Weight);

    /// <summary>
    /// The next untried node; null when all were tried. Which nodes are left differs from request to request, so no turn order can be exact here; the shared
    /// counter still spreads what comes from one failed node evenly over the others instead of onto one.
    /// </summary>
    public static NodeSnapshot? Next(NodeSnapshot[] nodes, in TriedNodes tried, BalancerState state) =>
        At(nodes, in tried, (ulong)(Interlocked.Increment(ref state.RetryTurn) - 1));

    /// <summary>
    /// The untried node that a number falls on, the same one for the same number and the same untried nodes; null when all were tried. Consecutive numbers fall on
    /// nodes in proportion to their weights. Looks at each node twice at most.
    /// </summary>
    public static NodeSnapshot? At(NodeSnapshot[] nodes, in TriedNodes tried, ulong number)
    {
        ulong total = 0;
        foreach (NodeSnapshot node in nodes)
        {
            if (!tried.Contains(node.Index))
                total += (uint)Weight(node);
        }

        if (total == 0)
            return null;

        ulong mark = Math.BigMul(unchecked(number * GoldenStep), total, out _);
        foreach (NodeSnapshot node in nodes)
        {
            if (tried.Contains(node.Index))
                continue;
            ulong weight = (uint)Weight(node);
            if (mark < weight)
                return node;
            mark -= weight;
        }

        return null;
    }
}
