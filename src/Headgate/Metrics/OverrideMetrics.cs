using Headgate.Core.Config;
using Headgate.Core.Snapshot;

namespace Headgate.Metrics;

/// <summary>Nodes that operators have taken into their own hands.</summary>
internal sealed class OverrideMetrics(NodeOverrides overrides) : IMetricsSource
{
    /// <inheritdoc/>
    public void Write(MetricsWriter writer)
    {
        NodeOverride[] acting = [.. overrides.All.Where(item => item.Node is not null)];
        writer.Gauge("headgate_upstream_node_overrides", "Nodes in use with an operator's override, by its kind.");
        foreach (OverrideKind kind in Enum.GetValues<OverrideKind>())
            writer.Sample(acting.Count(item => item.Config.Kind == kind), ("kind", kind.Name()));
        writer.Gauge("headgate_upstream_nodes_draining", "Nodes being drained at which something is still under way.");
        writer.Sample(acting.Count(item => item.Config.Kind == OverrideKind.Drain && item.DrainedAt is null));
        writer.Gauge("headgate_upstream_draining_in_flight", "Tries and tunnels under way at nodes being drained.");
        writer.Sample(acting.Where(item => item.Config.Kind == OverrideKind.Drain).Sum(item => item.Node?.InFlight ?? 0));
    }
}
