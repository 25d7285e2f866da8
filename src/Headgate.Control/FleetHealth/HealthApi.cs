using Headgate.Control.AdminApi;
using Headgate.Control.Groups;
using Headgate.Control.Instances;
using Headgate.Control.Registries;

namespace Headgate.Control.FleetHealth;

/// <summary><c>/api/gateway_groups/GROUP/health</c>: the nodes that some instance does not see up, and who sees them how.</summary>
internal sealed class HealthApi(GroupScopes scopes, Fleet fleet)
{
    private const string Argument = "state";
    private static readonly string[] States = ["down", "partial", "out"];

    /// <summary>Answers it.</summary>
    public async ValueTask<AdminResponse> AnswerAsync(AdminRequest request)
    {
        if (await scopes.FindAsync(request.Segments[1], request.Aborted) is not { } group)
            return GroupDispatcher.Unknown(request.Segments[1]);
        string? state = request.Query.TryGetValue(Argument, out var wanted) ? wanted.ToString() : null;
        if (state is not null && !States.Contains(state))
            return AdminResponse.Error(400, $"invalid argument {Argument} {state}; allowed: {string.Join(", ", States)}");
        if (OwnerFilter.Read(request.Query, out OwnerFilter filter) is { } wrongOwner)
            return wrongOwner;
        var health = GroupHealth.Of(HeardInstances.Of(fleet.Of(group.Group)), new VisibleOwners(request, group).Sees);
        SightedNode[] list = [.. health.Nodes.Where(node => filter.Passes(node.Owner) && (state is null || node.States.State == state))];
        if (Page.Read(request.Query, list.Length, out Page page, always: true) is { } wrongPage)
            return wrongPage;
        SightedNode[] shown = [.. page.Of(list)];
        HashSet<string> owners = [.. shown.Select(static node => node.Owner)];
        return Answer(health, shown, list.Length, new GroupTraffic(health.Instances.Heard, owners.Contains).Nodes());
    }

    private static AdminResponse Answer(GroupHealth health, SightedNode[] shown, int total, Dictionary<(string Owner, string Node), Rate> traffic) =>
        AdminResponse.Object(200, (health, shown, total, traffic), static (writer, answer) =>
        {
            answer.health.Instances.Write(writer);
            writer.WriteStartObject("nodes");
            foreach (string state in States)
                writer.WriteNumber(state, answer.health.Nodes.Count(node => node.States.State == state));
            writer.WriteEndObject();
            writer.WriteStartArray("list");
            foreach (SightedNode node in answer.shown)
            {
                writer.WriteStartObject();
                node.WriteMembers(writer, answer.traffic.GetValueOrDefault((node.Owner, node.Node), new Rate(0, 0)));
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteNumber("total", answer.total);
        });
}
