using System.Globalization;
using System.Text.Json;

namespace Headgate.Proxy.Plugins.JsonSchemas;

/// <summary>What is demanded of lists: <c>items</c>, <c>additionalItems</c>, <c>minItems</c>, <c>maxItems</c>, <c>uniqueItems</c>, <c>contains</c>.</summary>
internal sealed class ItemsRule : SchemaRule
{
    /// <summary>Schemas of the first items, each its own.</summary>
    public SchemaNode[] First { get; init; } = [];

    /// <summary>Schema of those behind them; null = anything.</summary>
    public SchemaNode? Others { get; init; }

    /// <summary>The fewest.</summary>
    public int Min { get; init; }

    /// <summary>The most.</summary>
    public int Max { get; init; } = int.MaxValue;

    /// <summary>Whether no two may be equal.</summary>
    public bool AreUnique { get; init; }

    /// <summary>What one of them has to be at least; null = nothing.</summary>
    public SchemaNode? Contains { get; init; }

    /// <inheritdoc/>
    public override string? Check(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Array)
            return null;
        int count = value.GetArrayLength();
        if (count < Min)
            return string.Create(CultureInfo.InvariantCulture, $"expect array to have at least {Min} items");
        if (count > Max)
            return string.Create(CultureInfo.InvariantCulture, $"expect array to have at most {Max} items");
        return CheckEach(value) ?? (AreUnique ? CheckUnique(value, count) : null) ?? (Contains is null ? null : CheckContains(value, count));
    }

    private string? CheckEach(JsonElement list)
    {
        if (First.Length == 0 && Others is null)
            return null;
        int index = 0;
        foreach (JsonElement item in list.EnumerateArray())
        {
            bool isFirst = index < First.Length;
            SchemaNode? schema = isFirst ? First[index] : Others;
            index++;
            if (schema is null)
                return null;
            if (schema.Check(item) is not { } problem)
                continue;
            string what = isFirst || First.Length == 0 ? "item" : "additional item";
            return schema.IsNever && !isFirst && First.Length > 0 ? "found unexpected extra items in array"
                : string.Create(CultureInfo.InvariantCulture, $"failed to validate {what} {index}: {problem}");
        }

        return null;
    }

    private static string? CheckUnique(JsonElement list, int count)
    {
        var seen = new Dictionary<JsonElement, int>(count, EqualJson.Comparer);
        int number = 0;
        foreach (JsonElement item in list.EnumerateArray())
        {
            number++;
            if (!seen.TryAdd(item, number))
                return string.Create(CultureInfo.InvariantCulture, $"expected unique items but items {seen[item]} and {number} are equal");
        }

        return null;
    }

    private string? CheckContains(JsonElement list, int count)
    {
        foreach (JsonElement item in list.EnumerateArray())
        {
            if (Contains!.Check(item) is null)
                return null;
        }

        return count == 0 ? "check contains: empty array is invalid" : "failed to check contains";
    }
}
