namespace Headgate.Testing;

/// <summary>Reads a file of lines that another thread or process still writes.</summary>
public static class TextFile
{
    /// <summary>Its lines, without what ends them, once <paramref name="count"/> of them are whole. A last line that is still being written is left out.</summary>
    public static async Task<string[]> LinesAsync(string path, int count)
    {
        string[] lines = [];
        await Eventually.HoldsAsync(() => File.Exists(path) && (lines = File.ReadAllText(path).Split('\n')[..^1]).Length >= count, $"{count} lines of {path}");
        return lines;
    }
}
