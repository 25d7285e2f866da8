using Headgate.Core.Snapshot;

namespace Headgate.Metrics;

/// <summary>What upstreams' rate limits have refused.</summary>
internal sealed class RateMetrics(ServedUpstreams upstreams) : IMetricsSource
{
    /// <inheritdoc/>
    public void Write(MetricsWriter writer)
    {
        writer.Counter("headgate_upstream_rejected_requests_total", "Requests that an upstream's rate_limit has refused.");
        foreach (ServedUpstream upstream in upstreams.All)
        {
            if (upstream.Upstream.Policies is { Rate: { } rate })
                writer.Sample(rate.Rejected, ("upstream", upstream.Owner));
        }
    }
}
