using System.Collections.Frozen;

namespace Headgate.Core.Config;

/// <summary>
/// The one place where reading and storing configuration asks about plugins: which there are, and what each is like. Thread-safe.
/// </summary>
public static class PluginRules
{
    private static readonly FrozenDictionary<string, PluginTraits> Table = PluginNames.Known.ToFrozenDictionary(name => name, _ => new PluginTraits());
    private static FrozenDictionary<string, PluginTraits>? s_pretended;

    /// <summary>Names of the plugins that there are, in the order of the alphabet.</summary>
    public static IEnumerable<string> Names => Present.Keys.Order(StringComparer.Ordinal);

    private static FrozenDictionary<string, PluginTraits> Present => s_pretended ?? Table;

    /// <summary>The plugin of that name; null when there is none.</summary>
    public static PluginTraits? Find(string name) => Present.GetValueOrDefault(name);

    /// <summary>For texts that refuse a name: which there are. Begins with a blank, for being appended.</summary>
    public static string Allowed() => Present.Count == 0 ? " (this gateway has no plugins yet)" : $" (there are: {string.Join(", ", Names)})";

    /// <summary>Makes every later look find these, in the whole process; null = the truth again.</summary>
    internal static void PretendForTest(IReadOnlyDictionary<string, PluginTraits>? plugins) => s_pretended = plugins?.ToFrozenDictionary();
}
