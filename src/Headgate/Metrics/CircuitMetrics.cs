using Headgate.Core.Resilience;
using Headgate.Core.Snapshot;
using Headgate.Proxy;

namespace Headgate.Metrics;

/// <summary>The circuit breakers of upstreams that have one.</summary>
internal sealed class CircuitMetrics(DataPlane dataPlane) : IMetricsSource
{
    /// <inheritdoc/>
    public void Write(MetricsWriter writer)
    {
        writer.Counter("headgate_upstream_circuit_refused_total", "Requests refused because the circuit of their upstream was open.");
        writer.Sample(dataPlane.Counters.ShortCircuits);
        writer.Gauge("headgate_upstream_circuit_state", "0 for a closed circuit, 1 for a half-open one, 2 for an open one.");
        foreach (ServedUpstream served in dataPlane.Upstreams.All.Where(served => served.Upstream.Breaker is not null).OrderBy(served => served.Owner, StringComparer.Ordinal))
        {
            int state = served.Upstream.Breaker!.State switch { CircuitState.Closed => 0, CircuitState.HalfOpen => 1, _ => 2 };
            writer.Sample(state, ("upstream", served.Owner));
        }
    }
}
