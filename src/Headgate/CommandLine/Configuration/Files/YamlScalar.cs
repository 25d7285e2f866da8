using System.Globalization;
using System.Numerics;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Headgate.CommandLine.Configuration.Files;

/// <summary>What a scalar without quotes means: YAML's core schema (YAML 1.2.2 §10.3.2), as JSON.</summary>
internal static partial class YamlScalar
{
    /// <summary>Words that older readers of YAML take for truth values; written with quotes by us, and texts when we read them.</summary>
    private static readonly HashSet<string> OldWords = new(StringComparer.OrdinalIgnoreCase) { "yes", "no", "on", "off", "y", "n" };

    /// <summary>The value; null is JSON's null. A number keeps the digits it was written with when JSON can write it so.</summary>
    /// <exception cref="FormatException">It is a number that JSON does not have: <c>.inf</c>, <c>.nan</c>.</exception>
    public static JsonNode? Read(string text)
    {
        switch (text)
        {
            case "" or "~" or "null" or "Null" or "NULL":
                return null;
            case "true" or "True" or "TRUE":
                return JsonValue.Create(true);
            case "false" or "False" or "FALSE":
                return JsonValue.Create(false);
        }

        if (!char.IsAsciiDigit(text[0]) && text[0] is not ('-' or '+' or '.'))
            return JsonValue.Create(text);
        if (JsonNumber().IsMatch(text))
            return JsonNode.Parse(text);
        if (Integer().IsMatch(text))
            return JsonNode.Parse(BigInteger.Parse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture));
        if (Octal().IsMatch(text))
            return JsonNode.Parse(text[2..].Aggregate(BigInteger.Zero, static (value, digit) => (value * 8) + (digit - '0')).ToString(CultureInfo.InvariantCulture));
        if (Hexadecimal().IsMatch(text))
            return JsonNode.Parse(BigInteger.Parse("0" + text[2..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture));
        if (Infinite().IsMatch(text))
            throw new FormatException($"{text} is a number that JSON does not have; write it in quotes when it is text");
        return Float().IsMatch(text) ? JsonValue.Create(double.Parse(text, CultureInfo.InvariantCulture)) : JsonValue.Create(text);
    }

    /// <summary>Whether a text must have quotes because without them it would be something else, or would look so to other readers.</summary>
    public static bool MeansMore(string text)
    {
        try
        {
            return OldWords.Contains(text) || Read(text) is not { } value || value.GetValueKind() != System.Text.Json.JsonValueKind.String;
        }
        catch (FormatException)
        {
            return true;
        }
    }

    [GeneratedRegex(@"^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?\z", RegexOptions.CultureInvariant)]
    private static partial Regex JsonNumber();

    [GeneratedRegex(@"^[-+]?[0-9]+\z", RegexOptions.CultureInvariant)]
    private static partial Regex Integer();

    [GeneratedRegex(@"^0o[0-7]+\z", RegexOptions.CultureInvariant)]
    private static partial Regex Octal();

    [GeneratedRegex(@"^0x[0-9a-fA-F]+\z", RegexOptions.CultureInvariant)]
    private static partial Regex Hexadecimal();

    [GeneratedRegex(@"^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Float();

    [GeneratedRegex(@"^([-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN))\z", RegexOptions.CultureInvariant)]
    private static partial Regex Infinite();
}
