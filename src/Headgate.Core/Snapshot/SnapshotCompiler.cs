using System.Text.Json;
using Headgate.Core.Config;
using Headgate.Core.Config.Plugins;
using Headgate.Core.Plugins;
using Headgate.Core.Primitives;
using Headgate.Core.Routing;
using Headgate.Core.Upstreams;

namespace Headgate.Core.Snapshot;

/// <summary>
/// Turns changes of stored objects into the next snapshot. It holds the last good version of every object, so that the work of a change is that of the change:
/// an edit of an upstream copies one page of the table and touches no route, an edit of a route copies its way in the route table, and only an object that
/// appears or disappears relinks the routes that name it. One thread at a time; <see cref="Rejected"/> may be read by any.
/// </summary>
public sealed class SnapshotCompiler
{
    private readonly Dictionary<string, HeldUpstream> _upstreams = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HeldService> _services = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HeldRoute> _routes = new(StringComparer.Ordinal);
    private readonly ReferenceIndex<HeldRoute> _routesByUpstream = new();
    private readonly ReferenceIndex<HeldRoute> _routesByService = new();
    private readonly ReferenceIndex<HeldService> _servicesByUpstream = new();
    private readonly PluginReferences<HeldRoute> _routesByPluginUpstream = new();
    private readonly PluginReferences<HeldService> _servicesByPluginUpstream = new();
    private readonly ReferenceIndex<HeldUpstream> _upstreamsByCertificate = new();
    private readonly HeldCertificates _certificates;
    private readonly RejectedObjects _rejected = new();
    private readonly HashSet<HeldRoute> _toLink = new(ReferenceEqualityComparer.Instance);
    private readonly List<UnsupportedVariables> _unsupportedVariables = [];
    private readonly List<string> _zoneless = [];
    private readonly BalancingSettings _balancing;
    private readonly UpstreamSlots _slots = new();
    private readonly UpstreamBuilder _builder;
    private readonly RouteLinker _linker;
    private readonly IUpstreamObserver? _observer;
    private readonly NodeOverrides? _overrides;
    private readonly PluginCatalog _plugins;
    private readonly ulong _balancingSeed;
    private RouteTable _table = RouteTable.Empty;

    /// <summary>Makes a compiler that holds nothing.</summary>
    /// <param name="directory">Gives nodes their states.</param>
    /// <param name="plugins">The plugins this gateway has; a route that names another one answers 503.</param>
    /// <param name="observer">Told which upstreams are served; null = nobody.</param>
    /// <param name="balancingSeed">Where the random draws of balancing begin; gateways that share nodes should each have another.</param>
    /// <param name="overrides">Applies operators' overrides, and follows what <paramref name="observer"/> is told; null = nobody does.</param>
    /// <param name="balancing">What of balancing is the gateway's own; null = <see cref="BalancingSettings.Default"/>.</param>
    /// <param name="pluginCompiler">Makes plugins run; null = none does.</param>
    /// <param name="certificateCompiler">Makes certificates ready for handshakes; null = none is shown to clients.</param>
    public SnapshotCompiler(
        NodeDirectory directory, PluginCatalog plugins, IUpstreamObserver? observer = null, ulong balancingSeed = 0, NodeOverrides? overrides = null,
        BalancingSettings? balancing = null, IPluginCompiler? pluginCompiler = null, ICertificateCompiler? certificateCompiler = null)
    {
        _plugins = plugins;
        _observer = observer;
        _overrides = overrides;
        _balancingSeed = balancingSeed;
        _balancing = balancing ?? BalancingSettings.Default;
        _certificates = new HeldCertificates(certificateCompiler);
        _builder = new UpstreamBuilder(directory, _balancing, _certificates);
        _linker = new RouteLinker(_upstreams, _services, pluginCompiler);
    }

    /// <summary>The objects that are not served as stored, in no particular order; the same instance until one is added or goes. Safe on any thread.</summary>
    public IReadOnlyList<RejectedObject> Rejected => _rejected.Items;

    /// <summary>
    /// Routes that the last <see cref="Apply(long, IEnumerable{ConfigChange})"/> brought, or brought other such variables of. Valid until the next; for the thread that applies.
    /// </summary>
    public IReadOnlyList<UnsupportedVariables> UnsupportedVariables => _unsupportedVariables;

    /// <summary>
    /// Owners of upstreams to which the last <see cref="Apply(long, IEnumerable{ConfigChange})"/> brought <c>zone_aware</c> while this gateway has no zone, so that it does nothing
    /// here. Valid until the next; for the thread that applies.
    /// </summary>
    public IReadOnlyList<string> ZonelessUpstreams => _zoneless;

