using System.Collections.Immutable;

namespace Headgate.Core.Config;

/// <summary>Names of <see cref="OverrideKind"/> in objects, paths and metrics.</summary>
public static class OverrideKinds
{
    /// <summary>All, in the order of the enumeration.</summary>
    public static ImmutableArray<string> Names { get; } = ["drain", "force_up", "force_down"];

    /// <summary><c>force_up</c>.</summary>
    public static string Name(this OverrideKind kind) => Names[(int)kind];

    /// <summary>Whether the node gets no requests by it.</summary>
    public static bool Withdraws(this OverrideKind kind) => kind is OverrideKind.Drain or OverrideKind.ForceDown;

    /// <summary>The kind of a name; null for another text.</summary>
    public static OverrideKind? Find(string? name) => Names.IndexOf(name ?? "") is var index and >= 0 ? (OverrideKind)index : null;
}
