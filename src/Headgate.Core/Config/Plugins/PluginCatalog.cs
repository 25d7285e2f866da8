using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;

namespace Headgate.Core.Config.Plugins;

/// <summary>
/// The plugins that this gateway has. One that is not among them is refused by the Admin API, and never skipped when it is in the store. Immutable, thread-safe.
/// </summary>
public sealed class PluginCatalog
{
    private readonly FrozenDictionary<string, PluginDefinition> _byName;

    /// <summary>Makes a catalog. Two definitions of one name are a mistake of who puts it together.</summary>
    /// <exception cref="ArgumentException">A name comes twice.</exception>
    public PluginCatalog(IEnumerable<PluginDefinition> plugins)
    {
        All = [.. plugins.OrderByDescending(static plugin => plugin.Priority).ThenBy(static plugin => plugin.Name, StringComparer.Ordinal)];
        _byName = new Dictionary<string, PluginDefinition>(All.Select(static plugin => KeyValuePair.Create(plugin.Name, plugin)), StringComparer.Ordinal)
            .ToFrozenDictionary(StringComparer.Ordinal);
    }

    /// <summary>No plugin at all.</summary>
    public static PluginCatalog Empty { get; } = new([]);

    /// <summary>All of them, in the order in which they run.</summary>
    public IReadOnlyList<PluginDefinition> All { get; }

    /// <summary>The plugin of that name; names are case-sensitive.</summary>
    public bool TryGet(string name, [NotNullWhen(true)] out PluginDefinition? plugin) => _byName.TryGetValue(name, out plugin);
}
