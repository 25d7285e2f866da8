using Headgate.Control.AdminApi;
using Headgate.Control.Groups;
using Headgate.Control.Instances;
using Headgate.Control.Line;
using Microsoft.AspNetCore.Http;

namespace Headgate.Control.Registries;

/// <summary>
/// Start here: which path below a gateway group is answered by whom. What is configured is written here; how registries are and what they say is known to the instances that follow them.
/// </summary>
internal sealed class RegistryApi(GroupScopes scopes, InstanceAsking asking, Convergence convergence, TimeProvider time)
{
    private static readonly AdminResponse NoSuchPath = AdminResponse.Error(404, "there is no such path; see docs/reference/service-registry.md");

    /// <summary><c>/api/gateway_groups/GROUP/service_registries...</c>.</summary>
    public async ValueTask<AdminResponse> RegistriesAsync(AdminRequest request)
    {
        if (await scopes.FindAsync(request.Segments[1], request.Aborted) is not { } group)
            return GroupDispatcher.Unknown(request.Segments[1]);
        var connections = new RegistryConnections(group, asking, convergence);
        string[] rest = request.Segments[3..];
        return (request.Method, rest) switch
        {
            ("POST", []) => await connections.PostAsync(request),
            ("PUT", [var id]) => await connections.PutAsync(id, request),
            ("PATCH", [var id]) => await connections.PatchAsync(id, request),
            ("DELETE", [var id]) => await connections.DeleteAsync(id, request),
            ("GET", []) or ("GET", [_]) => await KnownAsync(group, rest, request),
            ("GET", [_, "connected_services"]) => await new RegistryUsers(group, asking, time).AnswerAsync(request),
            ("POST", ["test"] or [_, "test"]) or ("GET", [_, "services" or "status" or "health_check_history"] or [_, "services", _, .., "instances"]) =>
                await asking.AskOneAsync(group.Group, request.ToQuestion(), request),
            (_, [] or [_] or [_, "test" or "services" or "status" or "connected_services" or "health_check_history"] or [_, "services", .., "instances"]) => NotSupported(request),
            _ => NoSuchPath,
        };
    }

    /// <summary><c>/api/gateway_groups/GROUP/discovery...</c>.</summary>
    public async ValueTask<AdminResponse> DiscoveryAsync(AdminRequest request)
    {
        if (await scopes.FindAsync(request.Segments[1], request.Aborted) is not { } group)
            return GroupDispatcher.Unknown(request.Segments[1]);
        return (request.Method, request.Segments[3..]) switch
        {
            ("GET", ["services"]) => await asking.AskOneAsync(group.Group, request.ToQuestion(), request),
            ("POST", ["services", "release"]) => await ReleaseAsync(group.Group, request),
            (_, ["services"] or ["services", "release"]) => NotSupported(request),
            _ => NoSuchPath,
        };
    }

    private static AdminResponse NotSupported(AdminRequest request) => AdminResponse.Error(405, $"not supported `{request.Method}` method for this path");

    /// <summary>As an instance knows them; when there is none, as they are configured.</summary>
    private async ValueTask<AdminResponse> KnownAsync(GroupScope group, string[] rest, AdminRequest request)
    {
        AdminResponse answer = await asking.AskOneAsync(group.Group, request.ToQuestion(), request);
        if (answer.Status != StatusCodes.Status503ServiceUnavailable || request.Query.ContainsKey(InstanceAsking.Argument))
            return answer;
        return await new RegistryReads(KnownRegistries.Stored(group.Store)).AnswerAsync(rest, request);
    }

    /// <summary>Every instance holds what it holds: all are told to let go. The answer is that of the one that held most.</summary>
    private async ValueTask<AdminResponse> ReleaseAsync(string group, AdminRequest request)
    {
        IReadOnlyList<(Instance Instance, InstanceAnswer Answer)> answers = await asking.AskAllAsync(group, request.ToQuestion(), request.Aborted);
        if (answers.Count == 0)
            return InstanceAsking.Nobody(group);
        (Instance instance, InstanceAnswer answer) = answers.MaxBy(static one => one.Answer.Status == StatusCodes.Status200OK ? one.Answer.Body.GetProperty("released_instances").GetInt32() : -1);
        return InstanceAsking.Response(instance, answer);
    }
}
