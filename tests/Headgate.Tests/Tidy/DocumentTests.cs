using System.Text.RegularExpressions;

namespace Headgate.Tests.Tidy;

/// <summary>Documents: links lead somewhere, and the list of log events is the one in the code.</summary>
public sealed partial class DocumentTests
{
    [Fact]
    public void RelativeLink_LeadsToAFile()
    {
        string[] dead =
        [
            .. from file in Repository.Files("", ".md")
               from Match match in Link().Matches(WithoutCode(Repository.Text(file)))
               let target = match.Groups["target"].Value.Split('#')[0]
               where target.Length > 0 && !target.Contains("://", StringComparison.Ordinal) && !target.StartsWith("mailto:", StringComparison.Ordinal)
               where !Exists(Path.Combine(Repository.Root, Path.GetDirectoryName(file)!, target))
               select $"{file}: {match.Groups["target"].Value}",
        ];

        dead.ShouldBeEmpty();
    }

    [Fact]
    public void Decision_IsListedInTheIndex()
    {
        string index = Repository.Text("docs/decisions/README.md");

        Repository.Files("docs/decisions", ".md").Select(f => Path.GetFileName(f)).Where(f => f != "README.md" && !index.Contains($"({f})", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    [Fact]
    public void EventId_IsUsedOnce() =>
        Events().GroupBy(e => e.Id).Where(g => g.Count() > 1).Select(g => $"{g.Key}: {string.Join(", ", g.Select(e => e.Method))}").ShouldBeEmpty();

    [Fact]
    public void EventId_LiesInTheHundredOfItsArea() => Events().Where(e => !e.IsInItsArea).Select(e => e.ToString()).ShouldBeEmpty();

    [Fact]
    public void Events_AreListedInTheReference()
    {
        string[] rows = [.. Repository.Lines("docs/reference/events.md").Where(l => l.Length > 3 && l[0] == '|' && char.IsAsciiDigit(l[2]))];
        string[] expected = [.. Events().OrderBy(e => e.Id).Select(e => e.Row)];

        rows.ShouldBe(expected, "docs/reference/events.md: write these rows\n" + string.Join('\n', expected));
    }

    private static LogEvent[] Events() => [.. Repository.Files("src", ".cs").SelectMany(LogEvent.In)];

    private static bool Exists(string path) => File.Exists(path) || Directory.Exists(path);

    private static string WithoutCode(string text) => Code().Replace(text, "");

    [GeneratedRegex(@"\[[^\]]*\]\((?<target>[^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex("```.*?```|`[^`\n]*`", RegexOptions.Singleline)]
    private static partial Regex Code();
}
