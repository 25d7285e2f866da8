using Headgate.Control.AdminApi;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Headgate.Control.Plugins;

/// <summary>Puts the list of plugins into a web application.</summary>
public static class PluginsApiRegistration
{
    private const string PathPrefix = "/api";

    /// <summary>Serves <c>GET /api/plugins</c> to everybody who is known. Call <see cref="AdminApiRegistration.AddAdminApi"/> before the application is built.</summary>
    public static void MapPluginsApi(this IEndpointRouteBuilder endpoints)
    {
        AdminApiHandler handler = endpoints.ServiceProvider.GetRequiredService<AdminApiHandler>();
        AdminResponse list = PluginsApi.List(endpoints.ServiceProvider.GetRequiredService<AdminApiOptions>().Plugins);
        endpoints.MapGet(PathPrefix + "/plugins", context => handler.InvokeAsync(context, PathPrefix, _ => ValueTask.FromResult(list)));
    }
}
