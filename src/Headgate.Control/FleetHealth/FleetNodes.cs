using System.Text.Json;
using Headgate.Control.AdminApi;
using Headgate.Control.AdminApi.Json;
using Headgate.Control.Instances;
using Headgate.Control.Nodes;
using Headgate.Control.Registries;
using Microsoft.AspNetCore.Http;

namespace Headgate.Control.FleetHealth;

/// <summary>
/// <c>/api/{upstreams|services|routes}/ID/nodes...</c>: as the instance of <c>?instance_id=</c> sees them, else as all instances of the gateway group together do. Instances are asked, in
/// this moment.
/// </summary>
internal sealed class FleetNodes(InstanceAsking asking, Fleet fleet)
{
    /// <summary>
    /// The nodes of an upstream, a page of them, or those that are looked for: those of the instance that runs the newest revision, in its order, then those that only others have.
    /// </summary>
    public async ValueTask<AdminResponse> AllAsync(AdminRequest request)
    {
        if (NodeFilter.Read(request.Query, out NodeFilter filter) is { } wrong)
            return wrong;
        return await AnswerAsync(request, answers => All(answers, filter, request.Query));
    }

    private static AdminResponse All(FleetAnswers answers, NodeFilter filter, IQueryCollection query)
    {
        var nodes = new OrderedDictionary<string, FleetNode>(StringComparer.Ordinal);
        foreach ((string instance, JsonElement body) in answers.Views)
        {
            foreach (JsonElement node in body.GetProperty("nodes").EnumerateArray())
            {
                string name = node.GetProperty("node").GetString()!;
                if (!nodes.TryGetValue(name, out FleetNode? seen))
                    nodes[name] = seen = new FleetNode();
                seen.Add(instance, node);
            }
        }

        (FleetNode Node, string State)[] meant = [.. nodes.Select(one => (one.Key, one.Value, State: one.Value.StateIn(answers))).Where(one => filter.Passes(one.Key, one.State)).Select(static one => (one.Value, one.State))];
        if (Page.Read(query, meant.Length, out Page page) is { } wrong)
            return wrong;
        return AdminResponse.Object(200, (answers, meant, page), static (writer, state) =>
        {
            foreach (JsonProperty member in state.answers.Views[0].Body.EnumerateObject())
            {
                if (member.NameEquals("total"))
                {
                    writer.WriteNumber("total", state.meant.Length);
                    writer.WriteNumber("up", state.meant.Count(static one => one.State == "up"));
                }
                else if (member.NameEquals("nodes"))
                {
                    WriteNodes(writer, state.page.Of(state.meant).Select(static one => one.Node), state.answers);
                }
                else
                {
                    member.WriteTo(writer);
                }
            }
        });
    }

    /// <summary>One node.</summary>
    public ValueTask<AdminResponse> OneAsync(AdminRequest request) => AnswerAsync(request, static answers =>
    {
        var node = new FleetNode();
        foreach ((string instance, JsonElement body) in answers.Views)
            node.Add(instance, body);
        return AdminResponse.Object(200, (answers, node), static (writer, state) => state.node.WriteMembers(writer, state.answers));
    });

    /// <summary>What happened to one node, on whichever instance, the latest first; as much as one instance keeps.</summary>
    public ValueTask<AdminResponse> TimelineAsync(AdminRequest request) => AnswerAsync(request, static answers =>
    {
        JsonElement first = answers.Views[0].Body;
        var changes = Latest(answers, first.GetProperty("kept_max").GetInt32());
        return AdminResponse.Object(200, (answers, first, changes), static (writer, state) => WriteTimeline(writer, state.first, state.changes, state.changes.Length, state.answers));
    });

    /// <summary>What happened to all nodes of an upstream, on whichever instance, the latest first.</summary>
    public async ValueTask<AdminResponse> UpstreamTimelineAsync(AdminRequest request)
    {
        if (TimelineLimit.Read(request.Query, out int limit) is { } wrong)
            return wrong;
        Dictionary<string, DateTimeOffset> starts = fleet.Of(request.Address.Group).ToDictionary(static one => one.Identity.Id, static one => one.Identity.StartTime, StringComparer.Ordinal);
        return await AnswerAsync(request, answers => AdminResponse.Object(200, (answers, starts, changes: Latest(answers, limit)), static (writer, state) =>
        {
            int total = state.answers.Views.Sum(static view => view.Body.GetProperty("total").GetInt32());
            WriteTimeline(writer, state.answers.Views[0].Body, state.changes, total, state.answers);
            writer.WriteStartArray("instances");
            foreach ((string id, _) in state.answers.Views)
            {
                writer.WriteStartObject();
                writer.WriteString("id", id);
                writer.WriteNumber("start_time", state.starts.GetValueOrDefault(id).ToUnixTimeSeconds());
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        }));
    }

    private async ValueTask<AdminResponse> AnswerAsync(AdminRequest request, Func<FleetAnswers, AdminResponse> together)
    {
        if (request.Query[InstanceAsking.Argument].Count > 0)
            return await asking.AskOneAsync(request.Address.Group, request.ToQuestion(), request);
        (AdminResponse? refusal, FleetAnswers? answers) = await FleetAnswers.AskAsync(asking, fleet, request);
        return refusal ?? together(answers!);
    }

    private static void WriteNodes(Utf8JsonWriter writer, IEnumerable<FleetNode> nodes, FleetAnswers answers)
    {
        writer.WriteStartArray("nodes");
        foreach (FleetNode node in nodes)
        {
            writer.WriteStartObject();
            node.WriteMembers(writer, answers);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static (string Instance, JsonElement Change)[] Latest(FleetAnswers answers, int max) =>
    [
        .. answers.Views.SelectMany(static view => view.Body.GetProperty("timeline").EnumerateArray().Select(change => (view.Instance, change)))
            .OrderByDescending(static one => one.change.GetProperty("at").GetDateTimeOffset()).Take(max),
    ];

    /// <summary>As an instance tells it, with what happened on all, and who did not answer.</summary>
    private static void WriteTimeline(Utf8JsonWriter writer, JsonElement one, (string Instance, JsonElement Change)[] changes, int total, FleetAnswers answers)
    {
        foreach (JsonProperty member in one.EnumerateObject())
        {
            if (member.NameEquals("total"))
                writer.WriteNumber("total", total);
            else if (member.NameEquals("timeline"))
                WriteChanges(writer, changes);
            else
                member.WriteTo(writer);
        }

        writer.WriteTexts("unknown", answers.Unknown);
    }

    private static void WriteChanges(Utf8JsonWriter writer, IEnumerable<(string Instance, JsonElement Change)> changes)
    {
        writer.WriteStartArray("timeline");
        foreach ((string instance, JsonElement change) in changes)
        {
            writer.WriteStartObject();
            foreach (JsonProperty member in change.EnumerateObject())
                member.WriteTo(writer);
            writer.WriteString("instance_id", instance);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }
}
