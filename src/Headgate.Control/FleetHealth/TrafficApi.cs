using System.Text.Json;
using Headgate.Control.AdminApi;
using Headgate.Control.Groups;
using Headgate.Control.Instances;
using Headgate.Control.Registries;

namespace Headgate.Control.FleetHealth;

/// <summary><c>/api/gateway_groups/GROUP/traffic</c>: requests a second over all instances, by route, upstream or node, those with most first.</summary>
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
        if (OwnerFilter.Read(request.Query, out OwnerFilter upstream) is { } wrongOwner)
            return wrongOwner;
        string? route = request.Query.TryGetValue("route", out var id) ? id.ToString() : null;
        if (by == "route" ? upstream.Owners is not null : route is not null)
            return AdminResponse.Error(400, "argument route goes with by=route, argument upstream with by=upstream and by=node");
        var instances = HeardInstances.Of(fleet.Of(group.Group));
        var visible = new VisibleOwners(request, group);
        var traffic = new GroupTraffic(instances.Heard, owner => upstream.Passes(owner) && visible.Sees(owner));
        KeyValuePair<string, double>[] routes = [.. (new GroupRates(fleet, group.Group).Now ?? new Dictionary<string, double>()).Where(one => visible.Sees($"routes/{one.Key}"))];
        IEnumerable<Row> rows = by switch
        {
            "route" => routes.Where(one => route is null || one.Key == route).Select(static one => new Row(one.Key, null, null, new Rate(one.Value))),
            "upstream" => traffic.Upstreams().Select(static one => new Row(null, one.Key, null, one.Value)),
            _ => traffic.Nodes().Select(static one => new Row(null, one.Key.Owner, one.Key.Node, one.Value)),
        };
        Row[] list = [.. rows.OrderByDescending(static row => row.Rate.Requests).ThenBy(static row => row.Name, StringComparer.Ordinal)];
        return Page.Read(request.Query, list.Length, out Page page, always: true) ?? Answer(instances, routes.Sum(static one => one.Value), [.. page.Of(list)], list.Length);
    }

    private static AdminResponse Answer(HeardInstances instances, double requests, Row[] shown, int total) =>
        AdminResponse.Object(200, (instances, requests, shown, total), static (writer, answer) =>
        {
            answer.instances.Write(writer);
            new Rate(answer.requests).Write(writer);
            writer.WriteStartArray("list");
            foreach (Row row in answer.shown)
                row.Write(writer);
            writer.WriteEndArray();
            writer.WriteNumber("total", answer.total);
        });

    /// <summary>One line: of a route, an upstream, or a node of one.</summary>
    private readonly record struct Row(string? Route, string? Owner, string? Node, Rate Rate)
    {
        public string Name => $"{Route}{Owner} {Node}";

        public void Write(Utf8JsonWriter writer)
        {
            writer.WriteStartObject();
            if (Route is not null)
                writer.WriteString("route", Route);
            if (Owner is not null)
                writer.WriteString("owner", Owner);
            if (Node is not null)
                writer.WriteString("node", Node);
            Rate.Write(writer);
            writer.WriteEndObject();
        }
    }
}
