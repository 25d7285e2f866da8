using Headgate.Core.Upstreams;

namespace Headgate.Proxy.Telemetry.Metrics;

/// <summary>What is counted of a node's tries; hangs on <see cref="NodeState.Counts"/> and goes with it.</summary>
internal sealed class NodeCounts(int writers, long[] bounds)
{
    private readonly NodeCells?[] _cells = new NodeCells?[writers];

    /// <summary>Those of a node; made by the first who asks.</summary>
    public static NodeCounts Of(NodeState node, int writers, long[] bounds) => node.Counts as NodeCounts ?? Hang(node, new NodeCounts(writers, bounds));

    /// <summary>The cells of a writer. Allocates when it comes for the first time.</summary>
    public NodeCells Cells(int writer)
    {
        ref NodeCells? place = ref _cells[Math.Min(writer, _cells.Length - 1)];
        return Volatile.Read(ref place) ?? Interlocked.CompareExchange(ref place, new NodeCells(bounds), null) ?? place!;
    }

    /// <summary>What all writers have counted.</summary>
    public NodeSum Sum()
    {
        var sum = new NodeSum(bounds.Length);
        for (int i = 0; i < _cells.Length; i++)
            Volatile.Read(ref _cells[i])?.AddTo(sum);
        return sum;
    }

    private static NodeCounts Hang(NodeState node, NodeCounts made) => (Interlocked.CompareExchange(ref node.Counts, made, null) ?? made) as NodeCounts ?? made;
}
