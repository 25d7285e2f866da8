using Headgate.Core.Config;
using Headgate.Core.Config.Plugins;
using Headgate.Core.Discovery;
using Headgate.Core.Primitives;
using Headgate.Core.Upstreams;

namespace Headgate.Core.Snapshot;

/// <summary>
/// Every upstream that is served: named ones, those of routes and services, those that plugins bring. Each keeps its slot, and what it has learnt, for as long as it exists. Not
/// thread-safe: the compiler's.
/// </summary>
/// <param name="directory">Gives nodes their states.</param>
/// <param name="balancing">What of balancing is the gateway's own.</param>
/// <param name="seed">Where the random draws of balancing begin.</param>
/// <param name="observer">Told which upstreams are served; null = nobody.</param>
/// <param name="certificates">Where upstreams find the certificates that they name.</param>
/// <param name="services">Where upstreams find the nodes of services; null = services have none.</param>
internal sealed class HeldUpstreams(
    NodeDirectory directory, BalancingSettings balancing, ulong seed, IUpstreamObserver? observer, HeldCertificates certificates, IServiceSource? services)
{
    private readonly Dictionary<string, HeldUpstream> _named = new(StringComparer.Ordinal);
    private readonly PluginReferences<HeldPlugins> _pluginsByUpstream = new();
    private readonly ReferenceIndex<string, HeldUpstream> _byCertificate = new();
    private readonly ReferenceIndex<ServiceKey, HeldUpstream> _byService = new();
    private readonly UpstreamSlots _slots = new();
    private readonly UpstreamBuilder _builder = new(directory, balancing, certificates);
    private readonly List<string> _zoneless = [];

    /// <summary>Owners to which <c>zone_aware</c> came since <see cref="ForgetZoneless"/>, while this gateway has no zone.</summary>
    public IReadOnlyList<string> Zoneless => _zoneless;

    /// <summary>Empties <see cref="Zoneless"/>.</summary>
    public void ForgetZoneless() => _zoneless.Clear();

    /// <summary>The upstream of that id; null when there is none.</summary>
    public HeldUpstream? Named(string id) => _named.GetValueOrDefault(id);

    /// <summary>Makes, edits or removes (null) a named upstream. True when it has appeared or gone: those whose plugins name it have been told, others not.</summary>
    public bool SetNamed(string id, UpstreamConfig? config)
    {
        HeldUpstream? before = _named.GetValueOrDefault(id);
        HeldUpstream? after = Set(before, $"{ResourceKind.Upstream.Plural()}/{id}", config);
        if (before == after)
            return false; // edited in place, or absent before and after

        if (after is null)
            _named.Remove(id);
        else
            _named.Add(id, after);
        foreach (HeldPlugins plugins in _pluginsByUpstream.Of(id))
            plugins.Relink();
        return true;
    }

    /// <summary>Makes, edits or removes (null) an upstream; the same object when it is edited.</summary>
    public HeldUpstream? Set(HeldUpstream? held, string owner, UpstreamConfig? config)
    {
        if (config is not null)
        {
            if (balancing.Zone is null && config.ZoneAware is not null && held?.Snapshot?.Config.ZoneAware is null)
                _zoneless.Add(owner);
            held ??= NewHeld(owner, _slots.Take());
            _byCertificate.Move(held, held.Snapshot?.Config.Tls?.ClientCertId, config.Tls?.ClientCertId);
            Follow(held, config);
            Serve(held, config);
            return held;
        }

        if (held is not null)
        {
            _byCertificate.Move(held, held.Snapshot?.Config.Tls?.ClientCertId, null);
            Follow(held, null);
            _builder.Remove(held);
            _slots.Return(held.Slot);
            observer?.Removed(owner);
        }

        return null;
    }

    /// <summary>A certificate object of that id has come, changed or gone: the upstreams that name it are served with what it is now.</summary>
    public void OnCertificate(string id)
    {
        foreach (HeldUpstream held in _byCertificate.Of(id))
            Serve(held, held.Written!);
    }

    /// <summary>The instances of a service have changed: the upstreams that follow it are served with what they are now.</summary>
    public void OnService(ServiceKey service)
    {
        foreach (HeldUpstream held in _byService.Of(service))
            Serve(held, held.Written!);
    }

    /// <summary>Gives <paramref name="holder"/> other plugins, and makes, edits and removes the upstreams that they bring.</summary>
    public void SetPlugins(HeldPlugins holder, EquatableArray<PluginSetting> settings)
    {
        _pluginsByUpstream.Move(holder, holder.Settings, settings);
        Dictionary<string, HeldUpstream>? before = holder.Upstreams, after = null;
        foreach ((string key, UpstreamConfig config) in PluginUpstreams.Own(holder.Owner, settings))
        {
            after ??= new Dictionary<string, HeldUpstream>(StringComparer.Ordinal);
            after[key] = Set(after.GetValueOrDefault(key) ?? before?.GetValueOrDefault(key), key, config)!;
        }

        foreach ((string key, HeldUpstream held) in before ?? [])
        {
            if (after?.ContainsKey(key) != true)
                Set(held, key, null);
        }

        (holder.Settings, holder.Upstreams) = (settings, after);
    }

    /// <summary>
    /// Where the upstreams of plugins are, those of one plugin after the other's; −1 = it does not exist. <paramref name="holders"/>: the objects that the settings were merged from;
    /// the merge keeps settings as they are, so that whose one is shows where its upstreams are.
    /// </summary>
    public EquatableArray<int> SlotsOf(EquatableArray<PluginSetting> settings, params ReadOnlySpan<HeldPlugins?> holders)
    {
        List<int>? slots = null;
        foreach (PluginSetting setting in settings)
        {
            foreach (PluginUpstream upstream in setting.Config.Upstreams)
                (slots ??= []).Add((upstream.Id is { } id ? Named(id)?.Slot : OwnSlot(setting, upstream, holders)) ?? -1);
        }

        return slots is null ? [] : new EquatableArray<int>([.. slots]);
    }

    /// <summary>The table with all changes so far; the same instance when there were none.</summary>
    public UpstreamTable Publish() => _slots.Publish();

    private void Serve(HeldUpstream held, UpstreamConfig config)
    {
        EquatableArray<NodeConfig> before = held.Snapshot?.Config.Nodes ?? [];
        _builder.Build(held, config.Service is { } service ? config with { Nodes = DiscoveredNodes.Of(config, services?.InstancesOf(service), before) } : config);
        _slots.Set(held.Slot, held.Snapshot);
        observer?.Served(held.Owner, held.Snapshot!);
    }

    /// <summary>Has it follow the service of its next version; the next one before the last is left, which may be the same registry's.</summary>
    private void Follow(HeldUpstream held, UpstreamConfig? next)
    {
        (ServiceKey? left, ServiceKey? followed) = (held.Following?.Service, next?.Service);
        held.Following = followed is null ? null : next;
        if (left == followed)
            return;
        _byService.Move(held, left, followed);
        if (followed is not null)
            services?.Follow(followed);
        if (left is not null)
            services?.Leave(left);
    }

    private HeldUpstream NewHeld(string owner, int slot) => new(owner, slot, Mix64.Of(seed + (ulong)slot));

    private static int? OwnSlot(PluginSetting setting, PluginUpstream upstream, ReadOnlySpan<HeldPlugins?> holders)
    {
        foreach (HeldPlugins? holder in holders)
        {
            if (holder?.SlotOf(setting, upstream) is { } slot)
                return slot;
        }

        return null;
    }
}
