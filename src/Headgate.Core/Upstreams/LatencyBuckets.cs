using Headgate.Core.Primitives;

namespace Headgate.Core.Upstreams;

/// <summary>
/// The buckets in which instances count latencies and tell of them, small and the same everywhere, so that the counts of several may be added up: 8 to each doubling, from 8 µs on. What lies in
/// one is known to a 16th (6 %), below 64 µs to 4 µs.
/// </summary>
public static class LatencyBuckets
{
    private const int Bits = 3;
    private const int UnitMicroseconds = 8;
    private const int UnitBits = 24;

    /// <summary>How many there are. The last ends at 134 s, and holds what took longer, too.</summary>
    public static readonly int Count = LogLinear.Count(UnitBits, Bits);

    /// <summary>That of a latency: 0 to <see cref="Count"/> − 1.</summary>
    public static int IndexOf(TimeSpan latency) =>
        LogLinear.IndexOf(Math.Clamp(latency.Ticks / (UnitMicroseconds * TimeSpan.TicksPerMicrosecond), 0, (1L << UnitBits) - 1), Bits);

    /// <summary>What a latency in it is said to be, in milliseconds.</summary>
    public static double MiddleMs(int bucket) => (LogLinear.LowerBound(bucket, Bits) + LogLinear.LowerBound(bucket + 1, Bits)) * UnitMicroseconds / 2000.0;
}
