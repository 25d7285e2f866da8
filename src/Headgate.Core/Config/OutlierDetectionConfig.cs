namespace Headgate.Core.Config;

/// <summary>
/// Takes nodes out by how the requests they were sent ended, without probes. A detection that was not written is off; at least one is on. Names as Envoy's, where it
/// has the thing.
/// </summary>
public sealed record OutlierDetectionConfig
{
    /// <summary>Length of a window, 0.1 s to an hour; default 10 s.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Answers of 5xx and failed tries in a row that eject at once, ≥ 1; null = off.</summary>
    public int? Consecutive5xx { get; init; }

    /// <summary>Answers of 502, 503, 504 and failed tries in a row that eject at once, ≥ 1; null = off.</summary>
    public int? ConsecutiveGatewayFailure { get; init; }

    /// <summary>Failed requests of a window; null = off.</summary>
    public FailurePercentageConfig? FailurePercentage { get; init; }

    /// <summary>Success rate against that of all; null = off.</summary>
    public SuccessRateConfig? SuccessRate { get; init; }

    /// <summary>Latency against that of the peers; null = off.</summary>
    public LatencyOutlierConfig? Latency { get; init; }

    /// <summary>How long a first ejection lasts, and how much longer each further one; above 0; default 30 s.</summary>
    public TimeSpan BaseEjectionTime { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long an ejection lasts at most, not below <see cref="BaseEjectionTime"/>; default 300 s, or the base where that is more.</summary>
    public TimeSpan MaxEjectionTime { get; init; } = TimeSpan.FromSeconds(300);

    /// <summary>Part of the nodes that may be ejected at a time, 1..100; default 50.</summary>
    public int MaxEjectionPercent { get; init; } = 50;

    /// <summary>Nodes that must be left to use, ≥ 1; default 1.</summary>
    public int MinRemainingHosts { get; init; } = 1;

    /// <summary>Share of its picks that a node takes when it returns, 1..100; doubles with every good window until it is whole; default 10.</summary>
    public int ReturnPercent { get; init; } = 10;

    /// <summary>Whether requests and failures are counted window by window.</summary>
    public bool CountsRequests => FailurePercentage is not null || SuccessRate is not null;

    /// <summary>Whether anything is judged at the end of a window.</summary>
    public bool JudgesWindows => CountsRequests || Latency is not null;

    /// <summary>How long the ejection lasts that is this many in a row, the first being 1.</summary>
    public TimeSpan EjectionTime(int inRow) => TimeSpan.FromTicks((long)Math.Min((double)MaxEjectionTime.Ticks, (double)BaseEjectionTime.Ticks * inRow));
}
