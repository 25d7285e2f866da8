using System.Globalization;
using Headgate.Core.Snapshot;
using Headgate.Core.Upstreams;
using Headgate.Proxy.Probes;

namespace Headgate.Metrics;

/// <summary>What health checks have found.</summary>
internal sealed class HealthMetrics(HealthMonitor health) : IMetricsSource
{
    /// <inheritdoc/>
    public void Write(MetricsWriter writer)
    {
        writer.Counter("headgate_health_probes_total", "Probes of nodes, by what they said about the node.");
        foreach (HealthEvent said in Enum.GetValues<HealthEvent>())
            writer.Sample(health.Probes(said), ("result", MetricsWriter.SnakeCase(said.ToString())));
        writer.Counter("headgate_health_probes_missed_total", "Probes that could not be made because the gateway had no descriptor, memory or local port for them.");
        writer.Sample(health.ProbesMissed);
        writer.Gauge("headgate_upstream_node_healthy", "1 for a checked node that is healthy, 0 for one that is not.");
        foreach (ServedUpstream upstream in health.Checked)
        {
            foreach (NodeSnapshot node in upstream.Upstream.Nodes)
            {
                string port = node.Config.Port.ToString(CultureInfo.InvariantCulture);
                writer.Sample(node.State.Health.IsHealthy ? 1 : 0, ("upstream", upstream.Owner), ("host", node.Config.Host), ("port", port));
            }
        }
    }
}
