using System.Globalization;
using System.Text.Json;
using Headgate.Core.Config.Reading;
using Headgate.Core.Primitives;

namespace Headgate.Core.Config.Expressions;

/// <summary>Reads one comparison: <c>[variable, operator, constant]</c>, <c>[variable, "!", operator, constant]</c> or <c>[variable, constant]</c>.</summary>
internal static class VarsComparisonParser
{
    private const string Allowed = "==, ~=, >, >=, <, <=, ~~, ~*, in, has, ipmatch";

    public static VarsExpression? Parse(JsonElement rule, out string? error)
    {
        int length = rule.GetArrayLength();
        bool negated = length == 4;
        if (negated && !IsText(rule[1], "!"))
            return Fail($"bad 'not' expression (given {VarsExpressionParser.Shown(rule)}; write [variable, \"!\", operator, value])", out error);
        if (length is < 2 or > 4)
            return Fail($"invalid expression (given {VarsExpressionParser.Shown(rule)}; write [variable, operator, value])", out error);
        if (rule[0].ValueKind != JsonValueKind.String || rule[0].GetString()!.Length == 0)
            return Fail($"invalid expression (given {VarsExpressionParser.Shown(rule)}; the first item names a variable)", out error);

        string variable = rule[0].GetString()!;
        JsonElement written = negated ? rule[2] : rule[1];
        string? name = written.ValueKind == JsonValueKind.String ? written.GetString() : null;
        bool known = TryParseOperator(name, out VarsOperator comparison);

        if (length == 2)
        {
            // lua-resty-expr: [variable, value] compares for equality; [variable, operator] compares with nothing.
            return known
                ? Build(variable, comparison, name!, negated, default, rule, out error)
                : Build(variable, VarsOperator.Equal, "==", negated, rule[1], rule, out error);
        }

        return known
            ? Build(variable, comparison, name!, negated, negated ? rule[3] : rule[2], rule, out error)
            : Fail($"invalid operator '{LuaText.Clip(name?.ToLowerInvariant() ?? written.GetRawText())}' (given {VarsExpressionParser.Shown(rule)}; allowed: {Allowed})", out error);
    }

    private static VarsComparison? Build(
        string variable, VarsOperator comparison, string name, bool negated, JsonElement value, JsonElement rule, out string? error)
    {
        VarsOperand? operand = ParseOperand(comparison, name, value, out error);
        if (operand is not null)
            return new VarsComparison(variable, comparison, negated, operand);

        error = $"{error} (given {VarsExpressionParser.Shown(rule)})";
        return null;
    }

    private static VarsOperand? ParseOperand(VarsOperator comparison, string name, JsonElement value, out string? error)
    {
        error = null;
        switch (comparison)
        {
            case VarsOperator.Equal or VarsOperator.NotEqual:
                if (value.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined)
                    return new VarsNull();
                return Scalar(value) ?? Wrong($"{name} compares with a text, a number, a boolean or null", out error);
            case VarsOperator.Matches:
                return ParsePattern(name, value, out error);
            case VarsOperator.In:
                return ParseList(value) ?? Wrong("in compares with a list of texts, numbers or booleans", out error);
            case VarsOperator.Has:
                return Scalar(value) ?? Wrong("has compares with a text, a number or a boolean", out error);
            case VarsOperator.IpMatch:
                return ParseAddresses(value, out error);
            default:
                return Number(value) ?? Wrong($"{name} compares with a number", out error);
        }
    }

    private static VarsOperand? ParsePattern(string name, JsonElement value, out string? error)
    {
        if (value.ValueKind != JsonValueKind.String)
            return Wrong($"{name} compares with a regular expression, written as a text", out error);

        string pattern = value.GetString()!;
        if (VarsPattern.Create(pattern, name == "~*", out string? reason) is { } compiled)
        {
            error = null;
            return compiled;
        }

        return Wrong($"invalid regular expression: {reason}", out error);
    }

    private static VarsList? ParseList(JsonElement value)
    {
        // A Lua client writes an empty list as {}.
        if (value.ValueKind == JsonValueKind.Object && value.GetPropertyCount() == 0)
            return new VarsList([]);
        if (value.ValueKind != JsonValueKind.Array)
            return null;

        var items = new List<VarsOperand>(value.GetArrayLength());
        foreach (JsonElement item in value.EnumerateArray())
        {
            if (Scalar(item) is not { } scalar)
                return null;
            items.Add(scalar);
        }

        return new VarsList(new EquatableArray<VarsOperand>([.. items]));
    }

    private static VarsAddresses? ParseAddresses(JsonElement value, out string? error)
    {
        error = "invalid ip address";
        IEnumerable<JsonElement> items = value.ValueKind == JsonValueKind.Array ? value.EnumerateArray() : [value];
        var ranges = new List<AddressRange>();
        foreach (JsonElement item in items)
        {
            if (item.ValueKind != JsonValueKind.String)
                return null;

            string text = item.GetString()!;
            if (text.Length == 0)
                return null;
            if (!AddressRange.TryParse(text, out AddressRange range))
            {
                error = $"invalid ip address: {LuaText.Clip(text)}";
                return null;
            }

            ranges.Add(range);
        }

        if (ranges.Count == 0)
            return null;

        error = null;
        return new VarsAddresses(new EquatableArray<AddressRange>([.. ranges]));
    }

    private static VarsOperand? Scalar(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => new VarsText(value.GetString()!),
        JsonValueKind.Number when value.TryGetDouble(out double number) && double.IsFinite(number) => new VarsNumber(number),
        JsonValueKind.True => new VarsBoolean(true),
        JsonValueKind.False => new VarsBoolean(false),
        _ => null,
    };

    private static VarsNumber? Number(JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double number) && double.IsFinite(number))
            return new VarsNumber(number);

        if (value.ValueKind != JsonValueKind.String)
            return null;

        // As Lua's tonumber: white space around, decimal or 0x.
        string text = value.GetString()!.Trim();
        if (text.StartsWith("0x", StringComparison.OrdinalIgnoreCase))
            return ulong.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong whole) ? new VarsNumber(whole) : null;
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number) && double.IsFinite(number) ? new VarsNumber(number) : null;
    }

    private static bool TryParseOperator(string? name, out VarsOperator comparison)
    {
        (comparison, bool known) = name?.ToLowerInvariant() switch
        {
            "==" => (VarsOperator.Equal, true),
            "~=" => (VarsOperator.NotEqual, true),
            ">" => (VarsOperator.Greater, true),
            ">=" => (VarsOperator.GreaterOrEqual, true),
            "<" => (VarsOperator.Less, true),
            "<=" => (VarsOperator.LessOrEqual, true),
            "~~" or "~*" => (VarsOperator.Matches, true),
            "in" => (VarsOperator.In, true),
            "has" => (VarsOperator.Has, true),
            "ipmatch" => (VarsOperator.IpMatch, true),
            _ => (VarsOperator.Equal, false),
        };
        return known;
    }

    private static bool IsText(JsonElement element, string text) => element.ValueKind == JsonValueKind.String && element.ValueEquals(text);

    private static VarsOperand? Wrong(string message, out string? error)
    {
        error = message;
        return null;
    }

    private static VarsExpression? Fail(string message, out string? error)
    {
        error = message;
        return null;
    }
}
