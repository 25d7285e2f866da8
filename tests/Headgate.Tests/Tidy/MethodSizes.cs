using System.Text.RegularExpressions;

namespace Headgate.Tests.Tidy;

/// <summary>Finds the bodies of methods by their braces: no parser, good enough for a limit.</summary>
internal static partial class MethodSizes
{
    private static readonly string[] NotMethods = ["if", "for", "foreach", "while", "switch", "catch", "using", "lock", "fixed", "when", "return", "new", "nameof", "typeof", "await", "throw", "else", "class", "struct", "record", "interface", "enum"];

    /// <summary>Name, first line (from 1) and number of lines of each outermost block that follows a parameter list.</summary>
    public static IEnumerable<(string Name, int Line, int Lines)> Of(string source)
    {
        string blank = SourceText.Blank(source);
        int i = 0;
        while (i < blank.Length)
        {
            Match head = Head().Match(blank, i);
            if (!head.Success)
                yield break;
            int open = head.Index + head.Length - 1;
            if (NotMethods.Contains(head.Groups["name"].Value) || IsTypeWithParameters(blank, head))
            {
                i = open + 1;
                continue;
            }

            int close = Close(blank, open);
            int first = blank.AsSpan(0, head.Groups["name"].Index).Count('\n') + 1;
            yield return (head.Groups["name"].Value, first, blank.AsSpan(0, close).Count('\n') + 2 - first);
            i = close;
        }
    }

    // "record Name(...) {" and "class Name(...) {" have a parameter list and are no methods.
    private static bool IsTypeWithParameters(string blank, Match head)
    {
        int lineStart = blank.LastIndexOfAny(['\n', ';', '{', '}'], head.Groups["name"].Index) + 1;
        return TypeWord().IsMatch(blank[lineStart..head.Groups["name"].Index]);
    }

    private static int Close(string blank, int open)
    {
        int depth = 0;
        for (int i = open; i < blank.Length; i++)
        {
            depth += blank[i] == '{' ? 1 : blank[i] == '}' ? -1 : 0;
            if (depth == 0)
                return i;
        }

        return blank.Length;
    }

    [GeneratedRegex(@"\b(?<name>[A-Za-z_]\w*)(?:<[^(){};]*>)?\s*\((?>[^(){};]|\((?<d>)|\)(?<-d>))*(?(d)(?!))\)[^(){}\[\];=]*?(?:where[^{};]*|:\s*(?:base|this)\s*\([^{};]*\)\s*)?\{", RegexOptions.CultureInvariant)]
    private static partial Regex Head();

    [GeneratedRegex(@"\b(class|struct|record|interface)\b", RegexOptions.CultureInvariant)]
    private static partial Regex TypeWord();
}
