using Headgate.Core.Config;
using Headgate.Core.Config.Plugins;
using Headgate.Core.Plugins;
using Headgate.Core.Primitives;
using Headgate.Core.Routing;

namespace Headgate.Core.Snapshot;

/// <summary>Merges a route with its service and points it at its upstream, as APISIX does (apisix/plugin.lua merge_service_route, init.lua).</summary>
/// <param name="upstreams">The named upstreams that are served.</param>
/// <param name="services">The services that are served.</param>
/// <param name="plugins">Makes plugins run; null = no route is given any.</param>
internal sealed class RouteLinker(
    IReadOnlyDictionary<string, HeldUpstream> upstreams,
    IReadOnlyDictionary<string, HeldService> services,
    IPluginCompiler? plugins)
{
    /// <summary>The route as it is to be served now; the one that is served when nothing differs.</summary>
    public RouteSnapshot Link(HeldRoute route)
    {
        RouteConfig config = route.Config!;
        HeldService? service = config.ServiceId is { } serviceId ? services.GetValueOrDefault(serviceId) : null;
        (RouteTarget target, int slot) = Target(route, config, service);
        IReadOnlyList<string> hosts = config.Hosts.Count == 0 && service is not null ? service.Config!.Hosts.Items : config.Hosts.Items;
        string? serviceName = service?.Config!.Name;
        bool websocket = config.EnableWebsocket ?? service?.Config!.EnableWebsocket ?? false;
        EquatableArray<PluginSetting> settings = PluginOrder.Merge(service?.Config!.Plugins ?? [], config.Plugins);
        EquatableArray<int> pluginSlots = PluginSlots(settings, route, service);

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
            ServiceName = serviceName,
            EnableWebsocket = websocket,
            Plugins = settings,
            PluginUpstreamSlots = pluginSlots,
            Chain = settings.Count == 0 ? null
                : served?.Plugins == settings && served.PluginUpstreamSlots == pluginSlots ? served.Chain
                : plugins?.Compile(settings, served?.Chain, pluginSlots),
        };
    }

    /// <summary>In the order in which APISIX would fail: the service, then plugins, then the upstream.</summary>
    private (RouteTarget Target, int Slot) Target(HeldRoute route, RouteConfig config, HeldService? service)
    {
        if (config.ServiceId is not null && service is null)
            return (RouteTarget.MissingService, -1);
        // A plugin config cannot be loaded yet: what it would bring is as missing as a plugin that is not there, and no plugin is ever skipped.
        if (config.PluginConfigId is not null || config.UnknownPlugins.Count > 0 || service?.Config!.UnknownPlugins.Count > 0)
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
        return upstreams.TryGetValue(upstreamId, out HeldUpstream? named) ? (RouteTarget.Upstream, named.Slot) : (RouteTarget.MissingUpstream, -1);
    }

    /// <summary>Where the upstreams of the plugins are, those of one plugin after the other's; −1 = it does not exist.</summary>
    private EquatableArray<int> PluginSlots(EquatableArray<PluginSetting> settings, HeldRoute route, HeldService? service)
    {
        List<int>? slots = null;
        foreach (PluginSetting setting in settings)
        {
            foreach (PluginUpstream upstream in setting.Config.Upstreams)
                (slots ??= []).Add(upstream.Id is { } id ? upstreams.GetValueOrDefault(id)?.Slot ?? -1 : OwnSlot(setting, upstream, route, service));
        }

        return slots is null ? [] : new EquatableArray<int>([.. slots]);
    }

    /// <summary>The merge keeps settings as they are: whose one is shows where its upstreams are.</summary>
    private static int OwnSlot(PluginSetting setting, PluginUpstream upstream, HeldRoute route, HeldService? service)
    {
        bool isRoutes = route.Config!.Plugins.Any(own => ReferenceEquals(own, setting));
        (string owner, Dictionary<string, HeldUpstream>? held) = isRoutes
            ? ($"{ResourceKind.Route.Plural()}/{route.Config.Id}", route.OfPlugins)
            : ($"{ResourceKind.Service.Plural()}/{service!.Config!.Id}", service.OfPlugins);
        return held?.GetValueOrDefault(PluginUpstreams.OwnerOf(owner, setting, upstream))?.Slot ?? -1;
    }
}
