using Headgate.Core.Config.Plugins;

namespace Headgate.Core.Config;

/// <summary>What all uses of a plugin share, as a user wrote it. Its fields are the plugin's own (docs/reference/plugin-sets.md).</summary>
/// <param name="PluginName">Name of the plugin.</param>
/// <param name="Config">What the plugin has read (<see cref="PluginDefinition.ReadMetadata"/>); null when the plugin has no use for any.</param>
public sealed record PluginMetadataConfig(string PluginName, PluginConfig? Config);
