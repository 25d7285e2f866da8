using System.Text.Json;
using Headgate.Core.Config;
using Headgate.Core.Primitives;

namespace Headgate.Proxy.Registries;

/// <summary>Members of objects in registries' answers. An element that is no object has none.</summary>
internal static class JsonMembers
{
    /// <summary>The member; null when it is absent, or null.</summary>
    public static JsonElement? Of(JsonElement value, string name) =>
        value.ValueKind == JsonValueKind.Object && value.TryGetProperty(name, out JsonElement member) && member.ValueKind != JsonValueKind.Null ? member : null;

    /// <summary>A text; null when it is none.</summary>
    public static string? Text(JsonElement value, string name) => Of(value, name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    /// <summary>A text; null when it is absent, or null. False when it is something else.</summary>
    public static bool TryText(JsonElement value, string name, out string? text)
    {
        JsonElement? member = Of(value, name);
        text = member is { ValueKind: JsonValueKind.String } written ? written.GetString() : null;
        return member is null || text is not null;
    }

    /// <summary>An object's members that are text, number or boolean, ordered by name; of a name that is written twice the last counts.</summary>
    public static EquatableArray<MetadataEntry> Entries(JsonElement? value)
    {
        if (value is not { ValueKind: JsonValueKind.Object } members)
            return [];
        var entries = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (JsonProperty member in members.EnumerateObject())
        {
            if (member.Value.ValueKind is JsonValueKind.String or JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False)
                entries[member.Name] = member.Value.ValueKind == JsonValueKind.String ? member.Value.GetString()! : member.Value.GetRawText();
        }

        return [.. entries.Select(static entry => new MetadataEntry(entry.Key, entry.Value))];
    }

    /// <summary>The text of an entry; null when there is none.</summary>
    public static string? Find(EquatableArray<MetadataEntry> entries, string key)
    {
        foreach (MetadataEntry entry in entries)
        {
            if (entry.Key == key)
                return entry.Value;
        }

        return null;
    }
}
