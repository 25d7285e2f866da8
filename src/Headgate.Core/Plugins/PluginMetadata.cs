using System.Collections.Concurrent;

namespace Headgate.Core.Plugins;

/// <summary>What all uses of a plugin share, by plugin, as it is now. Thread-safe; written by the one thread that compiles snapshots.</summary>
public sealed class PluginMetadata
{
    private readonly ConcurrentDictionary<string, PluginMetadataSlot> _slots = new(StringComparer.Ordinal);

    /// <summary>Where the metadata of a plugin is; the same object always, so that a plugin takes it once and reads it with each request.</summary>
    public PluginMetadataSlot Of(string plugin) => _slots.GetOrAdd(plugin, static _ => new PluginMetadataSlot());
}
