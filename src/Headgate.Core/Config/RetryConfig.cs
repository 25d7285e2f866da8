namespace Headgate.Core.Config;

/// <summary>
/// How an upstream's requests are tried again, beyond <c>retries</c> and <c>retry_timeout</c>: the fields that APISIX does not have (docs/reference/retries.md). An upstream
/// that writes none of them has <see cref="Default"/>.
/// </summary>
public sealed record RetryConfig
{
    /// <summary>What an upstream has that says nothing.</summary>
    public static RetryConfig Default { get; } = new();

    /// <summary>Which failures are tried again; default all three, which is what APISIX does.</summary>
    public RetryConditions On { get; init; } = RetryConditions.ConnectFailure | RetryConditions.Reset | RetryConditions.Timeout;

    /// <summary>Answers that are dropped and tried again; null = none, an answer is an answer.</summary>
    public StatusSet? Statuses { get; init; }

    /// <summary>Whether POST, PATCH and unknown methods are repeated too once a node may have got the request; default no.</summary>
    public bool NonIdempotent { get; init; }

    /// <summary>Time for one try up to the head of its answer; null = only the upstream's timeouts act.</summary>
    public TimeSpan? PerTryTimeout { get; init; }

    /// <summary>Waiting between tries; null = none.</summary>
    public BackOffConfig? BackOff { get; init; }

    /// <summary>How much extra load retries may be.</summary>
    public RetryBudgetConfig Budget { get; init; } = RetryBudgetConfig.Default;

    /// <summary>Bytes of a request body that are kept for a further try; a longer one is not sent twice. 0 = none is kept.</summary>
    public int BodyBytesMax { get; init; } = 65_536;
}
