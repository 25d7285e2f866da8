namespace Headgate.Proxy.Telemetry.Metrics;

/// <summary>Bytes and latencies of the requests of one route, consumer and node, added up. Used by the thread that made it.</summary>
/// <param name="buckets">Buckets that have a bound.</param>
public sealed class FlowSum(int buckets)
{
    /// <summary>Bytes of requests.</summary>
    public long Ingress { get; internal set; }

    /// <summary>Bytes of answers.</summary>
    public long Egress { get; internal set; }

    /// <summary>From the request's head to the end of its answer.</summary>
    public LatencySum Request { get; } = new(buckets);

    /// <summary>Of that, at nodes; only of requests that came to one.</summary>
    public LatencySum Upstream { get; } = new(buckets);

    /// <summary>Of that, the rest.</summary>
    public LatencySum Gateway { get; } = new(buckets);
}
