using System.Globalization;
using Headgate.Core.Snapshot;
using Headgate.Core.Upstreams;
using Headgate.Proxy;

namespace Headgate.Metrics;

/// <summary>What outlier detection did, and which upstreams are in panic.</summary>
internal sealed class OutlierMetrics(DataPlane dataPlane) : IMetricsSource
{
    /// <inheritdoc/>
    public void Write(MetricsWriter writer)
    {
        writer.Counter("headgate_outlier_ejections_total", "Ejections of nodes, by the detection that found them.");
        foreach (EjectionReason why in Enum.GetValues<EjectionReason>().Where(why => why != EjectionReason.None))
            writer.Sample(dataPlane.Outliers.Ejections(why), ("reason", Name(why)));
        writer.Counter("headgate_outlier_ejections_refused_total", "Ejections that max_ejection_percent or min_remaining_hosts did not allow.");
        writer.Sample(dataPlane.Outliers.Refused);
        writer.Gauge("headgate_upstream_node_ejected", "1 for a node that outlier detection has ejected, 0 for another of an upstream with outlier detection.");
        foreach (ServedUpstream upstream in dataPlane.Outliers.Watched)
        {
            foreach (NodeSnapshot node in upstream.Upstream.Nodes)
            {
                string port = node.Config.Port.ToString(CultureInfo.InvariantCulture);
                bool ejected = (node.State.Exclusions & NodeExclusions.Ejected) != 0;
                writer.Sample(ejected ? 1 : 0, ("upstream", upstream.Owner), ("host", node.Config.Host), ("port", port));
            }
        }

        writer.Gauge("headgate_upstream_panic", "1 for an upstream with so few usable nodes that panic_threshold acts; those with checks or outlier detection.");
        foreach (ServedUpstream served in dataPlane.Upstreams.All.OrderBy(served => served.Owner, StringComparer.Ordinal))
        {
            if (served.Upstream.Config.Checks is not null || served.Upstream.Config.OutlierDetection is not null)
                writer.Sample(served.Upstream.IsInPanic ? 1 : 0, ("upstream", served.Owner));
        }
    }

    /// <summary>As the fields of the configuration are called: <c>consecutive_5xx</c>.</summary>
    private static string Name(EjectionReason why) => why == EjectionReason.Consecutive5xx ? "consecutive_5xx" : MetricsWriter.SnakeCase(why.ToString());
}
