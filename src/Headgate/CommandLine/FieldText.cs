using System.Globalization;
using System.Text.Json;
using Headgate.Control.Revisions.Differences;

namespace Headgate.CommandLine;

/// <summary>What differs in an object, for people.</summary>
internal static class FieldText
{
    /// <summary>Characters of a value that are shown: certificates and scripts would bury the rest.</summary>
    private const int ValueMax = 160;

    /// <summary>A line: <c>~ retries: 1 -> 2</c>, <c>+</c> for what is new, <c>-</c> for what is gone.</summary>
    public static string Of(FieldChange field) => TerminalText.Of((field.Before, field.After) switch
    {
        ({ } before, { } after) => $"~ {field.Path}: {Value(before)} -> {Value(after)}",
        (null, { } after) => $"+ {field.Path}: {Value(after)}",
        _ => $"- {field.Path}: {Value(field.Before)}",
    });

    /// <summary>
    /// The changes of a difference that a gateway has answered. An object that is new or gone as a whole differs in each of its members.
    /// </summary>
    public static IReadOnlyList<FieldChange> Read(JsonElement difference)
    {
        FieldChange[] changes = [.. difference.EnumerateArray().Select(static change => new FieldChange(change.GetProperty("path").GetString()!, Member(change, "before"), Member(change, "after")))];
        return changes switch
        {
            [{ Path: "", Before: null, After: { ValueKind: JsonValueKind.Object } made }] => FieldDifference.Between(JsonElement.Parse("{}"), made),
            [{ Path: "", After: null, Before: { ValueKind: JsonValueKind.Object } gone }] => FieldDifference.Between(gone, JsonElement.Parse("{}")),
            _ => changes,
        };
    }

    private static JsonElement? Member(JsonElement change, string name) => change.TryGetProperty(name, out JsonElement value) ? value : null;

    private static string Value(JsonElement? value)
    {
        string text = JsonSerializer.Serialize(value, JsonLayout.Dense);
        return text.Length <= ValueMax ? text : string.Create(CultureInfo.InvariantCulture, $"{text[..ValueMax]}... ({text.Length} characters)");
    }
}
