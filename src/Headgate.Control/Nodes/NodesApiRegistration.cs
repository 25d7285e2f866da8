using Headgate.Control.AdminApi;
using Headgate.Core.Snapshot;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Headgate.Control.Nodes;

/// <summary>Puts what is known about nodes (<c>/api/upstreams/ID/nodes</c>) into a web application.</summary>
public static class NodesApiRegistration
{
    private static readonly string[] Kinds = ["upstreams", "services", "routes"];

    /// <summary>
    /// Serves <c>GET /api/{upstreams|services|routes}/ID/nodes</c>, <c>.../nodes/HOST:PORT</c> and <c>.../nodes/HOST:PORT/timeline</c> with the keys of the Admin API. Call
    /// <see cref="AdminApiRegistration.AddAdminApi"/> before the application is built.
    /// </summary>
    /// <param name="endpoints">The web application.</param>
    /// <param name="upstreams">What is served.</param>
    /// <param name="latencyClockMs">The clock that nodes' latencies are measured by.</param>
    public static void MapNodesApi(this IEndpointRouteBuilder endpoints, ServedUpstreams upstreams, Func<long> latencyClockMs)
    {
        ArgumentNullException.ThrowIfNull(upstreams);
        var guard = ActivatorUtilities.CreateInstance<GuardedEndpoint>(endpoints.ServiceProvider);
        var handler = new NodesApiHandler(upstreams, latencyClockMs);
        foreach (string kind in Kinds)
        {
            string nodes = $"/api/{kind}/{{id}}/nodes";
            endpoints.MapMethods(nodes, ["GET", "HEAD"], context => guard.InvokeAsync(context, (request, _) => handler.All(request, kind)));
            endpoints.MapMethods(nodes + "/{node}", ["GET", "HEAD"], context => guard.InvokeAsync(context, (request, _) => handler.One(request, kind)));
            endpoints.MapMethods(nodes + "/{node}/timeline", ["GET", "HEAD"], context => guard.InvokeAsync(context, (request, _) => handler.Timeline(request, kind)));
        }
    }
}
