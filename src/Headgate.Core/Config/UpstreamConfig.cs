using Headgate.Core.Primitives;

namespace Headgate.Core.Config;

/// <summary>
/// An upstream as a user wrote it, typed; what was not written is null, and defaults act at use.
/// Equal records mean equal behaviour. Source: APISIX upstream schema (docs/reference/upstream.md).
/// </summary>
public sealed record UpstreamConfig
{
    /// <summary>Id, or the key of the object that holds this upstream inline (<c>routes/1</c>).</summary>
    public required string Id { get; init; }

    /// <summary>Display name; null when absent.</summary>
    public string? Name { get; init; }

    /// <summary>Fixed nodes in the order written; empty when the nodes come from a service registry.</summary>
    public EquatableArray<NodeConfig> Nodes { get; init; } = [];

    /// <summary>Name of the load balancing policy; default <c>roundrobin</c>.</summary>
    public string Type { get; init; } = "roundrobin";

    /// <summary>What <c>chash</c> and <c>maglev</c> hash: vars, header, cookie, consumer or vars_combinations; default vars.</summary>
    public string HashOn { get; init; } = "vars";

    /// <summary>Name of the hashed variable, header or cookie; null when absent.</summary>
    public string? Key { get; init; }

    /// <summary>What <c>chash</c> and <c>maglev</c> hash when the request has nothing of <see cref="Key"/>, as <see cref="HashOn"/>; null = the client's address at once.</summary>
    public string? HashFallback { get; init; }

    /// <summary>As <see cref="Key"/>, for <see cref="HashFallback"/>; null exactly when that is.</summary>
    public string? HashFallbackKey { get; init; }

    /// <summary>
    /// Percent of its part of the requests in flight that a node may have before hashing passes it over, 100 or more; null = no bound. Envoy's field.
    /// </summary>
    public int? HashBalanceFactor { get; init; }

    /// <summary>Sticky sessions; null = none.</summary>
    public StickyConfig? Sticky { get; init; }

    /// <summary>How requests choose among the nodes by metadata; null = they do not.</summary>
    public SubsetConfig? Subset { get; init; }

    /// <summary>Nodes of the gateway's own zone first; null = zones do not matter.</summary>
    public ZoneAwareConfig? ZoneAware { get; init; }

    /// <summary>Requests per second; null = no limit.</summary>
    public RateLimitConfig? RateLimit { get; init; }

    /// <summary>Changes of the request header fields; null = none.</summary>
    public RequestHeadersConfig? RequestHeaders { get; init; }

    /// <summary>Extra tries after the first; null = number of nodes − 1; 0 = none.</summary>
    public int? Retries { get; init; }

    /// <summary>Time from the first try after which no further try starts; null or zero = no limit.</summary>
    public TimeSpan? RetryTimeout { get; init; }

    /// <summary>What else there is to say about retries.</summary>
    public RetryConfig Retry { get; init; } = RetryConfig.Default;

    /// <summary>When a request that has no answer yet is sent to a further node; null = never.</summary>
    public HedgingConfig? Hedging { get; init; }

    /// <summary>When requests are refused because most fail; null = never.</summary>
    public CircuitBreakerConfig? CircuitBreaker { get; init; }

    /// <summary>Timeouts of a try; null = <see cref="TimeoutConfig.Default"/>.</summary>
    public TimeoutConfig? Timeout { get; init; }

    /// <summary>Protocol towards the nodes; default http.</summary>
    public UpstreamScheme Scheme { get; init; } = UpstreamScheme.Http;

    /// <summary>Which Host the nodes see; default the client's.</summary>
    public PassHost PassHost { get; init; } = PassHost.Pass;

    /// <summary>The Host for <see cref="Config.PassHost.Rewrite"/>; null otherwise.</summary>
    public string? UpstreamHost { get; init; }

    /// <summary>Idle connections kept per endpoint.</summary>
    public KeepalivePoolConfig KeepalivePool { get; init; } = KeepalivePoolConfig.Default;

    /// <summary>TLS towards the nodes; null when the object has no <c>tls</c>.</summary>
    public UpstreamTlsConfig? Tls { get; init; }

    /// <summary>Health checks; null = none, every node counts as healthy.</summary>
    public HealthChecksConfig? Checks { get; init; }

    /// <summary>Outlier detection; null = none.</summary>
    public OutlierDetectionConfig? OutlierDetection { get; init; }

    /// <summary>Percent of the nodes below which what was found out about them is ignored, 0..100; default 0: only when none is left. Envoy's field.</summary>
    public int PanicThreshold { get; init; }

    /// <summary>Whether requests fail then, instead of going to any node; default false. Envoy's field.</summary>
    public bool FailTrafficOnPanic { get; init; }

    /// <summary>Slow start; null = none, every node takes its full part at once.</summary>
    public WarmUpConfig? WarmUp { get; init; }

    /// <summary>Requests that a node may have under way at a time, unless it says so itself; ≥ 1; null = no limit.</summary>
    public int? MaxRequests { get; init; }

    /// <summary>Where requests wait while every node has its <see cref="MaxRequests"/>; null = they do not.</summary>
    public RequestQueueConfig? Queue { get; init; }

    /// <summary>Whether a node has a limit of requests under way.</summary>
    public bool LimitsRequests => MaxRequests is not null || Nodes.Any(static node => node.MaxRequests is not null);

    /// <summary>The service whose instances are its nodes, besides <see cref="Nodes"/>; null = none.</summary>
    public ServiceKey? Service { get; init; }
}
