using System.Text.Json;
using Headgate.Core.Primitives;

namespace Headgate.Core.Config.Reading;

/// <summary>Reads <c>metadata</c>, of a node or asked of one: an object with free keys.</summary>
internal static class NodeMetadataReader
{
    /// <summary>What of it is text, number or boolean, ordered by key; empty when there is none.</summary>
    public static EquatableArray<MetadataEntry> Read(ObjectReader parent, string member)
    {
        if (!parent.TryGet(member, out JsonElement value) || ObjectReader.Open(value, parent.At.Property(member), parent.Findings) is null)
            return [];
        if (value.ValueKind != JsonValueKind.Object || value.GetPropertyCount() == 0)
            return [];

        // Of a key that is written twice the last counts, as in APISIX.
        var entries = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (JsonProperty property in value.EnumerateObject())
        {
            if (Text(property.Value) is { } text)
                entries[property.Name] = text;
        }

        return new EquatableArray<MetadataEntry>([.. entries.Select(static entry => new MetadataEntry(entry.Key, entry.Value))]);
    }

    private static string? Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString(),
        JsonValueKind.Number => value.GetRawText(),
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        _ => null,
    };
}
