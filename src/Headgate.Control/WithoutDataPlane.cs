using Headgate.Control.AdminApi;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Headgate.Control;

/// <summary>Answers for what only a data plane knows, on a control plane: with the reason, so that nobody takes it for a wrong path or for an empty state.</summary>
public static class WithoutDataPlane
{
    private const string Reason = "this process is a control plane and serves no traffic: what nodes, explain, overrides and service registries need of a data plane is not to be had here";

    private static readonly string[] Paths =
    [
        "/api/explain/{**rest}", "/api/overrides", "/api/{kind}/{id}/nodes/{**rest}", "/api/gateway_groups/{group}/service_registries/{**rest}", "/api/gateway_groups/{group}/discovery/{**rest}",
    ];

    /// <summary>Serves the paths of the nodes, explain, override and registry APIs with 501. Call <see cref="AdminApiRegistration.AddAdminApi"/> before the application is built.</summary>
    public static void MapWithoutDataPlane(this IEndpointRouteBuilder endpoints)
    {
        var guard = ActivatorUtilities.CreateInstance<GuardedEndpoint>(endpoints.ServiceProvider);
        foreach (string path in Paths)
            endpoints.Map(path, context => guard.InvokeAsync(context, static (_, _) => AdminResponse.Error(StatusCodes.Status501NotImplemented, Reason)));
    }
}
