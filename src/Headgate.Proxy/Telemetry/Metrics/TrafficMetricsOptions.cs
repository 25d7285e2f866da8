using Headgate.Core.Primitives;

namespace Headgate.Proxy.Telemetry.Metrics;

/// <summary>How requests are counted.</summary>
public sealed record TrafficMetricsOptions
{
    /// <summary>Upper bounds of the buckets of latencies, milliseconds, rising; 1 to 50 of them. The defaults are APISIX's: 1 ms to 60 s.</summary>
    public EquatableArray<double> BucketsMs { get; init; } = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 30000, 60000];

    /// <summary>
    /// Combinations of labels that are counted apart; what comes after them is counted together, as <see cref="TrafficMetrics.Overflow"/>. Each has about 60 lines of the page and 600 bytes
    /// for each loop that sees it.
    /// </summary>
    public int LabelSetsMax { get; init; } = 10_000;
}
