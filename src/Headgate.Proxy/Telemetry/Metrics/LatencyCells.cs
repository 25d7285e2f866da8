namespace Headgate.Proxy.Telemetry.Metrics;

/// <summary>A histogram of latencies as one writer counts it. Read by any thread while it is written: counts and sum may then differ by what is under way.</summary>
/// <param name="bounds">Upper bounds, inclusive, in ticks of <see cref="System.Diagnostics.Stopwatch"/>; rising.</param>
internal sealed class LatencyCells(long[] bounds)
{
    private readonly long[] _counts = new long[bounds.Length + 1];
    private long _ticks;

    /// <summary>Counts one.</summary>
    public void Add(long ticks, int writer)
    {
        int bucket = 0;
        while (bucket < bounds.Length && ticks > bounds[bucket])
            bucket++;
        Tally.Add(ref _counts[bucket], 1, writer);
        Tally.Add(ref _ticks, ticks, writer);
    }

    /// <summary>Adds what was counted to <paramref name="sum"/>.</summary>
    public void AddTo(LatencySum sum)
    {
        for (int i = 0; i < _counts.Length; i++)
            sum.Counts[i] += Volatile.Read(ref _counts[i]);
        sum.Ticks += Volatile.Read(ref _ticks);
    }
}
