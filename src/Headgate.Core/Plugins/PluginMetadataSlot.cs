using Headgate.Core.Config.Plugins;

namespace Headgate.Core.Plugins;

/// <summary>Where the metadata of one plugin is. Thread-safe.</summary>
public sealed class PluginMetadataSlot
{
    // Written by the thread that compiles snapshots, read by all.
    private volatile PluginConfig? _current;

    /// <summary>
    /// What the plugin has read (<see cref="PluginDefinition.ReadMetadata"/>); null when there is none. The same object until it is edited, so that what a plugin has made of it holds for
    /// as long as the reference does.
    /// </summary>
    public PluginConfig? Current
    {
        get => _current;
        internal set => _current = value;
    }
}
