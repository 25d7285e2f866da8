using Headgate.Core.Config;
using Headgate.Core.Config.Plugins;
using Headgate.Core.Primitives;

namespace Headgate.Core.Snapshot;

/// <summary>What plugins say about the upstreams they send requests to (<see cref="PluginConfig.Upstreams"/>). One that is disabled needs none.</summary>
internal static class PluginUpstreams
{
    /// <summary>Ids that plugins name.</summary>
    public static HashSet<string> Ids(EquatableArray<PluginSetting> plugins) =>
        [.. Running(plugins).SelectMany(setting => setting.Config.Upstreams).Select(upstream => upstream.Id).OfType<string>()];

    /// <summary>The upstreams that plugins bring, by the keys of their owners.</summary>
    /// <param name="owner">Key of the object that carries the plugins: <c>routes/7</c>.</param>
    /// <param name="plugins">The plugins.</param>
    public static IEnumerable<(string Owner, UpstreamConfig Config)> Own(string owner, EquatableArray<PluginSetting> plugins)
    {
        foreach (PluginSetting setting in Running(plugins))
        {
            foreach (PluginUpstream upstream in setting.Config.Upstreams)
            {
                if (upstream.Inline is not { } config)
                    continue;
                string key = OwnerOf(owner, setting, upstream);
                yield return (key, config with { Id = key });
            }
        }
    }

    /// <summary>Key of the owner of an upstream that a plugin brings: <c>routes/7/traffic-split/0/1</c>.</summary>
    public static string OwnerOf(string owner, PluginSetting setting, PluginUpstream upstream) => $"{owner}/{setting.Plugin.Name}/{upstream.Place}";

    private static IEnumerable<PluginSetting> Running(EquatableArray<PluginSetting> plugins) =>
        plugins.Count == 0 ? [] : plugins.Where(static setting => !setting.Meta.IsDisabled && setting.Config.Upstreams.Count > 0);
}
