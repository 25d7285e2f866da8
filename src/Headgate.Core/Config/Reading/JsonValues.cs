using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;

namespace Headgate.Core.Config.Reading;

/// <summary>
/// Reads single values by the rules of a JSON schema, with the words of APISIX's validator (api7/jsonschema). Each method reports what is
/// wrong and then returns null.
/// </summary>
public static class JsonValues
{
    private const string HostPattern = @"^\*$|^\*?[0-9a-zA-Z-._\[\]:]+$";

    private static readonly SearchValues<char> HostChars =
        SearchValues.Create("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-._[]:");

    private static readonly SearchValues<char> IdChars =
        SearchValues.Create("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_.");

    /// <summary>A text of <paramref name="min"/> to <paramref name="max"/> characters.</summary>
    public static string? Text(JsonElement value, Location at, Findings findings, int min = 0, int max = int.MaxValue)
    {
        if (value.ValueKind != JsonValueKind.String)
            return WrongType("string", value, at, findings);

        string text = value.GetString()!;
        if (text.Length >= min && text.Length <= max && min <= 1)
            return text;

        int length = text.EnumerateRunes().Count();
        if (length < min)
            findings.Schema(at, string.Create(CultureInfo.InvariantCulture, $"string too short, expected at least {min}, got {length}"));
        else if (length > max)
            findings.Schema(at, string.Create(CultureInfo.InvariantCulture, $"string too long, expected at most {max}, got {length}"));
        else
            return text;
        return null;
    }

    /// <summary>A whole number; both limits are allowed.</summary>
    public static int? Integer(JsonElement value, Location at, Findings findings, int min = int.MinValue, int max = int.MaxValue)
    {
        if (value.ValueKind != JsonValueKind.Number || !value.TryGetDouble(out double number) || Math.Floor(number) != number || double.IsInfinity(number))
        {
            WrongType("integer", value, at, findings);
            return null;
        }

        return InRange(number, min, max, at, findings) ? (int)number : null;
    }

    /// <summary>A time in seconds, at most <see cref="Seconds.Max"/>. <paramref name="aboveZero"/>: zero itself is refused.</summary>
    public static TimeSpan? Duration(JsonElement value, Location at, Findings findings, bool aboveZero)
    {
        if (Number(value, at, findings) is not { } number)
            return null;

        if (aboveZero && number <= 0)
        {
            findings.Schema(at, $"expected {LuaText.Number(number)} to be greater than 0");
            return null;
        }

        return InRange(number, 0, Seconds.Max, at, findings) ? Seconds.ToTimeSpan(number) : null;
    }

    /// <summary>A number.</summary>
    public static double? Number(JsonElement value, Location at, Findings findings)
    {
        if (value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double number))
            return number;

        WrongType("number", value, at, findings);
        return null;
    }

    /// <summary>A number; both limits are allowed.</summary>
    public static double? Number(JsonElement value, Location at, Findings findings, double min, double max) =>
        Number(value, at, findings) is { } number && InRange(number, min, max, at, findings) ? number : null;

    /// <summary>True or false.</summary>
    public static bool? Flag(JsonElement value, Location at, Findings findings)
    {
        if (value.ValueKind is JsonValueKind.True or JsonValueKind.False)
            return value.ValueKind == JsonValueKind.True;

        WrongType("boolean", value, at, findings);
        return null;
    }

    /// <summary>One of <paramref name="allowed"/>.</summary>
    public static string? Choice(JsonElement value, Location at, Findings findings, ImmutableArray<string> allowed)
    {
        if (Text(value, at, findings) is not { } text)
            return null;
        if (allowed.Contains(text))
            return text;

        findings.Schema(at, $"matches none of the enum values (given {LuaText.Quote(text)}; allowed: {string.Join(", ", allowed)})");
        return null;
    }

    /// <summary>A host: <c>*</c>, or letters, digits and <c>-._[]:</c> with perhaps one <c>*</c> before them.</summary>
    public static string? Host(JsonElement value, Location at, Findings findings)
    {
        if (Text(value, at, findings) is not { } text)
            return null;

        ReadOnlySpan<char> rest = text.StartsWith('*') ? text.AsSpan(1) : text;
        if (text == "*" || (rest.Length > 0 && !rest.ContainsAnyExcept(HostChars)))
            return text;

        MatchesNot(HostPattern, text, at, findings);
        return null;
    }

    /// <summary>An id, as text also when it was written as a number.</summary>
    public static string? Id(JsonElement value, Location at, Findings findings)
    {
        if (value.ValueKind == JsonValueKind.String)
        {
            string text = value.GetString()!;
            if (text.Length is >= 1 and <= 64 && !text.AsSpan().ContainsAnyExcept(IdChars))
                return text;
        }
        else if (value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double number) && number >= 1 && Math.Floor(number) == number)
        {
            return value.TryGetInt64(out long exact) ? exact.ToString(CultureInfo.InvariantCulture) : LuaText.Number(number);
        }

        string raw = value.GetRawText();
        findings.Schema(at, $"object matches none of the required (given {(raw.Length > 80 ? raw[..80] + "..." : raw)}; "
            + "allowed: 1 to 64 of a-z A-Z 0-9 - _ ., or an integer from 1)");
        return null;
    }

    /// <summary>Reports that <paramref name="text"/> does not match.</summary>
    public static void MatchesNot(string pattern, string text, Location at, Findings findings) =>
        findings.Schema(at, $"failed to match pattern {LuaText.Quote(pattern)} with {LuaText.Quote(text)}");

    /// <summary>Reports a value of a wrong type; always null.</summary>
    public static string? WrongType(string expected, JsonElement value, Location at, Findings findings)
    {
        findings.Schema(at, $"wrong type: expected {expected}, got {LuaText.TypeName(value)}");
        return null;
    }

    private static bool InRange(double number, double min, double max, Location at, Findings findings)
    {
        if (number < min)
            findings.Schema(at, $"expected {LuaText.Number(number)} to be at least {LuaText.Number(min)}");
        else if (number > max)
            findings.Schema(at, $"expected {LuaText.Number(number)} to be at most {LuaText.Number(max)}");
        else
            return true;
        return false;
    }
}
