using System.Text;
using System.Text.RegularExpressions;

namespace Headgate.Store.Documents;

/// <summary>
/// Replaces <c>${{VAR}}</c> and <c>${{VAR:=default}}</c> by environment variables, as APISIX does in its files. In a text before it is parsed: what stands without quotes
/// then gets its type from the replaced text, what stands in quotes stays text. Unlike APISIX a comment line is left alone.
/// </summary>
public static partial class VariableReferences
{
    /// <summary>Whether there may be a reference in a text.</summary>
    public static bool MayBeIn(string text) => text.Contains("${{", StringComparison.Ordinal);

    /// <summary>The text with every reference replaced, line by line.</summary>
    /// <param name="text">YAML, or a part of it.</param>
    /// <param name="environment">The value of a variable; null = it is not set.</param>
    /// <param name="problem">Takes the line, from 1, and what is wrong there; the reference then becomes nothing.</param>
    public static string Replace(string text, Func<string, string?> environment, Action<long, string> problem)
    {
        if (!MayBeIn(text))
            return text;
        var result = new StringBuilder(text.Length);
        long number = 0;
        foreach (string line in text.Split('\n'))
        {
            if (++number > 1)
                result.Append('\n');
            bool comment = line.AsSpan().TrimStart().StartsWith("#", StringComparison.Ordinal);
            result.Append(comment ? line : ReplaceInLine(line, environment, what => problem(number, what)));
        }

        return result.ToString();
    }

    /// <summary>As <see cref="Replace"/>, in one line or one text without comments.</summary>
    public static string ReplaceInLine(string line, Func<string, string?> environment, Action<string> problem) =>
        Reference().Replace(line, match => Value(match, environment, problem));

    private static string Value(Match match, Func<string, string?> environment, Action<string> problem)
    {
        string name = match.Groups["name"].Value;
        string? value = environment(name) ?? (match.Groups["default"].Success ? match.Groups["default"].Value.Trim() : null);
        if (value is null)
            problem($"environment variable {name} is not set; set it, or write a default: ${{{{{name}:=default}}}}");

        // A line break would move the lines of everything below, and every message's line number with them.
        else if (value.AsSpan().ContainsAny('\n', '\r'))
            problem($"environment variable {name} holds a line break, which ${{{{{name}}}}} cannot take");
        else
            return value;
        return "";
    }

    [GeneratedRegex(@"\$\{\{\s*(?<name>\w+)\s*(?::=(?<default>.*?))?\s*\}\}", RegexOptions.CultureInvariant)]
    private static partial Regex Reference();
}
