namespace Headgate.Core.Config;

/// <summary>When an upstream is given a rest from requests that are likely to fail.</summary>
public sealed record CircuitBreakerConfig
{
    /// <summary>Failed requests in percent of all that open the circuit; 1 to 100, default 50.</summary>
    public int FailurePercentage { get; init; } = 50;

    /// <summary>Requests within the window below which nothing is concluded; at least 1, default 20.</summary>
    public int RequestVolume { get; init; } = 20;

    /// <summary>What is looked at: the last time of this length, up to twice as long; default 10 s.</summary>
    public TimeSpan Window { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long the circuit stays open before trial requests; default 5 s.</summary>
    public TimeSpan OpenTime { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Trial requests that are let through at a time, and that must succeed to close the circuit; at least 1, default 3.</summary>
    public int HalfOpenRequests { get; init; } = 3;
}
