using Headgate.Control.AdminApi;
using Headgate.Control.Groups;
using Headgate.Control.Instances;
using Headgate.Core.Config;
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
    public static void MapOverrideApi(this IEndpointRouteBuilder endpoints)
    {
        IServiceProvider services = endpoints.ServiceProvider;
        AdminApiHandler handler = services.GetRequiredService<AdminApiHandler>();
        var api = new OverrideApi(
            services.GetRequiredService<GroupScopes>(), services.GetRequiredService<InstanceAsking>(), services.GetRequiredService<Convergence>(), services.GetRequiredService<TimeProvider>());
        endpoints.Map(PathPrefix + "/overrides", context => handler.InvokeAsync(context, PathPrefix, api.ListAsync));
        foreach (ResourceKind kind in ResourceKinds.UpstreamOwners)
        {
            endpoints.Map($"{PathPrefix}/{kind.Plural()}/{{id}}/overrides", context => handler.InvokeAsync(context, PathPrefix, api.OfUpstreamAsync));
            endpoints.Map($"{PathPrefix}/{kind.Plural()}/{{id}}/nodes/{{node}}/override", context => handler.InvokeAsync(context, PathPrefix, api.NodeAsync));
        }
    }
}
