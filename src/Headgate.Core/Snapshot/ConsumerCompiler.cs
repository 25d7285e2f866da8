using System.Text;
using Headgate.Core.Config;
using Headgate.Core.Config.Plugins;
using Headgate.Core.Plugins;
using Headgate.Core.Primitives;

namespace Headgate.Core.Snapshot;

/// <summary>
/// The consumers that are served, with their groups and credentials. Only what a change concerns is linked anew, once, when the table is published: an edit of one of many consumers
/// costs what that consumer does. Not thread-safe: the compiler's.
/// </summary>
internal sealed class ConsumerCompiler
{
    private readonly Dictionary<string, HeldConsumer> _consumers = new(StringComparer.Ordinal);
    private readonly ReferenceIndex<string, HeldConsumer> _consumersByGroup = new();
    private readonly HashSet<HeldConsumer> _toLink = new(ReferenceEqualityComparer.Instance);
    private readonly KeyTableEditor<ConsumerSnapshot> _byName = new();
    private readonly Dictionary<PluginDefinition, KeyTableEditor<CredentialSnapshot>> _byPlugin = [];
    private readonly HeldUpstreams _upstreams;
    private readonly IPluginCompiler? _plugins;
    private ConsumerTable _table = ConsumerTable.Empty;

    public ConsumerCompiler(HeldUpstreams upstreams, IPluginCompiler? plugins)
    {
        (_upstreams, _plugins) = (upstreams, plugins);
        Groups = new HeldPluginSets(ResourceKind.ConsumerGroup, upstreams, id => _toLink.UnionWith(_consumersByGroup.Of(id)));
    }

    /// <summary>The consumer groups.</summary>
    public HeldPluginSets Groups { get; }

    /// <summary>Whether a consumer of that name is served.</summary>
    public bool HasConsumer(string name) => _consumers.GetValueOrDefault(name)?.Config is not null;

    /// <summary>Whether a credential of that id is served.</summary>
    public bool HasCredential(string id) => _consumers.GetValueOrDefault(ResourceKinds.ConsumerOf(id))?.Credentials.ContainsKey(id) == true;

    /// <summary>Takes a consumer's new version; null = it is gone.</summary>
    public void SetConsumer(string name, ConsumerConfig? config)
    {
        HeldConsumer consumer = Held(name);
        _consumersByGroup.Move(consumer, consumer.Config?.GroupId, config?.GroupId);
        consumer.Config = config;
        _upstreams.SetPlugins(consumer.Plugins, config is null ? [] : Acting(config.Plugins));
        _toLink.Add(consumer);
    }

    /// <summary>Takes a credential's new version; null = it is gone. It may come before its consumer.</summary>
    public void SetCredential(string id, CredentialConfig? config)
    {
        HeldConsumer consumer = Held(ResourceKinds.ConsumerOf(id));
        if (config is null)
            consumer.Credentials.Remove(id);
        else
            consumer.Credentials[id] = config;
        _toLink.Add(consumer);
    }

    /// <summary>The table with all changes so far; the same instance when there were none.</summary>
    public ConsumerTable Publish()
    {
        if (_toLink.Count == 0)
            return _table;
        foreach (HeldConsumer consumer in _toLink)
        {
            Link(consumer);
            if (consumer.Config is null && consumer.Credentials.Count == 0)
                _consumers.Remove(consumer.Name);
        }

        _toLink.Clear();
        return _table = new ConsumerTable(_byName.Publish(), [.. _byPlugin.Select(static plugin => (plugin.Key, plugin.Value.Publish()))]);
    }

    private HeldConsumer Held(string name)
    {
        if (!_consumers.TryGetValue(name, out HeldConsumer? consumer))
            _consumers.Add(name, consumer = new HeldConsumer(name, _toLink));
        return consumer;
    }

    private void Link(HeldConsumer consumer)
    {
        foreach (HeldCredential entry in consumer.Entries)
            _byPlugin[entry.Plugin].Remove(entry.Key, entry.Owner);
        consumer.Entries.Clear();
        ReadOnlySpan<byte> name = Encoding.UTF8.GetBytes(consumer.Name);
        _byName.Remove(name, consumer.Plugins.Owner);
        consumer.Served = consumer.Config is null ? null : Snapshot(consumer, consumer.Config);
        if (consumer.Served is not { } served)
            return;

        _byName.Add(name, consumer.Plugins.Owner, served);
        foreach (PluginSetting setting in served.Config.Plugins)
            AddCredential(consumer, served, setting, consumer.Plugins.Owner, "");
        foreach ((string id, CredentialConfig credential) in consumer.Credentials)
            AddCredential(consumer, served, credential.Plugin, $"{ResourceKind.Consumer.Plural()}/{id}", credential.OwnId);
    }

    private ConsumerSnapshot Snapshot(HeldConsumer consumer, ConsumerConfig config)
    {
        HeldPluginSet? group = config.GroupId is { } groupId ? Groups.Find(groupId) : null;
        EquatableArray<PluginSetting> ofGroup = group is null ? [] : Acting(group.Config!.Plugins);
        EquatableArray<PluginSetting> settings = PluginOrder.Merge(ofGroup, consumer.Plugins.Settings);
        EquatableArray<int> slots = _upstreams.SlotsOf(settings, consumer.Plugins, group?.Plugins);
        ConsumerSnapshot? before = consumer.Served;
        return new ConsumerSnapshot(config)
        {
            IsBroken = (config.GroupId is not null && group is null) || config.UnknownPlugins.Count > 0 || group?.Config!.UnknownPlugins.Count > 0,
            Replacing = [.. ofGroup, .. consumer.Plugins.Settings],
            Plugins = settings,
            PluginUpstreamSlots = slots,
            Chain = _plugins.ChainOf(settings, slots, before is null ? null : (before.Plugins, before.PluginUpstreamSlots, before.Chain)),
        };
    }

    private void AddCredential(HeldConsumer consumer, ConsumerSnapshot served, PluginSetting setting, string owner, string id)
    {
        if (setting.Meta.IsDisabled || !setting.Plugin.IsAuthentication || setting.Plugin.CredentialKey(setting.Config) is not { } key)
            return;
        if (!_byPlugin.TryGetValue(setting.Plugin, out KeyTableEditor<CredentialSnapshot>? table))
            _byPlugin.Add(setting.Plugin, table = new KeyTableEditor<CredentialSnapshot>());
        var entry = new HeldCredential(setting.Plugin, Encoding.UTF8.GetBytes(key), owner);
        table.Add(entry.Key, owner, new CredentialSnapshot(served, setting.Config, Encoding.UTF8.GetBytes(id)));
        consumer.Entries.Add(entry);
    }

    /// <summary>Those that do something with the consumer's requests: by the others the consumer says who it is.</summary>
    private static EquatableArray<PluginSetting> Acting(EquatableArray<PluginSetting> settings) => [.. settings.Where(static setting => !setting.Plugin.IsAuthentication)];
}
