namespace Headgate.Tests.Tidy;

/// <summary>The checked-out repository that the tests were built from.</summary>
internal static class Repository
{
    private static readonly string[] Skipped = ["artifacts", "bin", "obj", ".git", "data", "node_modules"];

    public static string Root { get; } = FindRoot();

    /// <summary>Files below a folder of the repository whose name ends in <paramref name="ending"/>, sorted, as paths relative to the root.</summary>
    public static string[] Files(string folder, string ending)
    {
        string start = Path.Combine(Root, folder);
        return Directory.Exists(start) ? [.. Walk(start).Where(f => f.EndsWith(ending, StringComparison.Ordinal)).Select(Relative).Order(StringComparer.Ordinal)] : [];
    }

    public static string[] Lines(string relative) => File.ReadAllLines(Path.Combine(Root, relative));

    public static string Text(string relative) => File.ReadAllText(Path.Combine(Root, relative));

    private static string Relative(string path) => Path.GetRelativePath(Root, path).Replace('\\', '/');

    private static IEnumerable<string> Walk(string folder)
    {
        foreach (string file in Directory.EnumerateFiles(folder))
            yield return file;
        foreach (string child in Directory.EnumerateDirectories(folder).Where(c => !Skipped.Contains(Path.GetFileName(c))))
        {
            foreach (string file in Walk(child))
                yield return file;
        }
    }

    private static string FindRoot()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "Headgate.slnx")))
            folder = Path.GetDirectoryName(folder);
        return folder ?? throw new InvalidOperationException($"no Headgate.slnx above {AppContext.BaseDirectory}");
    }
}
