namespace Headgate.Proxy.Telemetry.Metrics;

/// <summary>A histogram added up over its writers. Used by the thread that made it.</summary>
/// <param name="buckets">Buckets that have a bound; one more takes what is above them all.</param>
public sealed class LatencySum(int buckets)
{
    /// <summary>How many lie in each bucket, the last being what is above all bounds; not cumulative.</summary>
    public long[] Counts { get; } = new long[buckets + 1];

    /// <summary>Sum of all, in ticks of <see cref="System.Diagnostics.Stopwatch"/>.</summary>
    public long Ticks { get; internal set; }

    /// <summary>Adds another one with the same bounds.</summary>
    public void Add(LatencySum other)
    {
        for (int i = 0; i < Counts.Length; i++)
            Counts[i] += other.Counts[i];
        Ticks += other.Ticks;
    }
}
