using System.Collections.Frozen;

namespace Headgate.Core.Config;

/// <summary>The plugins that this gateway has. A plugin that is not among them is refused by the Admin API, and never skipped when it is in the store.</summary>
public static class PluginNames
{
    /// <summary>Names as they stand in <c>plugins</c>. None yet.</summary>
    public static FrozenSet<string> Known { get; } = FrozenSet<string>.Empty;
}
