using Headgate.Core.Config.Plugins;
using Headgate.Core.Primitives;

namespace Headgate.Core.Plugins;

/// <summary>Which plugins run, and in which order. Source: APISIX, <c>apisix/plugin.lua</c> merge_service_route and filter.</summary>
public static class PluginOrder
{
    /// <summary>
    /// Merges by name, the later sources over the earlier, a whole setting at a time; one that is disabled hides what it replaces and does not run itself. The result is in running
    /// order: the higher priority first, equal ones by name.
    /// </summary>
    public static EquatableArray<PluginSetting> Merge(params ReadOnlySpan<EquatableArray<PluginSetting>> sources)
    {
        var byName = new Dictionary<string, PluginSetting>(StringComparer.Ordinal);
        foreach (EquatableArray<PluginSetting> source in sources)
        {
            foreach (PluginSetting setting in source)
                byName[setting.Plugin.Name] = setting;
        }

        return byName.Count == 0
            ? []
            : new EquatableArray<PluginSetting>(
            [
                .. byName.Values
                    .Where(static setting => !setting.Meta.IsDisabled)
                    .OrderByDescending(static setting => setting.Priority)
                    .ThenBy(static setting => setting.Plugin.Name, StringComparer.Ordinal),
            ]);
    }
}
