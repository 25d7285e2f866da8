using Headgate.Control.AdminApi.Json;
using Headgate.Control.AdminApi.Objects;
using Headgate.Core.Config;
using Headgate.Core.Discovery;
using Headgate.Store;

namespace Headgate.Control.Registries;

/// <summary>The registries that there are: connections from the store, those of <c>config.yaml</c>, and what is known of either from the discovery of this instance; null = it is none.</summary>
internal sealed class KnownRegistries(IConfigStore store, IDiscoveryView? discovery, IReadOnlyDictionary<string, string> settings)
{
    /// <summary>All: those of <c>config.yaml</c> first, then connections in the order of their keys.</summary>
    public async ValueTask<IReadOnlyList<KnownRegistry>> AllAsync(CancellationToken cancellationToken)
    {
        StoreView stored = await store.GetAsync(ResourceKind.ServiceRegistry.Key(""), cancellationToken);
        Dictionary<string, RegistryView> views = Views();
        return
        [
            .. settings.Keys.Order(StringComparer.Ordinal).Select(type => OfSettings(type, views.GetValueOrDefault(type))),
            .. stored.Entries.Where(StoredJson.IsValid).Select(entry => Of(entry, views)),
        ];
    }

    /// <summary>One; null when there is none of that id.</summary>
    public async ValueTask<KnownRegistry?> FindAsync(string id, CancellationToken cancellationToken)
    {
        Dictionary<string, RegistryView> views = Views();
        if (id.StartsWith(KnownRegistry.SettingsPrefix, StringComparison.Ordinal))
        {
            string type = id[KnownRegistry.SettingsPrefix.Length..];
            return settings.ContainsKey(type) ? OfSettings(type, views.GetValueOrDefault(type)) : null;
        }

        return ObjectId.IsLegal(id) && await store.FindAsync(ResourceKind.ServiceRegistry.Key(id), cancellationToken) is { } entry && StoredJson.IsValid(entry) ? Of(entry, views) : null;
    }

    /// <summary>As they are stored: nothing is known of how they are.</summary>
    public static KnownRegistries Stored(IConfigStore store) => new(store, null, new Dictionary<string, string>());

    private Dictionary<string, RegistryView> Views() => discovery?.Registries().ToDictionary(static view => view.Name) ?? [];

    private static KnownRegistry Of(StoreEntry entry, Dictionary<string, RegistryView> views)
    {
        string id = entry.Key[ResourceKind.ServiceRegistry.Key("").Length..];
        string name = $"{ResourceKind.ServiceRegistry.Plural()}/{id}";
        return new KnownRegistry(id, name, entry, null, views.GetValueOrDefault(name));
    }

    private KnownRegistry OfSettings(string type, RegistryView? view) => new(KnownRegistry.SettingsPrefix + type, type, null, settings[type], view);
}
