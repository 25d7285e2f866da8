using Headgate.Core.Primitives;
using Headgate.Core.Upstreams;

namespace Headgate.Core.LoadBalancing;

/// <summary>
/// Draws nodes in proportion to their weights, in one step whatever their number: an alias table (Walker 1977, built as by Vose 1991). Every column of the
/// table is equally likely and holds at most two nodes. Immutable; 16 bytes a node.
/// </summary>
internal sealed class WeightedDraw
{
    private readonly NodeSnapshot[] _nodes;
    private readonly Column[] _columns;

    /// <summary>Lays out the table of <paramref name="nodes"/>, at least one.</summary>
    public WeightedDraw(NodeSnapshot[] nodes)
    {
        _nodes = nodes;
        _columns = new Column[nodes.Length];
        double total = 0;
        foreach (NodeSnapshot node in nodes)
            total += UntriedNodes.Weight(node);

        // What a node has left to place, in columns: the average is 1. Those below it fill one column each with the help of one above it.
        var left = new double[nodes.Length];
        var below = new Stack<int>(nodes.Length);
        var above = new Stack<int>(nodes.Length);
        for (int i = 0; i < nodes.Length; i++)
        {
            left[i] = UntriedNodes.Weight(nodes[i]) / total * nodes.Length;
            (left[i] < 1 ? below : above).Push(i);
        }

        while (below.TryPop(out int poor))
        {
            if (!above.TryPop(out int rich))
            {
                _columns[poor] = new Column(ulong.MaxValue, poor); // 1 but for rounding
                continue;
            }

            _columns[poor] = new Column((ulong)(left[poor] * ulong.MaxValue), rich);
            left[rich] -= 1 - left[poor];
            (left[rich] < 1 ? below : above).Push(rich);
        }

        foreach (int rich in above)
            _columns[rich] = new Column(ulong.MaxValue, rich);
    }

    /// <summary>Position of the node that a random number falls on.</summary>
    public int At(ulong random)
    {
        int column = (int)Math.BigMul(random, (ulong)_columns.Length, out ulong within);
        return within <= _columns[column].OwnMax ? column : _columns[column].Other;
    }

    /// <summary>
    /// Position of an untried node, drawn with <paramref name="random"/>; −1 when all were tried. When <paramref name="drawsMax"/> draws fall on tried ones it looks
    /// at every node instead, by weight too: so the loop is bounded.
    /// </summary>
    public int Untried(in TriedNodes tried, ulong random, int drawsMax)
    {
        for (int draws = 0; draws < drawsMax; draws++)
        {
            int at = At(random);
            if (!tried.Contains(_nodes[at].Index))
                return at;
            random = Mix64.Of(random + Mix64.Step);
        }

        return Position(UntriedNodes.At(_nodes, in tried, random));
    }

    /// <summary>By reference. Array.IndexOf makes a comparer when it first runs: an allocation on the request path.</summary>
    private int Position(NodeSnapshot? node)
    {
        for (int i = 0; i < _nodes.Length && node is not null; i++)
        {
            if (ReferenceEquals(_nodes[i], node))
                return i;
        }

        return -1;
    }

    /// <summary>A column: its own node for the lower part of the range, to <paramref name="OwnMax"/> inclusive, and the other node above.</summary>
    private readonly record struct Column(ulong OwnMax, int Other);
}
