namespace Headgate.Differential.Cases;

/// <summary>All cases of <c>fuzz/corpus</c>.</summary>
internal static class FuzzCorpus
{
    /// <summary>The folder in the repository that this was built from.</summary>
    public static string Folder { get; } = Find();

    /// <summary>Reads them, sorted by name.</summary>
    public static FuzzCase[] Load() =>
        [.. Directory.EnumerateFiles(Folder, "*.txt", SearchOption.AllDirectories).Select(file => FuzzCase.Load(Folder, file)).OrderBy(row => row.Name, StringComparer.Ordinal)];

    private static string Find()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "Headgate.slnx")))
            folder = Path.GetDirectoryName(folder);
        return Path.Combine(folder ?? throw new InvalidOperationException($"no Headgate.slnx above {AppContext.BaseDirectory}"), "fuzz", "corpus");
    }
}
