using System.Text;

namespace Headgate.Tests.Tidy;

/// <summary>A C# file as text whose comments and literals are blanked, line breaks kept, so that braces and words can be looked at.</summary>
internal static class SourceText
{
    public static string Blank(string source)
    {
        var result = new StringBuilder(source.Length);
        int i = 0;
        while (i < source.Length)
        {
            int end = EndOfCommentOrLiteral(source, i);
            if (end == i)
            {
                result.Append(source[i++]);
                continue;
            }

            for (; i < end; i++)
                result.Append(source[i] == '\n' ? '\n' : ' ');
        }

        return result.ToString();
    }

    /// <summary>Where the comment or literal that begins at <paramref name="i"/> ends; <paramref name="i"/> itself when none does.</summary>
    private static int EndOfCommentOrLiteral(string s, int i)
    {
        if (At(s, i, "//"))
            return EndOr(s, s.IndexOf('\n', i));
        if (At(s, i, "/*"))
            return EndOr(s, s.IndexOf("*/", i + 2, StringComparison.Ordinal) + 2, 2);
        if (s[i] == '\'')
            return EndOfQuoted(s, i, '\'');

        int quote = i;
        while (quote < s.Length && s[quote] is '$' or '@')
            quote++;
        if (quote >= s.Length || s[quote] != '"')
            return i;
        int quotes = 0;
        while (quote + quotes < s.Length && s[quote + quotes] == '"')
            quotes++;
        if (quotes >= 3)
            return EndOr(s, s.IndexOf(new string('"', quotes), quote + quotes, StringComparison.Ordinal) + quotes, quotes);
        if (s.AsSpan(i, quote - i).Contains('@'))
            return EndOfVerbatim(s, quote);
        return quotes == 2 ? quote + 2 : EndOfQuoted(s, quote, '"');
    }

    private static int EndOfQuoted(string s, int start, char quote)
    {
        for (int i = start + 1; i < s.Length && s[i] != '\n'; i++)
        {
            if (s[i] == '\\')
                i++;
            else if (s[i] == quote)
                return i + 1;
        }

        return start + 1;
    }

    private static int EndOfVerbatim(string s, int start)
    {
        for (int i = start + 1; i < s.Length; i++)
        {
            if (s[i] != '"')
                continue;
            if (i + 1 < s.Length && s[i + 1] == '"')
                i++;
            else
                return i + 1;
        }

        return s.Length;
    }

    private static bool At(string s, int i, string text) => string.CompareOrdinal(s, i, text, 0, text.Length) == 0;

    private static int EndOr(string s, int end, int added = 0) => end < added || end < 0 ? s.Length : end;
}
