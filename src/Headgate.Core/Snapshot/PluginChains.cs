using Headgate.Core.Config.Plugins;
using Headgate.Core.Plugins;
using Headgate.Core.Primitives;

namespace Headgate.Core.Snapshot;

/// <summary>Makes plugins run for whoever carries them.</summary>
internal static class PluginChains
{
    /// <summary>
    /// The chain of <paramref name="settings"/>; null when there are none, or nobody makes them run. <paramref name="before"/>: what the same owner had, whose chain goes on when nothing
    /// differs.
    /// </summary>
    public static PluginChain? ChainOf(
        this IPluginCompiler? plugins, EquatableArray<PluginSetting> settings, EquatableArray<int> slots,
        (EquatableArray<PluginSetting> Settings, EquatableArray<int> Slots, PluginChain? Chain)? before)
    {
        if (settings.Count == 0)
            return null;
        return before is { } served && served.Settings == settings && served.Slots == slots ? served.Chain : plugins?.Compile(settings, before?.Chain, slots);
    }
}
