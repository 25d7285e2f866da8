namespace Headgate.Settings;

/// <summary>The tree that the known paths make: which are sections, and what stands in each.</summary>
internal static class KnownPaths
{
    private static readonly string[] All = [.. SettingTable.Keys.Select(k => k.Path), .. KeysWithoutEffect.All.Select(k => k.Path)];

    /// <summary>Whether known keys lie below <paramref name="path"/>.</summary>
    public static bool IsSection(string path, StringComparison comparison = StringComparison.Ordinal) => All.Any(p => p.StartsWith(path + ".", comparison));

    /// <summary>Names that may stand directly in a section, sorted; <paramref name="parent"/> ends with a dot, or is empty for the top.</summary>
    public static IReadOnlyList<string> Children(string parent) => Names(All, parent);

    /// <summary>As <see cref="Children"/>, only those that act or hold something that does.</summary>
    public static IReadOnlyList<string> ActingChildren(string parent) => Names(SettingTable.Keys.Select(k => k.Path), parent);

    private static string[] Names(IEnumerable<string> paths, string parent) =>
        [.. paths.Where(p => p.StartsWith(parent, StringComparison.Ordinal)).Select(p => p[parent.Length..].Split('.')[0]).Distinct().Order(StringComparer.Ordinal)];
}