    /// <summary>
    /// The snapshot after <paramref name="changes"/>, which may be in any order, references before what they refer to included; of several changes of one object
    /// the last counts. An object that is refused is added to <see cref="Rejected"/> and stops no other.
    /// </summary>
    public GatewaySnapshot Apply(long revision, IEnumerable<ConfigChange> changes)
    {
        _unsupportedVariables.Clear();
        _zoneless.Clear();
        foreach (ConfigChange change in changes)
        {
            try
            {
                Apply(revision, change);
            }
            catch (Exception e)
            {
                // A fault of ours, not of the object; it must not keep the other objects, of this and later revisions, from being served.
                _rejected.Add(Faulty(revision, change, e));
            }
        }

        // Last, when every object that a route may name is where it will be.
        foreach (HeldRoute route in _toLink)
            Link(route);
        _toLink.Clear();
        _rejected.Publish();
        return new GatewaySnapshot(revision, _table, _slots.Publish(), _certificates.Publish());
    }

    private void Apply(long revision, ConfigChange change)
    {
        if (change.Json is not { } json)
        {
            _rejected.Remove(change.Kind, change.Id);
            Set(change.Kind, change.Id, null);
            return;
        }

        var errors = new ConfigErrors();
        object? config = Parse(change.Kind, change.Id, json, errors);
        if (config is null || !errors.IsValid)
        {
            _rejected.Add(new RejectedObject(change.Kind, change.Id, errors.Errors, revision, IsServed(change.Kind, change.Id)));
            return;
        }

        _rejected.Remove(change.Kind, change.Id);
        Set(change.Kind, change.Id, config);
    }

