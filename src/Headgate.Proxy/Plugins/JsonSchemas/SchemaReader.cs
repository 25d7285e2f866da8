using System.Text.Json;
using Headgate.Core.Config.Reading;

namespace Headgate.Proxy.Plugins.JsonSchemas;

/// <summary>Reads the keywords of one schema.</summary>
internal sealed class SchemaReader(SchemaCompiler compiler, JsonElement schema, Location at, bool lowers)
{
    private static readonly Dictionary<string, SchemaTypes> Types = new()
    {
        ["object"] = SchemaTypes.Object,
        ["array"] = SchemaTypes.Array,
        ["table"] = SchemaTypes.Object | SchemaTypes.Array, // api7/jsonschema's own
        ["string"] = SchemaTypes.String,
        ["number"] = SchemaTypes.Number,
        ["integer"] = SchemaTypes.Integer,
        ["boolean"] = SchemaTypes.Boolean,
        ["null"] = SchemaTypes.Null,
    };

    /// <summary>Keywords that mean something.</summary>
    public HashSet<string> Known { get; } = [];

    /// <summary>What they demand, in the order in which APISIX's validator looks.</summary>
    public IEnumerable<SchemaRule> ReadRules()
    {
        SchemaRule?[] rules = [Type(), new MembersReader(compiler, this, at, lowers).Read(), Items(), Text(), Number(), Enum(), .. Combined(), Conditional(), Not(), Format(), Const()];
        return rules.OfType<SchemaRule>();
    }

    /// <summary>The value of a keyword, which counts as known from then on.</summary>
    public bool TryGet(string keyword, out JsonElement value)
    {
        Known.Add(keyword);
        return schema.TryGetProperty(keyword, out value);
    }

    /// <summary>A number of things from 0; null when it is not there, or wrong, which is reported.</summary>
    public int? Count(string keyword)
    {
        if (!TryGet(keyword, out JsonElement value))
            return null;
        if (value.ValueKind == JsonValueKind.Number && value.GetDouble() is >= 0 and <= int.MaxValue and var number && Math.Floor(number) == number)
            return (int)number;
        compiler.Wrong(at.Property(keyword), "expected an integer from 0");
        return null;
    }

    /// <summary>A schema; null when it is not there.</summary>
    public SchemaNode? Sub(string keyword, bool inPlace = false) => TryGet(keyword, out JsonElement value) ? compiler.Sub(value, at.Property(keyword), inPlace && lowers) : null;

    private TypeRule? Type()
    {
        if (!TryGet("type", out JsonElement type))
            return null;
        JsonElement[] names = type.ValueKind == JsonValueKind.Array ? [.. type.EnumerateArray()] : [type];
        SchemaTypes types = SchemaTypes.None;
        foreach (JsonElement name in names)
        {
            if (name.ValueKind == JsonValueKind.String && Types.TryGetValue(name.GetString()!, out SchemaTypes one))
                types |= one;
            else
                compiler.Wrong(at.Property("type"), $"{LuaText.Clip(name.GetRawText())} is no type; allowed: {string.Join(", ", Types.Keys)}");
        }

        if (names.Length == 0)
            compiler.Wrong(at.Property("type"), "expected at least one type");
        string expected = string.Join(", ", names.Select(static name => name.ToString()));
        return new TypeRule(types, type.ValueKind == JsonValueKind.Array ? "one of " + expected : expected);
    }

    private ItemsRule? Items()
    {
        bool isList = TryGet("items", out JsonElement items) && items.ValueKind == JsonValueKind.Array && items.GetArrayLength() > 0;
        SchemaNode[] first = isList ? compiler.Subs(items, at.Property("items"), lowers: false) : [];
        SchemaNode? others = isList ? Sub("additionalItems") : Sub("items");
        bool isUnique = Flag("uniqueItems");
        var rule = new ItemsRule { First = first, Others = others, Min = Count("minItems") ?? 0, Max = Count("maxItems") ?? int.MaxValue, AreUnique = isUnique, Contains = Sub("contains") };
        return first.Length == 0 && rule is { Others: null, Contains: null, Min: 0, Max: int.MaxValue, AreUnique: false } ? null : rule;
    }

    private TextRule? Text()
    {
        (int? min, int? max) = (Count("minLength"), Count("maxLength"));
        string? pattern = null;
        if (TryGet("pattern", out JsonElement value))
        {
            pattern = value.ValueKind == JsonValueKind.String ? value.GetString()! : null;
            if (pattern is null)
                compiler.Wrong(at.Property("pattern"), "expected a text");
            else if (compiler.Pattern(pattern, at.Property("pattern")) is null)
                pattern = null;
        }

        return min is null && max is null && pattern is null ? null : new TextRule(min ?? 0, max ?? int.MaxValue, pattern);
    }

