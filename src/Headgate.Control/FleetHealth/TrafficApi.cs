using System.Text.Json;
using Headgate.Control.AdminApi;
using Headgate.Control.Groups;
using Headgate.Control.Instances;
using Headgate.Control.Registries;

namespace Headgate.Control.FleetHealth;

/// <summary><c>/api/gateway_groups/GROUP/traffic</c>: requests a second and latencies over all instances, by route, upstream or node, those with most first.</summary>
internal sealed class TrafficApi(GroupScopes scopes, Fleet fleet)
{
    private static readonly string[] Kinds = ["route", "upstream", "node"];

    /// <summary>Answers it.</summary>
    public async ValueTask<AdminResponse> AnswerAsync(AdminRequest request)
    {
        if (await scopes.FindAsync(request.Segments[1], request.Aborted) is not { } group)
            return GroupDispatcher.Unknown(request.Segments[1]);
        string by = request.Query.TryGetValue("by", out var given) ? given.ToString() : Kinds[0];
        if (!Kinds.Contains(by))
            return AdminResponse.Error(400, $"invalid argument by {by}; allowed: {string.Join(", ", Kinds)}");
        if (OwnerFilter.Read(request.Query, out OwnerFilter owners) is { } wrongOwner)
            return wrongOwner;
        string[]? of = request.Query.TryGetValue("route", out var ids) ? ids.ToString().Split(',') : null;
        if (by == "route" ? owners.Owners is not null : by == "node" && of is not null)
            return AdminResponse.Error(400, "argument route goes with by=route and by=upstream, argument upstream with by=upstream and by=node");

        var instances = HeardInstances.Of(fleet.Of(group.Group));
        bool isSplit = by == "upstream" && of is not null;
        if (isSplit)
            instances = instances.Where(GroupUpstreamTraffic.IsToldBy);
        var visible = new VisibleOwners(request, group);
        bool Counts(string owner) => owners.Passes(owner) && visible.Sees(owner);
        bool CountsRoute(string route) => (of is null || of.Contains(route)) && visible.Sees($"routes/{route}");

        // An upstream's latencies are those of all routes' requests, whoever may see the routes.
        var upstreams = new GroupUpstreamTraffic(instances.Heard, one => (by == "upstream" ? Counts(one.Owner) : CountsRoute(one.Route)) && (!isSplit || CountsRoute(one.Route)));
        var nodes = new GroupTraffic(instances.Heard, Counts);
        KeyValuePair<string, double>[] routes = [.. (new GroupRates(fleet, group.Group).Now ?? new Dictionary<string, double>()).Where(one => visible.Sees($"routes/{one.Key}"))];
        IEnumerable<Row> rows = by switch
        {
            "route" => routes.Where(one => CountsRoute(one.Key)).Select(static one => new Row(one.Key, null, null, new Rate(one.Value))),
            "upstream" => (isSplit ? upstreams.Rates() : nodes.Upstreams()).Select(static one => new Row(null, one.Key, null, one.Value)),
            _ => nodes.Nodes().Select(static one => new Row(null, one.Key.Owner, one.Key.Node, one.Value)),
        };
        Row[] list = [.. rows.OrderByDescending(static row => row.Rate.Requests).ThenBy(static row => row.Name, StringComparer.Ordinal)];
        if (Page.Read(request.Query, list.Length, out Page page, always: true) is { } wrongPage)
            return wrongPage;
        Row[] shown = [.. page.Of(list)];
        return Answer(instances, routes.Sum(static one => one.Value), shown, list.Length, by == "node" ? [] : LatenciesOf(shown, upstreams, isRoute: by == "route"));
    }

    /// <summary>Added up for what is shown alone: each takes 1.4 KB while the answer is written.</summary>
    private static Dictionary<string, LatencySum> LatenciesOf(Row[] shown, GroupUpstreamTraffic upstreams, bool isRoute) =>
        upstreams.Latencies(isRoute ? static one => one.Route : static one => one.Owner, shown.Select(static row => row.Key).ToHashSet(StringComparer.Ordinal));

    private static AdminResponse Answer(HeardInstances instances, double requests, Row[] shown, int total, Dictionary<string, LatencySum> latencies) =>
        AdminResponse.Object(200, (instances, requests, shown, total, latencies), static (writer, answer) =>
        {
            answer.instances.Write(writer);
            new Rate(answer.requests).Write(writer);
            writer.WriteStartArray("list");
            foreach (Row row in answer.shown)
                row.Write(writer, answer.latencies.GetValueOrDefault(row.Key));
            writer.WriteEndArray();
            writer.WriteNumber("total", answer.total);
        });

    /// <summary>One line: of a route, an upstream, or a node of one.</summary>
    private readonly record struct Row(string? Route, string? Owner, string? Node, Rate Rate)
    {
        public string Name => $"{Route}{Owner} {Node}";

        /// <summary>Of a route its id, else the owner.</summary>
        public string Key => Route ?? Owner!;

        public void Write(Utf8JsonWriter writer, LatencySum? latencies)
        {
            writer.WriteStartObject();
            if (Route is not null)
                writer.WriteString("route", Route);
            if (Owner is not null)
                writer.WriteString("owner", Owner);
            if (Node is not null)
                writer.WriteString("node", Node);
            Rate.Write(writer);
            latencies?.Write(writer);
            writer.WriteEndObject();
        }
    }
}
