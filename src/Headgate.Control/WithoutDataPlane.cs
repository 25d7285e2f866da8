using Headgate.Control.AdminApi;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Headgate.Control;

/// <summary>Answers for what only a data plane knows, on a control plane: with the reason, so that nobody takes it for a wrong path or for an empty state.</summary>
public static class WithoutDataPlane
{
    private const string PathPrefix = "/api";

    private const string Reason = "this process is a control plane and serves no traffic: what nodes, explain, overrides and service registries need of a data plane is not to be had here";

    private static readonly string[] Paths =
    [
        "/explain/{**rest}", "/overrides", "/{kind}/{id}/nodes/{**rest}", "/gateway_groups/{group}/service_registries/{**rest}", "/gateway_groups/{group}/discovery/{**rest}",
    ];

    /// <summary>Serves the paths of the nodes, explain, override and registry APIs with 501. Call <see cref="AdminApiRegistration.AddAdminApi"/> before the application is built.</summary>
    public static void MapWithoutDataPlane(this IEndpointRouteBuilder endpoints)
    {
        AdminApiHandler handler = endpoints.ServiceProvider.GetRequiredService<AdminApiHandler>();
        foreach (string path in Paths)
            endpoints.Map(PathPrefix + path, context => handler.InvokeAsync(context, PathPrefix, static _ => ValueTask.FromResult(AdminResponse.Error(StatusCodes.Status501NotImplemented, Reason))));
    }
}
