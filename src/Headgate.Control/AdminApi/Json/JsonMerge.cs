using System.Text.Json;

namespace Headgate.Control.AdminApi.Json;

/// <summary>
/// PATCH without a sub-path: RFC 7396, except that an empty object in the patch replaces what is there, as in APISIX
/// (<c>{"plugins":{}}</c> takes all plugins away).
/// </summary>
internal static class JsonMerge
{
    /// <summary>Writes <paramref name="target"/> with the members of <paramref name="patch"/> merged in; both are objects.</summary>
    public static void Write(Utf8JsonWriter writer, JsonElement target, JsonElement patch)
    {
        OrderedDictionary<string, JsonElement> changes = JsonText.Members(patch);
        OrderedDictionary<string, JsonElement> members = JsonText.Members(target);
        writer.WriteStartObject();
        foreach ((string name, JsonElement value) in members)
        {
            if (changes.TryGetValue(name, out JsonElement change))
            {
                WriteMember(writer, name, value, change);
                continue;
            }

            writer.WritePropertyName(name);
            JsonText.Copy(writer, value);
        }

        foreach ((string name, JsonElement value) in changes)
        {
            if (!members.ContainsKey(name))
                WriteMember(writer, name, null, value);
        }

        writer.WriteEndObject();
    }

    private static void WriteMember(Utf8JsonWriter writer, string name, JsonElement? target, JsonElement patch)
    {
        if (patch.ValueKind == JsonValueKind.Null)
            return;
        writer.WritePropertyName(name);
        if (target is { ValueKind: JsonValueKind.Object } old && patch.ValueKind == JsonValueKind.Object && patch.GetPropertyCount() > 0)
            Write(writer, old, patch);
        else if (patch.ValueKind == JsonValueKind.Object)
            WriteWithoutNulls(writer, patch);
        else
            JsonText.Copy(writer, patch);
    }

    /// <summary>What a patch adds has nothing to remove: its nulls go (RFC 7396 §2).</summary>
    private static void WriteWithoutNulls(Utf8JsonWriter writer, JsonElement patch)
    {
        writer.WriteStartObject();
        foreach ((string name, JsonElement value) in JsonText.Members(patch))
            WriteMember(writer, name, null, value);
        writer.WriteEndObject();
    }
}
