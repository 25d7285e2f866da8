using System.Text.Json;
using Headgate.Control.AdminApi;
using Headgate.Core.Discovery;

namespace Headgate.Control.Registries;

/// <summary>Answers what is followed and what is held, and lets what is held go.</summary>
internal sealed class DiscoveryApi(IDiscoveryView discovery, TimeProvider time)
{
    private static readonly string[] ReleaseMembers = ["registry", "service_name"];

    /// <summary>The services that upstreams follow: those of <c>registry</c>, of <c>service_name</c>; with <c>instances=true</c> also their instances.</summary>
    public AdminResponse Services(AdminRequest request)
    {
        (string registry, string name, string wantsInstances) = (request.Query["registry"].ToString(), request.Query["service_name"].ToString(), request.Query["instances"].ToString());
        if (wantsInstances is not ("" or "true" or "false"))
            return AdminResponse.Error(400, "invalid argument instances; allowed: true, false");
        ServiceView[] found = [.. discovery.Services().Where(service => (registry.Length == 0 || service.Key.Registry == registry) && (name.Length == 0 || service.Key.Name == name))];
        if (Page.Read(request.Query, found.Length, out Page page) is { } refusal)
            return refusal;
        return AdminResponse.Object(200, (found, page, now: time.GetUtcNow(), instances: wantsInstances == "true"), static (writer, state) =>
        {
            writer.WriteStartArray("list");
            foreach (ServiceView service in state.page.Of(state.found))
            {
                writer.WriteStartObject();
                DiscoveryJson.WriteMembers(writer, service, state.now, state.instances);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteNumber("total", state.found.Length);
        });
    }

    /// <summary>Takes out what is held of a service, whatever its arguments.</summary>
    public AdminResponse Release(AdminRequest request)
    {
        if (request.Body is not { ValueKind: JsonValueKind.Object } body || ReleaseMembers.Any(member => !body.TryGetProperty(member, out JsonElement value) || value.ValueKind != JsonValueKind.String)
            || body.EnumerateObject().Any(member => !ReleaseMembers.Contains(member.Name)))
        {
            return AdminResponse.Error(400, "the body is to be an object with two texts: registry (consul, service_registries/ID) and service_name");
        }

        (string registry, string name) = (body.GetProperty("registry").GetString()!, body.GetProperty("service_name").GetString()!);
        ServiceView[] followed = [.. discovery.Services().Where(service => service.Key.Registry == registry && service.Key.Name == name)];
        if (followed.Length == 0)
            return AdminResponse.Error(404, $"no upstream follows service {name} of registry {registry}");
        return AdminResponse.Object(200, (discovery, followed), static (writer, state) =>
        {
            int services = 0, instances = 0;
            foreach (ServiceView service in state.followed)
            {
                if (!state.discovery.Release(service.Key))
                    continue;
                services++;
                instances += service.Held?.Missing ?? 0;
            }

            writer.WriteNumber("released_services", services);
            writer.WriteNumber("released_instances", instances);
        });
    }
}
