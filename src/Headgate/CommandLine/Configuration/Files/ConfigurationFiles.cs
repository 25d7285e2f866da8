using Headgate.Settings;
using Headgate.Settings.Source;

namespace Headgate.CommandLine.Configuration.Files;

/// <summary>Reads the files of a command: YAML or JSON, <c>-</c> for the standard input, of a folder all that end in <c>.yaml</c>, <c>.yml</c> or <c>.json</c>.</summary>
internal static class ConfigurationFiles
{
    private const string StandardInput = "-";

    private static readonly string[] Endings = [".yaml", ".yml", ".json"];

    /// <summary>What the files say together; what is wrong with them goes to <paramref name="problems"/>.</summary>
    /// <param name="names">Files and folders.</param>
    /// <param name="input">The standard input.</param>
    /// <param name="problems">Takes what is wrong.</param>
    public static WantedConfiguration Read(IReadOnlyList<string> names, TextReader input, SettingProblems problems)
    {
        var documents = new DocumentReader(problems);
        foreach (string name in names.SelectMany(name => Expand(name, problems)).Distinct(StringComparer.Ordinal))
        {
            if (ReadText(name, input, problems) is not { } text)
                continue;
            SettingOrigin Origin(long line) => new(name == StandardInput ? "standard input" : name, line);
            SettingNode? document = IsJson(name, text) ? JsonSource.Read(text, Origin, problems) : YamlSource.Read(text, Origin, problems, NodeJson.DepthMax);
            if (document is { IsNull: false })
                documents.Add(document);
        }

        return documents.Read();
    }

    private static string[] Expand(string name, SettingProblems problems)
    {
        if (!Directory.Exists(name))
            return [name];
        string[] files = [.. Directory.EnumerateFiles(name, "*", SearchOption.AllDirectories).Where(static file => Endings.Contains(Path.GetExtension(file))).Order(StringComparer.Ordinal)];
        if (files.Length == 0)
            problems.Error(null, name, $"the folder has no file that ends in {string.Join(", ", Endings)}");
        return files;
    }

    private static string? ReadText(string name, TextReader input, SettingProblems problems)
    {
        try
        {
            return name == StandardInput ? input.ReadToEnd() : File.ReadAllText(name);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            problems.Error(null, name, $"cannot be read: {e.Message}");
            return null;
        }
    }

    /// <summary>JSON is YAML too, but for tabs between its parts and pairs of escapes in its texts.</summary>
    private static bool IsJson(string name, string text) =>
        Path.GetExtension(name) is var ending && (ending == ".json" || (ending is not (".yaml" or ".yml") && text.AsSpan().TrimStart() is ['{', ..]));
}
