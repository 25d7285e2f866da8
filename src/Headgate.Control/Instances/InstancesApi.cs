using System.Globalization;
using Headgate.Control.AdminApi;
using Headgate.Control.Groups;
using Microsoft.AspNetCore.Http;

namespace Headgate.Control.Instances;

/// <summary>Answers which gateway instances there are and how they are, and how far they have come with a revision.</summary>
internal sealed class InstancesApi(GroupScopes scopes, Fleet fleet, InstanceRecords records, Convergence convergence)
{
    /// <summary><c>/api/instances</c>, of the group that the request names, and <c>/api/gateway_groups/GROUP/instances</c>.</summary>
    public async ValueTask<AdminResponse> AllAsync(AdminRequest request)
    {
        if (await ScopeAsync(request) is not { } group)
            return GroupDispatcher.Unknown(GroupOf(request));
        return AdminResponse.Object(200, (fleet, group), static (writer, state) =>
        {
            IReadOnlyList<Instance> all = state.fleet.Of(state.group.Group);
            writer.WriteStartArray("list");
            foreach (Instance instance in all)
            {
                writer.WriteStartObject();
                InstanceJson.WriteMembers(writer, instance, state.group.Revisions);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteNumber("total", all.Count);
        });
    }

    /// <summary>One of them. DELETE forgets one that is no longer there.</summary>
    public async ValueTask<AdminResponse> OneAsync(AdminRequest request)
    {
        if (await ScopeAsync(request) is not { } group)
            return GroupDispatcher.Unknown(GroupOf(request));
        if (fleet.Find(group.Group, request.Segments[^1]) is not { } instance)
            return AdminResponse.KeyNotFound();
        if (HttpMethods.IsDelete(request.Method))
            return await ForgetAsync(instance, request);
        return AdminResponse.Object(200, (instance, group), static (writer, state) =>
        {
            writer.WriteStartObject("value");
            InstanceJson.WriteMembers(writer, state.instance, state.group.Revisions);
            writer.WriteEndObject();
        });
    }

    /// <summary><c>/api/gateway_groups/GROUP/convergence</c>, of the newest revision, and <c>.../revisions/N/convergence</c>.</summary>
    public async ValueTask<AdminResponse> ConvergenceAsync(AdminRequest request)
    {
        if (await ScopeAsync(request) is not { } group)
            return GroupDispatcher.Unknown(GroupOf(request));
        long revision = group.Revisions.Newest?.Revision ?? 0;
        if (request.Segments is [_, _, "revisions", var number, _] && !(long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out revision) && revision > 0))
            return AdminResponse.Error(400, $"{number} is no revision; it is a number from 1");
        return AdminResponse.Object(200, convergence.Of(group, revision), InstanceJson.WriteConverged);
    }

    private static string GroupOf(AdminRequest request) => request.Segments is ["gateway_groups", var group, ..] ? group : request.Address.Group;

    private ValueTask<GroupScope?> ScopeAsync(AdminRequest request) => scopes.FindAsync(GroupOf(request), request.Aborted);

    private async ValueTask<AdminResponse> ForgetAsync(Instance instance, AdminRequest request)
    {
        if (instance.IsHeard)
            return AdminResponse.Error(StatusCodes.Status409Conflict, $"instance {instance.Identity.Id} is there: stop it first, then it can be forgotten");
        await records.DeleteAsync(instance.Identity, request.Origin);
        fleet.Forget(instance);
        return AdminResponse.Object(200, instance.Identity.Id, static (writer, id) =>
        {
            writer.WriteString("deleted", "1");
            writer.WriteString("key", id);
        });
    }
}
