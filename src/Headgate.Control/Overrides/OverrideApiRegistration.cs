using Headgate.Control.AdminApi;
using Headgate.Control.Groups;
using Headgate.Core.Config;
using Headgate.Core.Snapshot;
using Headgate.Store;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Headgate.Control.Overrides;

/// <summary>Puts the API for operators' overrides (<c>/api/overrides</c>, <c>/api/upstreams/ID/nodes/HOST:PORT/override</c>) into a web application.</summary>
public static class OverrideApiRegistration
{
    private const string PathPrefix = "/api";

    /// <summary>
    /// Serves the paths, with the keys and roles of the Admin API. Call <see cref="AdminApiRegistration.AddAdminApi"/> before the application is built. Every request
    /// leaves the I/O thread first.
    /// </summary>
    /// <param name="endpoints">The web application.</param>
    /// <param name="snapshots">Says which revision is served: a write is answered when it has taken effect.</param>
    /// <param name="upstreams">The upstreams that are served.</param>
    /// <param name="overrides">The overrides as they act.</param>
    public static void MapOverrideApi(this IEndpointRouteBuilder endpoints, SnapshotHolder snapshots, ServedUpstreams upstreams, NodeOverrides overrides)
    {
        IServiceProvider services = endpoints.ServiceProvider;
        IConfigStore store = services.GetRequiredService<IConfigStore>();
        TimeProvider time = services.GetRequiredService<TimeProvider>();
        AdminApiHandler handler = services.GetRequiredService<AdminApiHandler>();
        var gateway = new ServedState(snapshots, upstreams, overrides, time);
        var writes = new OverrideWrites(store, gateway, services.GetRequiredService<GroupScope>().Locks, time);
        var api = new OverrideApi(store, gateway, writes, time);
        endpoints.Map(PathPrefix + "/overrides", context => handler.InvokeAsync(context, PathPrefix, api.ListAsync));
        foreach (ResourceKind kind in ResourceKinds.UpstreamOwners)
            endpoints.Map($"{PathPrefix}/{kind.Plural()}/{{id}}/nodes/{{node}}/override", context => handler.InvokeAsync(context, PathPrefix, api.NodeAsync));
    }
}
