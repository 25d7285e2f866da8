using Headgate.Control.AdminApi;
using Headgate.Control.FleetHealth;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Headgate.Control.Nodes;

/// <summary>Puts what is known about nodes (<c>/api/upstreams/ID/nodes</c>) into a web application.</summary>
public static class NodesApiRegistration
{
    private const string PathPrefix = "/api";

    private static readonly string[] Kinds = ["upstreams", "services", "routes"];

    /// <summary>
    /// Serves <c>GET /api/{upstreams|services|routes}/ID/nodes</c>, <c>.../nodes/HOST:PORT</c>, <c>.../nodes/HOST:PORT/timeline</c> and <c>/api/.../ID/timeline</c> with the keys of the Admin API. Call
    /// <see cref="AdminApiRegistration.AddAdminApi"/> before the application is built.
    /// </summary>
    public static void MapNodesApi(this IEndpointRouteBuilder endpoints)
    {
        AdminApiHandler guard = endpoints.ServiceProvider.GetRequiredService<AdminApiHandler>();
        FleetNodes nodes = ActivatorUtilities.CreateInstance<FleetNodes>(endpoints.ServiceProvider);
        foreach (string kind in Kinds)
        {
            string all = $"{PathPrefix}/{kind}/{{id}}/nodes";
            Map(all, nodes.AllAsync);
            Map(all + "/{node}", nodes.OneAsync);
            Map(all + "/{node}/timeline", nodes.TimelineAsync);
            Map($"{PathPrefix}/{kind}/{{id}}/timeline", nodes.UpstreamTimelineAsync);
        }

        void Map(string path, Func<AdminRequest, ValueTask<AdminResponse>> answer) =>
            endpoints.MapMethods(path, ["GET", "HEAD"], context => guard.InvokeAsync(context, PathPrefix, answer));
    }
}
