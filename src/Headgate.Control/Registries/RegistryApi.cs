using Headgate.Control.AdminApi;

namespace Headgate.Control.Registries;

/// <summary>Start here: which path below a gateway group is answered by whom.</summary>
internal sealed class RegistryApi(RegistryConnections connections, KnownRegistries known, RegistryUsers users, RegistryAsking asking, DiscoveryApi discovery)
{
    /// <summary>The only gateway group that there is.</summary>
    private const string Group = "default";

    /// <summary><c>/api/gateway_groups/GROUP/service_registries...</c>.</summary>
    public ValueTask<AdminResponse> RegistriesAsync(AdminRequest request)
    {
        if (RefuseGroup(request) is { } refusal)
            return ValueTask.FromResult(refusal);
        string[] rest = request.Segments[3..];
        return (request.Method, rest) switch
        {
            ("GET", []) => connections.ListAsync(request),
            ("POST", []) => connections.PostAsync(request),
            ("POST", ["test"]) => asking.TestAsync(null, request),
            ("GET", [var id]) => connections.GetAsync(id, request),
            ("PUT", [var id]) => connections.PutAsync(id, request),
            ("PATCH", [var id]) => connections.PatchAsync(id, request),
            ("DELETE", [var id]) => connections.DeleteAsync(id, request),
            ("POST", [var id, "test"]) => asking.TestAsync(id, request),
            ("GET", [var id, "services"]) => asking.ServicesAsync(id, request),
            ("GET", [var id, "services", .. var name, "instances"]) when name.Length > 0 => asking.InstancesAsync(id, string.Join('/', name), request),
            ("GET", [var id, "status" or "connected_services" or "health_check_history"]) => SeenAsync(id, rest[1], request),
            (_, [] or [_] or [_, "test" or "services" or "status" or "connected_services" or "health_check_history"] or [_, "services", .., "instances"]) =>
                ValueTask.FromResult(AdminResponse.Error(405, $"not supported `{request.Method}` method for this path")),
            _ => ValueTask.FromResult(AdminResponse.Error(404, "there is no such path; see docs/reference/service-registry.md")),
        };
    }

    /// <summary><c>/api/gateway_groups/GROUP/discovery...</c>.</summary>
    public ValueTask<AdminResponse> DiscoveryAsync(AdminRequest request) => ValueTask.FromResult(RefuseGroup(request) ?? (request.Method, request.Segments[3..]) switch
    {
        ("GET", ["services"]) => discovery.Services(request),
        ("POST", ["services", "release"]) => discovery.Release(request),
        (_, ["services"] or ["services", "release"]) => AdminResponse.Error(405, $"not supported `{request.Method}` method for this path"),
        _ => AdminResponse.Error(404, "there is no such path; see docs/reference/service-registry.md"),
    });

    private static AdminResponse? RefuseGroup(AdminRequest request) =>
        request.Segments[1] == Group ? null : AdminResponse.Error(404, $"there is no gateway group {request.Segments[1]}; there is one, {Group}");

    private async ValueTask<AdminResponse> SeenAsync(string id, string what, AdminRequest request)
    {
        if (await known.FindAsync(id, request.Aborted) is not { } registry)
            return AdminResponse.KeyNotFound();
        return what switch
        {
            "status" => AdminResponse.Object(200, registry, static (writer, found) =>
            {
                writer.WriteStartObject("value");
                RegistryJson.WriteStatus(writer, found);
                RegistryJson.WriteCounters(writer, found);
                writer.WriteEndObject();
            }),
            "health_check_history" => RegistryJson.History(registry, request),
            _ => await users.AnswerAsync(registry, request),
        };
    }
}
