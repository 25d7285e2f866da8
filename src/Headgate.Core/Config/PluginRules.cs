using Headgate.Core.Config.Plugins;

namespace Headgate.Core.Config;

/// <summary>
/// Which plugins there are, for those who ask about an object without reading it: what of it is secret, and what no other may have. The same for the whole process, because
/// the store that encrypts secrets and whoever shows an object must not differ about what is secret. Thread-safe.
/// </summary>
public static class PluginRules
{
    // Written once, by who composes the process, before anything is read; read by all.
    private static volatile PluginCatalog s_plugins = PluginCatalog.Empty;

    /// <summary>Says which plugins there are. Once, before the configuration is read; until then there are none.</summary>
    public static void Use(PluginCatalog plugins) => s_plugins = plugins;

    /// <summary>The plugin of that name; null when there is none.</summary>
    public static PluginDefinition? Find(string name) => s_plugins.TryGet(name, out PluginDefinition? plugin) ? plugin : null;
}
