using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Headgate.Core.Config.Reading;
using Headgate.Core.Primitives;

namespace Headgate.Core.Config.Expressions;

/// <summary>
/// Reads the list form of lua-resty-expr. Refuses more than it: a comparison that can never hold there (an ordering against a text that is
/// no number, <c>in</c> against something that is no list) is a mistake that is better told than stored.
/// </summary>
internal static class VarsExpressionParser
{
    private const string TooShort = "rule too short";
    private const string Invalid = "invalid expression";

    public static VarsExpression? Parse(JsonElement value, out string? error)
    {
        error = null;
        if (JsonTexts.FindBroken(value) is not null)
            return Fail($"{Invalid} (a text in it holds half of a surrogate pair)", out error);
        // A Lua client writes an empty list as {}.
        if (value.ValueKind == JsonValueKind.Object && value.GetPropertyCount() == 0)
            return new VarsGroup(VarsLogic.And, false, []);
        if (value.ValueKind != JsonValueKind.Array)
            return Fail($"rule should be wrapped inside brackets (given {Shown(value)})", out error);

        if (value.GetArrayLength() == 0)
            return new VarsGroup(VarsLogic.And, false, []);

        JsonElement first = value[0];
        if (first.ValueKind != JsonValueKind.Array && !IsLogic(first, out _, out _))
            return Fail($"rule should be wrapped inside brackets (given {Shown(value)}; write [{Shown(value)}])", out error);

        return ParseRule(value, out error);
    }

    private static VarsExpression? ParseRule(JsonElement rule, out string? error)
    {
        if (rule.ValueKind != JsonValueKind.Array)
            return Fail($"{Invalid} (given {Shown(rule)}; a condition is a list such as [\"arg_name\", \"==\", \"x\"])", out error);

        int length = rule.GetArrayLength();
        if (length == 0)
            return Fail($"{TooShort} (given [])", out error);

        if (rule[0].ValueKind == JsonValueKind.Array)
            return ParseGroup(rule, 0, VarsLogic.And, negated: false, out error);

        if (!IsLogic(rule[0], out VarsLogic logic, out bool negated))
            return VarsComparisonParser.Parse(rule, out error);

        return length <= 2
            ? Fail($"{TooShort} (given {Shown(rule)}; {rule[0].GetString()} needs at least two conditions after it)", out error)
            : ParseGroup(rule, 1, logic, negated, out error);
    }

    private static VarsGroup? ParseGroup(JsonElement rule, int start, VarsLogic logic, bool negated, out string? error)
    {
        error = null;
        int length = rule.GetArrayLength();
        ImmutableArray<VarsExpression>.Builder terms = ImmutableArray.CreateBuilder<VarsExpression>(length - start);
        foreach (JsonElement item in rule.EnumerateArray().Skip(start))
        {
            if (ParseRule(item, out error) is not { } term)
                return null;
            terms.Add(term);
        }

        return new VarsGroup(logic, negated, new EquatableArray<VarsExpression>(terms.MoveToImmutable()));
    }

    private static bool IsLogic(JsonElement element, out VarsLogic logic, out bool negated)
    {
        (logic, negated) = (VarsLogic.And, false);
        if (element.ValueKind != JsonValueKind.String)
            return false;

        switch (element.GetString()!.ToUpperInvariant())
        {
            case "AND":
                return true;
            case "OR":
                logic = VarsLogic.Or;
                return true;
            case "!AND":
                negated = true;
                return true;
            case "!OR":
                (logic, negated) = (VarsLogic.Or, true);
                return true;
            default:
                return false;
        }
    }

    internal static string Shown(JsonElement element)
    {
        string raw = element.GetRawText();
        return raw.Length <= 200 ? raw : string.Create(CultureInfo.InvariantCulture, $"{raw.AsSpan(0, 200)}...");
    }

    private static VarsExpression? Fail(string message, out string? error)
    {
        error = message;
        return null;
    }
}
