using Headgate.Control.AdminApi;
using Headgate.Core.Snapshot;
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
    /// Serves <c>GET /api/{upstreams|services|routes}/ID/nodes</c>, <c>.../nodes/HOST:PORT</c> and <c>.../nodes/HOST:PORT/timeline</c> with the keys of the Admin API. Call
    /// <see cref="AdminApiRegistration.AddAdminApi"/> before the application is built.
    /// </summary>
    /// <param name="endpoints">The web application.</param>
    /// <param name="upstreams">What is served.</param>
    /// <param name="latencyClockMs">The clock that nodes' latencies are measured by.</param>
    public static void MapNodesApi(this IEndpointRouteBuilder endpoints, ServedUpstreams upstreams, Func<long> latencyClockMs)
    {
        ArgumentNullException.ThrowIfNull(upstreams);
        AdminApiHandler guard = endpoints.ServiceProvider.GetRequiredService<AdminApiHandler>();
        var handler = new NodesApiHandler(upstreams, latencyClockMs);
        foreach (string kind in Kinds)
        {
            string nodes = $"{PathPrefix}/{kind}/{{id}}/nodes";
            Map(nodes, handler.All);
            Map(nodes + "/{node}", handler.One);
            Map(nodes + "/{node}/timeline", handler.Timeline);
        }

        void Map(string path, Func<AdminRequest, AdminResponse> answer) =>
            endpoints.MapMethods(path, ["GET", "HEAD"], context => guard.InvokeAsync(context, PathPrefix, request => ValueTask.FromResult(answer(request))));
    }
}
