using Headgate.Core.Config;

namespace Headgate.Core.Snapshot;

/// <summary>A plugin config, consumer group or global rule that is being served. Only the compiler touches it.</summary>
/// <param name="plugins">Where its plugins are kept.</param>
internal sealed class HeldPluginSet(HeldPlugins plugins)
{
    /// <summary>Its last good configuration; null once it is deleted.</summary>
    public PluginSetConfig? Config { get; set; }

    /// <summary>Its plugins.</summary>
    public HeldPlugins Plugins { get; } = plugins;
}
