namespace Headgate.Differential.Cases;

/// <summary>All cases of <c>fuzz/corpus</c>.</summary>
internal static class FuzzCorpus
{
    /// <summary>The folder in the repository that this was built from.</summary>
    public static string Folder { get; } = Find();

    /// <summary>Reads them, sorted by name.</summary>
    public static FuzzCase[] Load() =>
        [.. Directory.EnumerateFiles(Folder, "*.txt", SearchOption.AllDirectories).Select(file => FuzzCase.Load(Folder, file)).OrderBy(row => row.Name, StringComparer.Ordinal)];

    /// <summary>Where mutations begin: the sound cases several times, so that about half of all inputs begin with one. What is refused at once hides what lies behind.</summary>
    public static byte[][] Seeds(FuzzCase[] corpus)
    {
        byte[][] sound = [.. corpus.Where(row => row.Name.StartsWith("sound/", StringComparison.Ordinal)).Select(row => row.Bytes)];
        return [.. corpus.Select(row => row.Bytes), .. Enumerable.Repeat(sound, Math.Max(0, (corpus.Length / Math.Max(1, sound.Length)) - 2)).SelectMany(bytes => bytes)];
    }

    private static string Find()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "Headgate.slnx")))
            folder = Path.GetDirectoryName(folder);
        return Path.Combine(folder ?? throw new InvalidOperationException($"no Headgate.slnx above {AppContext.BaseDirectory}"), "fuzz", "corpus");
    }
}
