using System.Text;
using System.Text.RegularExpressions;

namespace Headgate.Settings.Source;

/// <summary>
/// Replaces <c>${{VAR}}</c> and <c>${{VAR:=default}}</c> in the text of the file before it is parsed, as APISIX does: what stands without
/// quotes then gets its type from the replaced text, what stands in quotes stays text. Unlike APISIX a comment line is left alone.
/// </summary>
internal static partial class VariableSubstitution
{
    /// <summary>The text with every reference replaced; a variable that is unset and has no default is an error and becomes nothing.</summary>
    public static string Apply(string text, string fileName, Func<string, string?> environment, SettingProblems problems)
    {
        if (!text.Contains("${{", StringComparison.Ordinal))
            return text;
        var result = new StringBuilder(text.Length);
        int number = 0;
        foreach (string line in text.Split('\n'))
        {
            var origin = new SettingOrigin(fileName, ++number);
            if (number > 1)
                result.Append('\n');
            bool comment = line.AsSpan().TrimStart().StartsWith("#", StringComparison.Ordinal);
            result.Append(comment ? line : Reference().Replace(line, match => Value(match, origin, environment, problems)));
        }

        return result.ToString();
    }

    private static string Value(Match match, SettingOrigin origin, Func<string, string?> environment, SettingProblems problems)
    {
        string name = match.Groups["name"].Value;
        string? value = environment(name) ?? (match.Groups["default"].Success ? match.Groups["default"].Value.Trim() : null);
        if (value is null)
        {
            problems.Error(origin, "", $"environment variable {name} is not set; set it, or write a default: ${{{{{name}:=default}}}}");
            return "";
        }

        // A line break would move the lines of everything below, and every message's line number with them.
        if (value.AsSpan().ContainsAny('\n', '\r'))
        {
            problems.Error(origin, "", $"environment variable {name} holds a line break, which ${{{{{name}}}}} cannot take");
            return "";
        }

        return value;
    }

    [GeneratedRegex(@"\$\{\{\s*(?<name>\w+)\s*(?::=(?<default>.*?))?\s*\}\}", RegexOptions.CultureInvariant)]
    private static partial Regex Reference();
}