    private object? Parse(ResourceKind kind, string id, ReadOnlyMemory<byte> json, ConfigErrors errors)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            return kind switch
            {
                ResourceKind.Upstream => ConfigParser.ParseUpstream(id, document.RootElement, errors),
                ResourceKind.Route => ConfigParser.ParseStoredRoute(id, document.RootElement, errors, _plugins),
                ResourceKind.Override => ConfigParser.ParseOverride(id, document.RootElement, errors),
                ResourceKind.Ssl => _certificates.Read(id, document.RootElement, errors),
                _ => ConfigParser.ParseStoredService(id, document.RootElement, errors, _plugins),
            };
        }
        catch (JsonException e)
        {
            errors.Add("", $"{kind.Singular()} \"{id}\" is not JSON: {e.Message.TrimEnd('.')}");
            return null;
        }
    }

    private RejectedObject Faulty(long revision, ConfigChange change, Exception e) => new(
        change.Kind,
        change.Id,
        [new ConfigError("", $"{change.Kind.Singular()} \"{change.Id}\" cannot be compiled, which is a defect of the gateway: {e.GetType().Name}: {e.Message}")],
        revision,
        IsServed(change.Kind, change.Id));

    private bool IsServed(ResourceKind kind, string id) => kind switch
    {
        ResourceKind.Upstream => _upstreams.ContainsKey(id),
        ResourceKind.Route => _routes.ContainsKey(id),
        ResourceKind.Override => OverrideTarget.TryParse(id, out OverrideTarget target) && _overrides?.Find(target) is not null,
        ResourceKind.Ssl => _certificates.Contains(id),
        _ => _services.ContainsKey(id),
    };

    /// <summary>Takes an object's new version; null = it is gone.</summary>
    private void Set(ResourceKind kind, string id, object? config)
    {
        switch (kind)
        {
            case ResourceKind.Upstream:
                SetUpstream(id, (UpstreamConfig?)config);
                break;
            case ResourceKind.Route:
                SetRoute(id, (RouteConfig?)config);
                break;
            case ResourceKind.Override:
                if (OverrideTarget.TryParse(id, out OverrideTarget target))
                    _overrides?.Set(target, (OverrideConfig?)config);
                break;
            case ResourceKind.Ssl:
                SetCertificate(id, (HeldCertificate?)config);
                break;
            default:
                SetService(id, (ServiceConfig?)config);
                break;
        }
    }

    private void SetUpstream(string id, UpstreamConfig? config)
    {
        HeldUpstream? before = _upstreams.GetValueOrDefault(id);
        HeldUpstream? after = SetHeld(before, $"{ResourceKind.Upstream.Plural()}/{id}", config);
        if (before == after)
            return; // edited in place, or absent before and after: no route is concerned

        if (after is null)
            _upstreams.Remove(id);
        else
            _upstreams.Add(id, after);

        _toLink.UnionWith(_routesByUpstream.Of(id));
        _toLink.UnionWith(_routesByPluginUpstream.Of(id));
        foreach (HeldService service in _servicesByUpstream.Of(id).Concat(_servicesByPluginUpstream.Of(id)))
            _toLink.UnionWith(_routesByService.Of(service.Config!.Id));
    }

    private void SetService(string id, ServiceConfig? config)
    {
        HeldService? service = _services.GetValueOrDefault(id);
        if (service is null)
        {
            if (config is null)
                return;
            _services.Add(id, service = new HeldService());
        }

        ServiceConfig? before = service.Config;
        HeldUpstream? inlineBefore = service.Inline;
        service.Config = config ?? before;
        service.Inline = SetHeld(inlineBefore, $"{ResourceKind.Service.Plural()}/{id}", config?.Upstream);
        service.OfPlugins = SetOfPlugins(service.OfPlugins, $"{ResourceKind.Service.Plural()}/{id}", config?.Plugins ?? []);
        _servicesByUpstream.Move(service, before?.UpstreamId, config?.UpstreamId);
        _servicesByPluginUpstream.Move(service, before?.Plugins ?? [], config?.Plugins ?? []);
        if (config is null)
            _services.Remove(id);

        // What the inline upstream holds is none of the routes' business, only whether there is one.
        if (inlineBefore != service.Inline || before is null || config is null || before with { Upstream = null } != config with { Upstream = null })
            _toLink.UnionWith(_routesByService.Of(id));
    }

    private void SetRoute(string id, RouteConfig? config)
    {
        HeldRoute? route = _routes.GetValueOrDefault(id);
        if (route is null)
        {
            if (config is null)
                return;
            _routes.Add(id, route = new HeldRoute());
        }

        RouteConfig? before = route.Config;
        route.Config = config;
        NoteUnsupportedVariables(before, config);
        route.Inline = SetHeld(route.Inline, $"{ResourceKind.Route.Plural()}/{id}", config?.Upstream);
        route.OfPlugins = SetOfPlugins(route.OfPlugins, $"{ResourceKind.Route.Plural()}/{id}", config?.Plugins ?? []);
        _routesByUpstream.Move(route, before?.UpstreamId, config?.UpstreamId);
        _routesByPluginUpstream.Move(route, before?.Plugins ?? [], config?.Plugins ?? []);
        _routesByService.Move(route, before?.ServiceId, config?.ServiceId);
        if (config is null)
            _routes.Remove(id);
        _toLink.Add(route);
    }

    private void SetCertificate(string id, HeldCertificate? config)
    {
        _certificates.Set(id, config);
        foreach (HeldUpstream held in _upstreamsByCertificate.Of(id))
            Serve(held, held.Snapshot!.Config);
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

    private HeldUpstream NewHeld(string owner, int slot) => new(owner, slot, Mix64.Of(_balancingSeed + (ulong)slot));

    /// <summary>Makes, edits or removes a served upstream; the same object when it is edited.</summary>
    private HeldUpstream? SetHeld(HeldUpstream? held, string owner, UpstreamConfig? config)
    {
        if (config is not null)
        {
            if (_balancing.Zone is null && config.ZoneAware is not null && held?.Snapshot?.Config.ZoneAware is null)
                _zoneless.Add(owner);
            held ??= NewHeld(owner, _slots.Take());
            _upstreamsByCertificate.Move(held, held.Snapshot?.Config.Tls?.ClientCertId, config.Tls?.ClientCertId);
            Serve(held, config);
            return held;
        }

        if (held is not null)
        {
            _upstreamsByCertificate.Move(held, held.Snapshot?.Config.Tls?.ClientCertId, null);
            _builder.Remove(held);
            _slots.Return(held.Slot);
            _observer?.Removed(owner);
        }

        return null;
    }

    private void Serve(HeldUpstream held, UpstreamConfig config)
    {
        _builder.Build(held, config);
        _slots.Set(held.Slot, held.Snapshot);
        _observer?.Served(held.Owner, held.Snapshot!);
    }

    /// <summary>Makes, edits and removes the upstreams that the plugins of one object bring.</summary>
    private Dictionary<string, HeldUpstream>? SetOfPlugins(Dictionary<string, HeldUpstream>? before, string owner, EquatableArray<PluginSetting> plugins)
    {
        Dictionary<string, HeldUpstream>? after = null;
        foreach ((string key, UpstreamConfig config) in PluginUpstreams.Own(owner, plugins))
        {
            after ??= new Dictionary<string, HeldUpstream>(StringComparer.Ordinal);
            after[key] = SetHeld(after.GetValueOrDefault(key) ?? before?.GetValueOrDefault(key), key, config)!;
        }

        foreach ((string key, HeldUpstream held) in before ?? [])
        {
            if (after?.ContainsKey(key) != true)
                SetHeld(held, key, null);
        }

        return after;
    }

    private void Link(HeldRoute route)
    {
        RouteSnapshot? after = route.Config is null ? null : _linker.Link(route);
        if (after == route.Served)
            return;
        _table = _table.Replace(route.Served, after);
        route.Served = after;
    }
}
