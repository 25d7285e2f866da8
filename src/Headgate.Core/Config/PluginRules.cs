using System.Collections.Frozen;

namespace Headgate.Core.Config;

/// <summary>
/// The one place where reading and storing configuration asks about plugins: which there are, and what each is like. The same for the whole process, because the store
/// that encrypts secrets and whoever reads an object must not differ about what is secret. Thread-safe.
/// </summary>
public static class PluginRules
{
    // Written once, by who composes the process, before anything is read; read by all.
    private static volatile FrozenDictionary<string, PluginTraits> s_plugins = FrozenDictionary<string, PluginTraits>.Empty;

    /// <summary>Names of the plugins that there are, in the order of the alphabet; none before <see cref="Use"/>.</summary>
    public static IEnumerable<string> Names => s_plugins.Keys.Order(StringComparer.Ordinal);

    /// <summary>Says which plugins there are. Once, before the store is opened.</summary>
    public static void Use(IReadOnlyDictionary<string, PluginTraits> plugins) => s_plugins = plugins.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The plugin of that name; null when there is none.</summary>
    public static PluginTraits? Find(string name) => s_plugins.GetValueOrDefault(name);

    /// <summary>For texts that refuse a name: which there are. Begins with a blank, for being appended.</summary>
    public static string Allowed() => s_plugins.Count == 0 ? " (this gateway has no plugins yet)" : $" (there are: {string.Join(", ", Names)})";
}
