using System.Globalization;
using Headgate.Core.Snapshot;
using Headgate.Core.Upstreams;

namespace Headgate.Metrics;

/// <summary>What bounds the load of nodes: limits of requests under way, the queue before them, slow start. Only upstreams that have them have samples.</summary>
internal sealed class NodeLoadMetrics(ServedUpstreams upstreams) : IMetricsSource
{
    /// <inheritdoc/>
    public void Write(MetricsWriter writer)
    {
        ServedUpstream[] all = [.. upstreams.All.OrderBy(served => served.Owner, StringComparer.Ordinal)];
        ServedUpstream[] limited = [.. all.Where(served => served.Upstream.Queue is not null)];
        writer.Gauge("headgate_upstream_node_requests", "Requests under way at a node of an upstream with max_requests.");
        foreach (ServedUpstream served in limited)
            WriteNodes(writer, served, static node => node.Permits.Taken);
        writer.Gauge("headgate_upstream_queue_requests", "Requests that wait now for a node with a free permit.");
        foreach (ServedUpstream served in limited)
            writer.Sample(served.Upstream.Queue!.Count, ("upstream", served.Owner));
        writer.Counter("headgate_upstream_queue_requests_total", "Requests that found every node at its max_requests, by what became of them; refused = the queue was full, or there is none.");
        foreach (ServedUpstream served in limited)
        {
            RequestQueue queue = served.Upstream.Queue!;
            writer.Sample(queue.Served, ("upstream", served.Owner), ("outcome", "served"));
            writer.Sample(queue.TimedOut, ("upstream", served.Owner), ("outcome", "timed_out"));
            writer.Sample(queue.Refused, ("upstream", served.Owner), ("outcome", "refused"));
            writer.Sample(queue.Left, ("upstream", served.Owner), ("outcome", "client_gone"));
        }

        writer.Gauge("headgate_upstream_node_share", "How much a node of an upstream with warm_up_conf takes of the requests it is picked for, 0 to 1.");
        foreach (ServedUpstream served in all.Where(served => served.Upstream.Config.WarmUp is not null))
            WriteNodes(writer, served, static node => node.Share.Effective / (double)PickShare.Full);
    }

    private static void WriteNodes(MetricsWriter writer, ServedUpstream served, Func<NodeState, double> value)
    {
        foreach (NodeSnapshot node in served.Upstream.Nodes)
        {
            string port = node.Config.Port.ToString(CultureInfo.InvariantCulture);
            writer.Sample(value(node.State), ("upstream", served.Owner), ("host", node.Config.Host), ("port", port));
        }
    }
}
