using Headgate.Control.AdminApi;
using Headgate.Control.FleetHealth;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Headgate.Control.Instances;

/// <summary>Puts what is known of gateway instances (<c>/api/instances</c>, <c>/api/gateway_groups/GROUP/convergence</c>, <c>.../health</c>, <c>.../traffic</c>) into a web application.</summary>
public static class InstancesApiRegistration
{
    private const string PathPrefix = "/api";

    /// <summary>Serves the paths, with the keys and roles of the Admin API. Call <see cref="AdminApiRegistration.AddAdminApi"/> before the application is built.</summary>
    public static void MapInstancesApi(this IEndpointRouteBuilder endpoints)
    {
        IServiceProvider services = endpoints.ServiceProvider;
        AdminApiHandler handler = services.GetRequiredService<AdminApiHandler>();
        InstancesApi api = ActivatorUtilities.CreateInstance<InstancesApi>(services);
        foreach (string instances in (string[])["/instances", "/gateway_groups/{group}/instances"])
        {
            Map(instances, ["GET", "HEAD"], api.AllAsync);
            Map(instances + "/{id}", ["GET", "HEAD", "DELETE"], api.OneAsync);
        }

        Map("/gateway_groups/{group}/health", ["GET", "HEAD"], ActivatorUtilities.CreateInstance<HealthApi>(services).AnswerAsync);
        Map("/gateway_groups/{group}/traffic", ["GET", "HEAD"], ActivatorUtilities.CreateInstance<TrafficApi>(services).AnswerAsync);
        Map("/gateway_groups/{group}/convergence", ["GET", "HEAD"], api.ConvergenceAsync);
        Map("/gateway_groups/{group}/revisions/{revision}/convergence", ["GET", "HEAD"], api.ConvergenceAsync);

        void Map(string path, string[] methods, Func<AdminRequest, ValueTask<AdminResponse>> answer) =>
            endpoints.MapMethods(PathPrefix + path, methods, context => handler.InvokeAsync(context, PathPrefix, answer));
    }
}
