using System.Diagnostics;
using System.Globalization;
using Headgate.Core.Snapshot;
using Headgate.Core.Upstreams;
using Headgate.Proxy.Telemetry.Metrics;

namespace Headgate.Metrics;

/// <summary>Requests and tries by upstream and node, of requests that the <c>prometheus</c> plugin counts. Nodes that got none have no samples.</summary>
internal sealed class NodeTrafficMetrics(ServedUpstreams upstreams, TrafficMetrics traffic) : IMetricsSource
{
    private readonly double[] _bounds = [.. traffic.BucketsMs.Select(static ms => ms / 1000)];

    /// <inheritdoc/>
    public void Write(MetricsWriter writer)
    {
        (string Owner, NodeSnapshot Node, NodeSum Sum)[] nodes =
        [
            .. upstreams.All.OrderBy(static served => served.Owner, StringComparer.Ordinal)
                .SelectMany(static served => served.Upstream.Nodes, static (served, node) => (served.Owner, node, TrafficMetrics.Read(node.State)!))
                .Where(static counted => counted.Item3 is not null),
        ];
        writer.Counter("headgate_upstream_node_requests_total", "Requests whose last try was at the node.");
        foreach ((string owner, NodeSnapshot node, NodeSum sum) in nodes)
            writer.Sample(sum.Requests, ("upstream", owner), ("host", node.Config.Host), ("port", Port(node)));
        writer.Counter("headgate_upstream_node_tries_total", "Tries at the node, by how they ended.");
        foreach ((string owner, NodeSnapshot node, NodeSum sum) in nodes)
        {
            foreach ((int outcome, string label) in ProxyMetrics.Outcomes.Select(static known => ((int)known.Outcome, known.Label)).Where(known => sum.Outcomes[known.Item1] > 0))
                writer.Sample(sum.Outcomes[outcome], ("upstream", owner), ("host", node.Config.Host), ("port", Port(node)), ("outcome", label));
        }

        writer.Counter("headgate_upstream_node_retries_total", "Tries at the node that followed another try of the same request.");
        foreach ((string owner, NodeSnapshot node, NodeSum sum) in nodes)
            writer.Sample(sum.Retries, ("upstream", owner), ("host", node.Config.Host), ("port", Port(node)));
        writer.Gauge("headgate_upstream_node_in_flight", "Tries under way at the node.");
        foreach ((string owner, NodeSnapshot node, _) in nodes)
            writer.Sample(node.State.InFlight, ("upstream", owner), ("host", node.Config.Host), ("port", Port(node)));
        writer.Histogram("headgate_upstream_node_answer_seconds", "Time from the beginning of a try, connecting included, to the head of its answer.");
        foreach ((string owner, NodeSnapshot node, NodeSum sum) in nodes)
        {
            writer.Distribution(
                _bounds, sum.Answers.Counts, Stopwatch.GetElapsedTime(0, sum.Answers.Ticks).TotalSeconds, ("upstream", owner), ("host", node.Config.Host), ("port", Port(node)));
        }

        writer.Gauge("headgate_metrics_label_sets", "Combinations of labels that requests are counted apart by.");
        writer.Sample(traffic.LabelSets);
        writer.Counter("headgate_metrics_overflowed_total", "Requests counted with every label \"overflow\", because there were headgate.metrics.label_sets_max combinations already.");
        writer.Sample(traffic.Overflowed);
    }

    private static string Port(NodeSnapshot node) => node.Config.Port.ToString(CultureInfo.InvariantCulture);
}
