using Headgate.Proxy.Upstream;

namespace Headgate.Proxy.Restart;

/// <summary>One moment by the clocks that a node's state is written in.</summary>
/// <param name="Now">The wall clock.</param>
/// <param name="LatencyMs">The clock of latencies, milliseconds.</param>
/// <param name="OutlierMs">The clock of outlier detection, milliseconds.</param>
internal readonly record struct KeeperClocks(DateTimeOffset Now, long LatencyMs, long OutlierMs)
{
    /// <summary>This moment.</summary>
    public static KeeperClocks Read(TimeProvider time) => new(time.GetUtcNow(), NodeLatency.NowMs, (long)time.GetElapsedTime(0).TotalMilliseconds);
}
