using Headgate.Core.Config;
using Headgate.Core.Plugins;
using Headgate.Core.Routing;

namespace Headgate.Core.Snapshot;

/// <summary>
/// The routes that are served, with the services and plugin configs they take from. Only what a change concerns is linked anew, once, when the table is published. Not thread-safe:
/// the compiler's.
/// </summary>
internal sealed class RouteCompiler
{
    private readonly Dictionary<string, HeldService> _services = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HeldRoute> _routes = new(StringComparer.Ordinal);
    private readonly ReferenceIndex<string, HeldRoute> _routesByUpstream = new();
    private readonly ReferenceIndex<string, HeldRoute> _routesByService = new();
    private readonly ReferenceIndex<string, HeldRoute> _routesByPluginConfig = new();
    private readonly ReferenceIndex<string, HeldService> _servicesByUpstream = new();
    private readonly HashSet<HeldRoute> _toLink = new(ReferenceEqualityComparer.Instance);
    private readonly List<UnsupportedVariables> _unsupportedVariables = [];
    private readonly HeldUpstreams _upstreams;
    private readonly RouteLinker _linker;
    private RouteTable _table = RouteTable.Empty;

    public RouteCompiler(HeldUpstreams upstreams, IPluginCompiler? plugins)
    {
        _upstreams = upstreams;
        PluginConfigs = new HeldPluginSets(ResourceKind.PluginConfig, upstreams, id => _toLink.UnionWith(_routesByPluginConfig.Of(id)));
        _linker = new RouteLinker(upstreams, _services, PluginConfigs, plugins);
    }

    /// <summary>The counters of the routes' requests.</summary>
    public RouteTraffics Traffic { get; } = new();

    /// <summary>The plugin configs.</summary>
    public HeldPluginSets PluginConfigs { get; }

    /// <summary>Routes that were brought, or given other such variables, since <see cref="ForgetUnsupportedVariables"/>.</summary>
    public IReadOnlyList<UnsupportedVariables> UnsupportedVariables => _unsupportedVariables;

    /// <summary>Empties <see cref="UnsupportedVariables"/>.</summary>
    public void ForgetUnsupportedVariables() => _unsupportedVariables.Clear();

    /// <summary>Whether a route of that id is served.</summary>
    public bool HasRoute(string id) => _routes.ContainsKey(id);

    /// <summary>Whether a service of that id is served.</summary>
    public bool HasService(string id) => _services.ContainsKey(id);

    /// <summary>A named upstream has appeared or gone.</summary>
    public void OnUpstream(string id)
    {
        _toLink.UnionWith(_routesByUpstream.Of(id));
        foreach (HeldService service in _servicesByUpstream.Of(id))
            service.Plugins.Relink();
    }

    /// <summary>Takes a service's new version; null = it is gone.</summary>
    public void SetService(string id, ServiceConfig? config)
    {
        HeldService? service = _services.GetValueOrDefault(id);
        if (service is null)
        {
            if (config is null)
                return;
            _services.Add(id, service = new HeldService(new HeldPlugins($"{ResourceKind.Service.Plural()}/{id}", () => _toLink.UnionWith(_routesByService.Of(id)))));
        }

        ServiceConfig? before = service.Config;
        HeldUpstream? inlineBefore = service.Inline;
        service.Config = config ?? before;
        service.Inline = _upstreams.Set(inlineBefore, service.Plugins.Owner, config?.Upstream);
        _upstreams.SetPlugins(service.Plugins, config?.Plugins ?? []);
        _servicesByUpstream.Move(service, before?.UpstreamId, config?.UpstreamId);
        if (config is null)
            _services.Remove(id);

        // What the inline upstream holds is none of the routes' business, only whether there is one.
        if (inlineBefore != service.Inline || before is null || config is null || before with { Upstream = null } != config with { Upstream = null })
            service.Plugins.Relink();
    }

    /// <summary>Takes a route's new version; null = it is gone.</summary>
    public void SetRoute(string id, RouteConfig? config)
    {
        HeldRoute? route = _routes.GetValueOrDefault(id);
        if (route is null)
        {
            if (config is null)
                return;
            _routes.Add(id, route = new HeldRoute(id, _toLink, Traffic.Add(id)));
        }

        RouteConfig? before = route.Config;
        route.Config = config;
        NoteUnsupportedVariables(before, config);
        route.Inline = _upstreams.Set(route.Inline, route.Plugins.Owner, config?.Upstream);
        _upstreams.SetPlugins(route.Plugins, config?.Plugins ?? []);
        _routesByUpstream.Move(route, before?.UpstreamId, config?.UpstreamId);
        _routesByService.Move(route, before?.ServiceId, config?.ServiceId);
        _routesByPluginConfig.Move(route, before?.PluginConfigId, config?.PluginConfigId);
        if (config is null)
        {
            _routes.Remove(id);
            Traffic.Remove(id);
        }

        _toLink.Add(route);
    }

    /// <summary>The table with all changes so far: now every object that a route may name is where it will be.</summary>
    public RouteTable Publish()
    {
        foreach (HeldRoute route in _toLink)
            Link(route);
        _toLink.Clear();
        return _table;
    }

    private void Link(HeldRoute route)
    {
        RouteSnapshot? after = route.Config is null ? null : _linker.Link(route);
        if (after == route.Served)
            return;
        _table = _table.Replace(route.Served, after);
        route.Served = after;
    }

    /// <summary>Once for each new set of them: an edit of something else does not repeat it.</summary>
    private void NoteUnsupportedVariables(RouteConfig? before, RouteConfig? after)
    {
        if (after?.Vars is null)
            return;
        IReadOnlyList<string> names = VariableNames.Unsupported(after.Vars);
        if (names.Count > 0 && !names.SequenceEqual(VariableNames.Unsupported(before?.Vars)))
            _unsupportedVariables.Add(new UnsupportedVariables(after.Id, names));
    }
}
