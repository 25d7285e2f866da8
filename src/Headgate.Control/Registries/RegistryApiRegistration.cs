using Headgate.Control.AdminApi;
using Headgate.Control.Groups;
using Headgate.Control.Instances;
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
    public static void MapRegistryApi(this IEndpointRouteBuilder endpoints)
    {
        IServiceProvider services = endpoints.ServiceProvider;
        AdminApiHandler handler = services.GetRequiredService<AdminApiHandler>();
        var api = new RegistryApi(
            services.GetRequiredService<GroupScopes>(), services.GetRequiredService<InstanceAsking>(), services.GetRequiredService<Convergence>(), services.GetRequiredService<TimeProvider>());
        endpoints.Map(PathPrefix + "/gateway_groups/{group}/service_registries/{**rest}", context => handler.InvokeAsync(context, PathPrefix, api.RegistriesAsync, triesOut: true));
        endpoints.Map(PathPrefix + "/gateway_groups/{group}/discovery/{**rest}", context => handler.InvokeAsync(context, PathPrefix, api.DiscoveryAsync));
    }
}
