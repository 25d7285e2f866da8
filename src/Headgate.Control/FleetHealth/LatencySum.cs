using System.Text.Json;
using Headgate.Core.Upstreams;

namespace Headgate.Control.FleetHealth;

/// <summary>Latencies of several instances, added up bucket by bucket: a percentile of that is the percentile of all, which no mean of percentiles would be.</summary>
internal sealed class LatencySum
{
    private readonly long[] _counts = new long[LatencyBuckets.Count];

    /// <summary>How many there are.</summary>
    public long Total { get; private set; }

    /// <summary>Whether they are latencies as an instance tells them: pairs of a bucket and how many lie in it.</summary>
    public static bool Takes(IReadOnlyList<int> latencies)
    {
        for (int i = 0; i < latencies.Count; i++)
        {
            if (latencies[i] < 0 || (i % 2 == 0 && latencies[i] >= LatencyBuckets.Count))
                return false;
        }

        return latencies.Count % 2 == 0;
    }

    /// <summary>Adds what an instance tells.</summary>
    public void Add(IReadOnlyList<int> latencies)
    {
        for (int i = 0; i < latencies.Count; i += 2)
        {
            _counts[latencies[i]] += latencies[i + 1];
            Total += latencies[i + 1];
        }
    }

    /// <summary>As the member <c>latency_ms</c>; none when there are no latencies.</summary>
    public void Write(Utf8JsonWriter writer)
    {
        if (Total == 0)
            return;
        writer.WriteStartObject("latency_ms");
        writer.WriteNumber("p50", PercentileMs(50));
        writer.WriteNumber("p99", PercentileMs(99));
        writer.WriteEndObject();
    }

    /// <summary>The least of them that so many percent do not exceed, in milliseconds.</summary>
    private double PercentileMs(int percent)
    {
        long below = 0;
        int bucket = -1;
        while (below * 100 < Total * percent)
            below += _counts[++bucket];
        return LatencyBuckets.MiddleMs(bucket);
    }
}
