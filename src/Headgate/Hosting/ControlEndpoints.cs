using Headgate.CommandLine;
using Headgate.Control.Access;
using Headgate.Control.AdminApi;
using Headgate.Control.ControlApi;
using Headgate.Control.Dashboard;
using Headgate.Control.Explain;
using Headgate.Control.FleetHealth;
using Headgate.Control.Groups;
using Headgate.Control.Instances;
using Headgate.Control.Line;
using Headgate.Control.Nodes;
using Headgate.Control.ObjectsApi;
using Headgate.Control.OpenApi;
using Headgate.Control.Overrides;
using Headgate.Control.Plugins;
using Headgate.Control.Registries;
using Headgate.Control.Revisions;
using Headgate.Control.Status;
using Headgate.Metrics;
using Headgate.Settings;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Headgate.Hosting;

/// <summary>What each listener beside traffic answers, by the role of the process: a data plane has no Admin API, and on a control plane nothing is known of traffic.</summary>
/// <param name="settings">What the gateway runs with.</param>
/// <param name="configuration">The configuration.</param>
/// <param name="traffic">The traffic side; null on a control plane.</param>
/// <param name="isReady">Whether the process is ready for what it does. Any thread.</param>
internal sealed class ControlEndpoints(GatewaySettings settings, OpenConfiguration configuration, TrafficServer? traffic, Func<bool> isReady)
{
    /// <summary>Where a build puts the dashboard: beside the executable.</summary>
    public static string DashboardFolder { get; } = Path.Combine(AppContext.BaseDirectory, "dashboard");

    private readonly Dictionary<string, string> _registries =
        settings.Registries.ToDictionary(static registry => registry.Config.Type, static registry => registry.Shown);

    /// <summary>Endpoints by purpose; a purpose that the role does not have is missing.</summary>
    public Dictionary<ListenerPurpose, Action<IEndpointRouteBuilder>> Build()
    {
        var endpoints = new Dictionary<ListenerPurpose, Action<IEndpointRouteBuilder>>
        {
            [ListenerPurpose.Control] = map => map.MapControlApi(configuration.Store, traffic?.Health, traffic?.Discovery, _registries),
            [ListenerPurpose.Status] = map => map.MapStatusApi(isReady, configuration.LastGood, TimeProvider.System),
            [ListenerPurpose.Metrics] = map => map.MapMetrics(settings.Metrics.Uri, [.. Metrics(map.ServiceProvider)]),
        };
        if (settings.ServesAdmin)
            endpoints[ListenerPurpose.Admin] = MapAdmin;
        return endpoints;
    }

    private IEnumerable<IMetricsSource> Metrics(IServiceProvider services)
    {
        yield return new ProcessMetrics(GatewayVersion.Text, () => traffic?.Revision ?? -1);
        if (services.GetService<InstanceStatuses>() is { } instances)
            yield return new InstanceMetrics(instances.All);
        if (configuration.LastGood is not null)
            yield return new ConfigurationMetrics(configuration.LastGood, TimeProvider.System);
        foreach (IMetricsSource source in traffic?.Metrics ?? [])
            yield return source;
    }

    private void MapAdmin(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapAdminApi();
        endpoints.MapGroupApi();
        endpoints.MapAccessApi();
        endpoints.MapObjectsApi();
        endpoints.MapOpenApi();
        endpoints.MapPluginsApi();
        endpoints.MapRevisionApi();
        endpoints.MapNodesApi();
        endpoints.MapExplainApi();
        endpoints.MapOverrideApi();
        endpoints.MapRegistryApi();
        endpoints.MapInstancesApi();
        endpoints.MapLine();
        endpoints.MapDashboard(DashboardFolder);
    }
}
