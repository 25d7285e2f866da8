using System.Diagnostics;
using System.Globalization;
using Headgate.Core.Config;
using Headgate.Core.Snapshot;
using Headgate.Core.Upstreams;
using Headgate.Proxy;
using Headgate.Proxy.Telemetry.Metrics;

namespace Headgate.Metrics;

/// <summary>
/// The metrics of APISIX under its names, so that its dashboards work. Source: APISIX, <c>apisix/plugins/prometheus/exporter.lua</c>; what of it there is no such thing for here (shared
/// dictionaries, LLM tokens, streams) is left out.
/// </summary>
internal sealed class ApisixMetrics(DataPlane dataPlane, TrafficMetrics traffic, string prefix, string version, Func<long> configRevision) : IMetricsSource
{
    /// <inheritdoc/>
    public void Write(MetricsWriter writer)
    {
        WriteConnections(writer);
        writer.Gauge(prefix + "etcd_reachable", "Config server etcd reachable from APISIX, 0 is unreachable");
        writer.Sample(configRevision() >= 0 ? 1 : 0);
        writer.Gauge(prefix + "etcd_modify_indexes", "Etcd modify index for APISIX keys");
        writer.Sample(Math.Max(0, configRevision()), ("key", "max_modify_index"));
        writer.Gauge(prefix + "node_info", "Info of APISIX node");
        writer.Sample(1, ("hostname", Environment.MachineName), ("version", version));
        writer.Gauge(prefix + "upstream_status", "Upstream status from health check");
        foreach (ServedUpstream upstream in dataPlane.Health.Checked)
        {
            foreach (NodeSnapshot node in upstream.Upstream.Nodes)
            {
                string port = node.Config.Port.ToString(CultureInfo.InvariantCulture);
                writer.Sample(node.State.Health.IsHealthy ? 1 : 0, ("name", $"{ResourceKinds.DefaultPrefix}/{upstream.Owner}"), ("ip", node.Config.Host), ("port", port));
            }
        }

        WriteRequests(writer, traffic.Read());
    }

    private void WriteConnections(MetricsWriter writer)
    {
        long requests = 0;
        for (int digit = 0; digit <= 5; digit++)
            requests += dataPlane.Counters.RequestsByStatusClass(digit);
        writer.Gauge(prefix + "http_requests_total", "The total number of client requests since APISIX started");
        writer.Sample(requests);
        long active = dataPlane.Counters.ConnectionsOpen;
        long atNodes = dataPlane.Upstreams.All.Sum(static served => served.Upstream.Nodes.Sum(static node => node.State.InFlight));
        writer.Gauge(prefix + "nginx_http_current_connections", "Number of HTTP connections");
        writer.Sample(dataPlane.Counters.ConnectionsAccepted, ("state", "accepted"));
        writer.Sample(active, ("state", "active"));
        writer.Sample(dataPlane.Counters.ConnectionsAccepted, ("state", "handled"));
        writer.Sample(0, ("state", "reading"));
        writer.Sample(Math.Max(0, active - atNodes), ("state", "waiting"));
        writer.Sample(atNodes, ("state", "writing"));
    }

    private void WriteRequests(MetricsWriter writer, MetricsReading reading)
    {
        writer.Counter(prefix + "http_status", "HTTP status codes per service in APISIX");
        foreach ((RequestLabels labels, int status, long count) in reading.Statuses)
        {
            writer.Sample(
                count, ("code", status.ToString(CultureInfo.InvariantCulture)), ("route", labels.Flow.Route), ("matched_uri", labels.MatchedUri), ("matched_host", labels.MatchedHost),
                ("service", labels.Flow.Service), ("consumer", labels.Flow.Consumer), ("node", labels.Flow.Node));
        }

        writer.Counter(prefix + "bandwidth", "Total bandwidth in bytes consumed per service in APISIX");
        foreach ((FlowLabels labels, FlowSum flow) in reading.Flows)
        {
            writer.Sample(flow.Ingress, ("type", "ingress"), ("route", labels.Route), ("service", labels.Service), ("consumer", labels.Consumer), ("node", labels.Node));
            writer.Sample(flow.Egress, ("type", "egress"), ("route", labels.Route), ("service", labels.Service), ("consumer", labels.Consumer), ("node", labels.Node));
        }

        writer.Histogram(prefix + "http_latency", "HTTP request latency in milliseconds per service in APISIX");
        foreach ((FlowLabels labels, FlowSum flow) in reading.Flows)
        {
            WriteLatency(writer, "request", labels, flow.Request);
            if (flow.Upstream.Counts.AsSpan().ContainsAnyExcept(0L))
                WriteLatency(writer, "upstream", labels, flow.Upstream);
            WriteLatency(writer, "apisix", labels, flow.Gateway);
        }
    }

    private void WriteLatency(MetricsWriter writer, string type, FlowLabels labels, LatencySum sum) => writer.Distribution(
        traffic.BucketsMs, sum.Counts, Stopwatch.GetElapsedTime(0, sum.Ticks).TotalMilliseconds,
        ("type", type), ("route", labels.Route), ("service", labels.Service), ("consumer", labels.Consumer), ("node", labels.Node));
}
