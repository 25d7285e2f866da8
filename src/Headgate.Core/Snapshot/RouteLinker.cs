using Headgate.Core.Config;
using Headgate.Core.Config.Plugins;
using Headgate.Core.Plugins;
using Headgate.Core.Primitives;
using Headgate.Core.Routing;

namespace Headgate.Core.Snapshot;

/// <summary>Merges a route with its service and plugin config and points it at its upstream, as APISIX does (apisix/plugin.lua merge_service_route, plugin_config.lua, init.lua).</summary>
/// <param name="upstreams">The upstreams that are served.</param>
/// <param name="services">The services that are served.</param>
/// <param name="pluginConfigs">The plugin configs that are served.</param>
/// <param name="plugins">Makes plugins run; null = no route is given any.</param>
internal sealed class RouteLinker(HeldUpstreams upstreams, IReadOnlyDictionary<string, HeldService> services, HeldPluginSets pluginConfigs, IPluginCompiler? plugins)
{
    /// <summary>The route as it is to be served now; the one that is served when nothing differs.</summary>
    public RouteSnapshot Link(HeldRoute route)
    {
        RouteConfig config = route.Config!;
        HeldService? service = config.ServiceId is { } serviceId ? services.GetValueOrDefault(serviceId) : null;
        HeldPluginSet? pluginConfig = config.PluginConfigId is { } pluginConfigId ? pluginConfigs.Find(pluginConfigId) : null;
        (RouteTarget target, int slot) = Target(route, config, service, pluginConfig);
        IReadOnlyList<string> hosts = config.Hosts.Count == 0 && service is not null ? service.Config!.Hosts.Items : config.Hosts.Items;
        string? serviceName = service?.Config!.Name;
        bool websocket = config.EnableWebsocket ?? service?.Config!.EnableWebsocket ?? false;
        EquatableArray<PluginSetting> settings = PluginOrder.Merge(service?.Config!.Plugins ?? [], pluginConfig?.Config!.Plugins ?? [], config.Plugins);
        EquatableArray<int> pluginSlots = upstreams.SlotsOf(settings, route.Plugins, pluginConfig?.Plugins, service?.Plugins);

        RouteSnapshot? served = route.Served;
        if (served is not null && served.Config == config && served.Target == target && served.UpstreamSlot == slot
            && served.EnableWebsocket == websocket && served.ServiceName == serviceName && served.Plugins == settings && served.PluginUpstreamSlots == pluginSlots && served.Hosts.SequenceEqual(hosts))
        {
            return served;
        }

        return new RouteSnapshot
        {
            Config = config,
            Target = target,
            UpstreamSlot = slot,
            Hosts = hosts,
            Traffic = route.Traffic,
            ServiceName = serviceName,
            EnableWebsocket = websocket,
            Plugins = settings,
            PluginUpstreamSlots = pluginSlots,
            Chain = plugins.ChainOf(settings, pluginSlots, served is null ? null : (served.Plugins, served.PluginUpstreamSlots, served.Chain)),
        };
    }

    /// <summary>In the order in which APISIX would fail: plugin config and service, then plugins, then the upstream.</summary>
    private (RouteTarget Target, int Slot) Target(HeldRoute route, RouteConfig config, HeldService? service, HeldPluginSet? pluginConfig)
    {
        if (config.PluginConfigId is not null && pluginConfig is null)
            return (RouteTarget.MissingPlugin, -1);
        if (config.ServiceId is not null && service is null)
            return (RouteTarget.MissingService, -1);
        if (config.UnknownPlugins.Count > 0 || pluginConfig?.Config!.UnknownPlugins.Count > 0 || service?.Config!.UnknownPlugins.Count > 0)
            return (RouteTarget.MissingPlugin, -1);

        // A route with any upstream of its own hides both of the service's; of one's own two, upstream_id wins.
        return config.UpstreamId is not null || route.Inline is not null || service is null
            ? Target(config.UpstreamId, route.Inline)
            : Target(service.Config!.UpstreamId, service.Inline);
    }

    private (RouteTarget Target, int Slot) Target(string? upstreamId, HeldUpstream? inline)
    {
        if (upstreamId is null)
            return inline is null ? (RouteTarget.NoUpstream, -1) : (RouteTarget.Upstream, inline.Slot);
        return upstreams.Named(upstreamId) is { } named ? (RouteTarget.Upstream, named.Slot) : (RouteTarget.MissingUpstream, -1);
    }
}
