using Headgate.Control.AdminApi;
using Headgate.Control.Groups;
using Headgate.Core.Discovery;
using Headgate.Core.Snapshot;
using Headgate.Store;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Headgate.Control.Registries;

/// <summary>Puts the API for service registry connections and for what is discovered (<c>/api/gateway_groups/default/...</c>) into a web application.</summary>
public static class RegistryApiRegistration
{
    private const string PathPrefix = "/api";

    /// <summary>
    /// Serves the paths, with the keys and roles of the Admin API. Call <see cref="AdminApiRegistration.AddAdminApi"/> before the application is built. Every request
    /// leaves the I/O thread first.
    /// </summary>
    /// <param name="endpoints">The web application.</param>
    /// <param name="snapshots">Says which revision is served: a write is answered when it has taken effect.</param>
    /// <param name="upstreams">The upstreams that are served.</param>
    /// <param name="discovery">What is known of registries and services.</param>
    /// <param name="questions">Asks registries.</param>
    /// <param name="settings">Of each registry of <c>config.yaml</c>, by its type, the settings as they may be shown: JSON without secrets.</param>
    public static void MapRegistryApi(
        this IEndpointRouteBuilder endpoints, SnapshotHolder snapshots, ServedUpstreams upstreams, IDiscoveryView discovery, IRegistryQuestions questions,
        IReadOnlyDictionary<string, string> settings)
    {
        IServiceProvider services = endpoints.ServiceProvider;
        IConfigStore store = services.GetRequiredService<IConfigStore>();
        AdminApiHandler handler = services.GetRequiredService<AdminApiHandler>();
        TimeProvider time = services.GetRequiredService<TimeProvider>();
        var known = new KnownRegistries(store, discovery, settings);
        GroupScope group = services.GetRequiredService<GroupScope>();
        var users = new RegistryUsers(group.Index, upstreams, time);
        var connections = new RegistryConnections(
            store, known, group.Writes, group.Deletes, new ServedRevision(snapshots, time));
        var api = new RegistryApi(connections, known, users, new RegistryAsking(known, questions, time), new DiscoveryApi(discovery, time));
        endpoints.Map(PathPrefix + "/gateway_groups/{group}/service_registries/{**rest}", context => handler.InvokeAsync(context, PathPrefix, api.RegistriesAsync));
        endpoints.Map(PathPrefix + "/gateway_groups/{group}/discovery/{**rest}", context => handler.InvokeAsync(context, PathPrefix, api.DiscoveryAsync));
    }
}
