using System.Globalization;
using Headgate.Proxy;
using Headgate.Proxy.Upstream;

namespace Headgate.Metrics;

/// <summary>What the data plane counts.</summary>
internal sealed class ProxyMetrics(DataPlane dataPlane) : IMetricsSource
{
    /// <summary>How tries end, and what that is called here.</summary>
    public static readonly IReadOnlyList<(AttemptFailure Outcome, string Label)> Outcomes =
        [.. Enum.GetValues<AttemptFailure>().Select(o => (o, o == AttemptFailure.None ? "answered" : MetricsWriter.SnakeCase(o.ToString())))];

    /// <inheritdoc/>
    public void Write(MetricsWriter writer)
    {
        writer.Counter("headgate_http_requests_total", "Requests ended, by class of the status; 0xx = no answer was sent.");
        for (int digit = 0; digit <= 5; digit++)
            writer.Sample(dataPlane.Counters.RequestsByStatusClass(digit), ("class", digit.ToString(CultureInfo.InvariantCulture) + "xx"));
        writer.Counter("headgate_http_clients_gone_total", "Requests whose client went away before the answer was out.");
        writer.Sample(dataPlane.Counters.ClientsGone);
        writer.Counter("headgate_upstream_tries_total", "Tries at nodes, by how they ended.");
        foreach ((AttemptFailure outcome, string label) in Outcomes)
            writer.Sample(dataPlane.Counters.Tries(outcome), ("outcome", label));
        writer.Counter("headgate_upstream_retries_total", "Tries that followed another of the same request.");
        writer.Sample(dataPlane.Counters.Retries);
        writer.Counter("headgate_upstream_retries_refused_total", "Retries that were not made because the budget of the upstream was used up.");
        writer.Sample(dataPlane.Counters.RetriesRefused);
        writer.Counter("headgate_upstream_hedges_total", "Tries at a further node while another one of the same request had not answered.");
        writer.Sample(dataPlane.Counters.Hedges);
        writer.Counter("headgate_upstream_hedges_won_total", "Hedges whose answer was passed on.");
        writer.Sample(dataPlane.Counters.HedgesWon);
        writer.Counter("headgate_upstream_hedges_refused_total", "Hedges that were not made because the budget of the upstream was used up.");
        writer.Sample(dataPlane.Counters.HedgesRefused);
        writer.Gauge("headgate_http_connections", "Client connections open now.");
        writer.Sample(dataPlane.Counters.ConnectionsOpen);
        writer.Counter("headgate_http_connections_total", "Client connections accepted.");
        writer.Sample(dataPlane.Counters.ConnectionsAccepted);
        writer.Gauge("headgate_upstream_connections", "Connections to nodes open now, idle ones included.");
        writer.Sample(dataPlane.NodeConnectionsOpen);
    }
}
