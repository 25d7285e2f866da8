namespace Headgate.Proxy.Telemetry.Metrics;

/// <summary>A combination of labels and what was counted for it, a set of cells for each writer. Lives as long as the process: counters must not fall.</summary>
/// <param name="labels">The labels.</param>
/// <param name="bounds">As those of <see cref="LatencyCells"/>.</param>
internal sealed class LabelSet(RequestLabels labels, long[] bounds)
{
    private RequestCells?[] _cells = [];

    /// <summary>The labels.</summary>
    public RequestLabels Labels => labels;

    /// <summary>Counts a request. Allocates when a writer comes for the first time.</summary>
    public void Add(Exchange exchange, RequestTrace trace)
    {
        RequestCells?[] cells = Volatile.Read(ref _cells);
        RequestCells own = trace.Writer < cells.Length && cells[trace.Writer] is { } known ? known : MakeCells(trace.Writer);
        own.Add(exchange, trace);
    }

    /// <summary>Adds bytes and latencies to <paramref name="sum"/>, and requests by status to <paramref name="statuses"/>.</summary>
    public void AddTo(FlowSum sum, SortedDictionary<int, long> statuses)
    {
        foreach (RequestCells? cells in Volatile.Read(ref _cells))
        {
            if (cells is null)
                continue;
            cells.AddTo(sum);
            for (StatusCount? count = cells.Statuses; count is not null; count = count.Next)
                statuses[count.Status] = statuses.GetValueOrDefault(count.Status) + count.Count;
        }
    }

    private RequestCells MakeCells(int writer)
    {
        lock (this) // nobody else's: 10,000 of them need no lock each
        {
            if (writer < _cells.Length && _cells[writer] is { } made)
                return made;
            RequestCells?[] more = new RequestCells?[Math.Max(_cells.Length, writer + 1)];
            _cells.CopyTo(more, 0);
            var cells = new RequestCells(bounds);
            more[writer] = cells;
            Volatile.Write(ref _cells, more);
            return cells;
        }
    }
}
