namespace Headgate.Core.Config.Plugins;

/// <summary>One entry of <c>plugins</c>: a plugin and its configuration. Equal settings behave equally.</summary>
/// <param name="Plugin">The plugin.</param>
/// <param name="Config">Its configuration.</param>
/// <param name="Meta">What <c>_meta</c> says.</param>
public sealed record PluginSetting(PluginDefinition Plugin, PluginConfig Config, PluginMeta Meta)
{
    /// <summary>Settings of a higher one run first.</summary>
    public int Priority => Meta.Priority ?? Plugin.Priority;
}
