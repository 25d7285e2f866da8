using Headgate.Core.Primitives;

namespace Headgate.Core.Upstreams;

/// <summary>
/// Counts latencies in buckets that grow with them, 16 to each doubling, so that a quantile is known to within a 32nd (3 %) from 16 µs to 71 minutes, in a memory of
/// 2 KiB however many are counted. The buckets are those of HdrHistogram (log-linear). Counted into by any thread, without a lock; emptied by one reader at a time.
/// </summary>
public sealed class LatencyHistogram
{
    private const int OctaveBits = 4;
    private const long MicrosecondsMax = uint.MaxValue;
    private static readonly int Buckets = LogLinear.Count(32, OctaveBits);

    private readonly int[] _counts = new int[Buckets];

    /// <summary>How many are counted.</summary>
    public int Count
    {
        get
        {
            int sum = 0;
            foreach (ref int count in _counts.AsSpan())
                sum += Volatile.Read(ref count);
            return sum;
        }
    }

    /// <summary>Counts one; what is below 0 or above the range counts as the nearest end. Never allocates.</summary>
    public void Add(TimeSpan latency) => Interlocked.Increment(ref _counts[LogLinear.IndexOf(Math.Clamp(latency.Ticks / TimeSpan.TicksPerMicrosecond, 0, MicrosecondsMax), OctaveBits)]);

    /// <summary>Empties it and says what was in it: how many, and their median in milliseconds (of an even number the lower one), 0 when there were none.</summary>
    public (int Count, double MedianMs) Take()
    {
        Span<int> taken = stackalloc int[Buckets];
        int count = 0;
        for (int i = 0; i < Buckets; i++)
        {
            // Most are empty, and a look costs less than a swap.
            taken[i] = Volatile.Read(ref _counts[i]) == 0 ? 0 : Interlocked.Exchange(ref _counts[i], 0);
            count += taken[i];
        }

        return (count, MedianMs(taken, count));
    }

    private static double MedianMs(ReadOnlySpan<int> counts, int total)
    {
        int below = 0;
        for (int i = 0; i < counts.Length && total > 0; i++)
        {
            below += counts[i];
            if (below >= (total + 1) / 2)
                return (LogLinear.LowerBound(i, OctaveBits) + LogLinear.LowerBound(i + 1, OctaveBits)) / 2000.0;
        }

        return 0;
    }
}
