using System.Text;
using System.Text.RegularExpressions;

namespace Headgate.Proxy.Plugins.Texts;

/// <summary>The pattern that most rewrites have, <c>^/prefix/(.*)</c> with or without a <c>$</c> behind it, matched without a Regex, whose groups cost memory. Immutable.</summary>
internal sealed partial class PrefixCapture
{
    private readonly byte[] _prefix;

    private PrefixCapture(byte[] prefix) => _prefix = prefix;

    /// <summary>Null when the pattern has another form.</summary>
    public static PrefixCapture? TryParse(string pattern)
    {
        Match match = Form().Match(pattern);
        return match.Success ? new PrefixCapture(Encoding.ASCII.GetBytes(match.Groups[1].Value.Replace("\\", "", StringComparison.Ordinal))) : null;
    }

    /// <summary>False when the text has a line feed, which neither the dot nor the dollar take for a character like others: the Regex knows.</summary>
    public bool TryMatch(ReadOnlySpan<byte> text, Span<(int Start, int Length)> groups, out int count, out bool isFound)
    {
        (count, isFound) = (0, false);
        if (text.Contains((byte)'\n'))
            return false;
        isFound = text.StartsWith(_prefix);
        if (!isFound)
            return true;
        count = Math.Min(groups.Length, 2);
        if (count > 0)
            groups[0] = (0, text.Length);
        if (count > 1)
            groups[1] = (_prefix.Length, text.Length - _prefix.Length);
        return true;
    }

    [GeneratedRegex(@"\A\^((?:[A-Za-z0-9/_~!@%&=:;,-]|\\[./-])*)\(\.\*\)\$?\z")]
    private static partial Regex Form();
}