    private NumberRule? Number()
    {
        double? minimum = Limit("minimum"), maximum = Limit("maximum");
        (minimum, double? above) = Exclusive("exclusiveMinimum", minimum);
        (maximum, double? below) = Exclusive("exclusiveMaximum", maximum);
        double? multiple = Limit("multipleOf");
        if (multiple <= 0)
            compiler.Wrong(at.Property("multipleOf"), "expected a number above 0");
        return minimum is null && maximum is null && above is null && below is null && multiple is null ? null
            : new NumberRule { Minimum = minimum, Maximum = maximum, ExclusiveMinimum = above, ExclusiveMaximum = below, MultipleOf = multiple };
    }

    /// <summary>A limit of its own from draft 6 on; in draft 4 true or false, whether the limit itself is refused.</summary>
    private (double? Inclusive, double? Exclusive) Exclusive(string keyword, double? limit)
    {
        if (TryGet(keyword, out JsonElement value) && value.ValueKind is JsonValueKind.True or JsonValueKind.False)
            return value.ValueKind == JsonValueKind.True ? (null, limit) : (limit, null);
        return (limit, Limit(keyword));
    }

    private double? Limit(string keyword)
    {
        if (!TryGet(keyword, out JsonElement value))
            return null;
        if (value.ValueKind == JsonValueKind.Number)
            return value.GetDouble();
        compiler.Wrong(at.Property(keyword), "expected a number");
        return null;
    }

    private ValueRule? Enum()
    {
        if (!TryGet("enum", out JsonElement values))
            return null;
        if (values.ValueKind == JsonValueKind.Array && values.GetArrayLength() > 0)
            return new ValueRule([.. values.EnumerateArray()], "matches none of the enum values");
        compiler.Wrong(at.Property("enum"), "expected a list of values, at least one");
        return null;
    }

    private IEnumerable<SchemaRule?> Combined()
    {
        if (TryGet("allOf", out JsonElement all))
            yield return new CombinedRule(CombinedRule.How.All, compiler.Subs(all, at.Property("allOf"), lowers));
        if (TryGet("anyOf", out JsonElement any))
            yield return new CombinedRule(CombinedRule.How.Any, compiler.Subs(any, at.Property("anyOf"), lowers), Hint(any));
        if (TryGet("oneOf", out JsonElement one))
            yield return new CombinedRule(CombinedRule.How.One, compiler.Subs(one, at.Property("oneOf"), lowers));
    }

    /// <summary>What the schemas require, for who has none of it.</summary>
    private static string Hint(JsonElement schemas)
    {
        string[] required = schemas.ValueKind != JsonValueKind.Array ? []
            : [.. schemas.EnumerateArray().Where(static one => one.ValueKind == JsonValueKind.Object && one.TryGetProperty("required", out _)).Select(static one => JsonSerializer.Serialize(one.GetProperty("required")))];
        return required.Length == 0 ? "" : ": " + LuaText.Clip(string.Join(" or ", required));
    }

    private ConditionalRule? Conditional()
    {
        SchemaNode? condition = Sub("if", inPlace: true), then = Sub("then", inPlace: true), otherwise = Sub("else", inPlace: true);
        return condition is null ? null : new ConditionalRule(condition, then, otherwise);
    }

    private NotRule? Not() => Sub("not", inPlace: true) is { } schema ? new NotRule(schema) : null;

    private FormatRule? Format()
    {
        if (!schema.TryGetProperty("format", out JsonElement value))
            return null;
        if (value.ValueKind == JsonValueKind.String && FormatRule.IsKnown(value.GetString()!))
        {
            Known.Add("format");
            return new FormatRule(value.GetString()!);
        }

        if (value.ValueKind != JsonValueKind.String)
            compiler.Wrong(at.Property("format"), "expected a text");
        return null;
    }

    private ValueRule? Const() => TryGet("const", out JsonElement value) ? new ValueRule([value], "failed to check const value") : null;

    private bool Flag(string keyword)
    {
        if (TryGet(keyword, out JsonElement value) && value.ValueKind is not (JsonValueKind.True or JsonValueKind.False))
            compiler.Wrong(at.Property(keyword), "expected true or false");
        return value.ValueKind == JsonValueKind.True;
    }
}
