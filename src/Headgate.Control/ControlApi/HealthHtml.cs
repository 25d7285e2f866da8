using System.Globalization;
using System.Net;
using System.Text;
using Headgate.Control.AdminApi;
using Headgate.Core.Config;
using Headgate.Core.Snapshot;
using Headgate.Core.Upstreams;
using Microsoft.AspNetCore.Http;

namespace Headgate.Control.ControlApi;

/// <summary>What health checks have found as a page for people: a table with a row a node, its columns those of APISIX's page. Everything from outside is escaped.</summary>
internal static class HealthHtml
{
    private static readonly string[] Columns =
        ["Index", "Upstream", "Check type", "Host", "Status", "Success counts", "TCP failures", "HTTP failures", "Timeout failures"];

    /// <summary>Whether a client asks for HTML, and does not rather have JSON.</summary>
    public static bool IsAskedFor(HttpRequest request)
    {
        double html = 0, json = 0;
        foreach (var accepted in request.GetTypedHeaders().Accept)
        {
            if (accepted.MediaType.Equals("text/html", StringComparison.OrdinalIgnoreCase))
                html = accepted.Quality ?? 1;
            else if (accepted.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase))
                json = accepted.Quality ?? 1;
        }

        return html > 0 && html >= json;
    }

    /// <summary>The page.</summary>
    public static AdminResponse Page(IReadOnlyList<ServedUpstream> upstreams)
    {
        var page = new StringBuilder();
        page.Append("<!DOCTYPE html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\"><title>Health of upstreams</title></head>\n<body>\n<h1>Health of upstreams</h1>\n");
        page.Append("<table border=\"1\" cellspacing=\"0\" cellpadding=\"3\">\n<tr>");
        foreach (string column in Columns)
            page.Append("<th>").Append(column).Append("</th>");
        page.Append("</tr>\n");
        int index = 0;
        foreach (ServedUpstream upstream in upstreams)
        {
            foreach (NodeSnapshot node in upstream.Upstream.Nodes)
                AppendRow(page, ++index, upstream, node.State, upstream.Upstream.Config.Checks!.Active.Port ?? node.Config.Port);
        }

        return AdminResponse.Html(page.Append("</table>\n</body>\n</html>\n").ToString());
    }

    private static void AppendRow(StringBuilder page, int index, ServedUpstream upstream, NodeState node, int port)
    {
        HealthCounters health = node.Health.Counters;
        page.Append(health.Status <= HealthStatus.MostlyHealthy ? "<tr>" : "<tr bgcolor=\"#ffd0d0\">");
        string[] cells =
        [
            Number(index), $"{ResourceKinds.DefaultPrefix}/{upstream.Owner}", HealthNames.Of(upstream.Upstream.Config.Checks!.Active.Type), $"{HealthNames.Address(node)}:{port}",
            HealthNames.Of(health.Status), Number(health.Successes), Number(health.TcpFailures), Number(health.HttpFailures), Number(health.Timeouts),
        ];
        foreach (string cell in cells)
            page.Append("<td>").Append(WebUtility.HtmlEncode(cell)).Append("</td>");
        page.Append("</tr>\n");
    }

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
