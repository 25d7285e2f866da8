using System.Text.Json;
using Headgate.Store;

namespace Headgate.Control.AdminApi.Json;

/// <summary>Judges and reads what is stored: another program may have written anything, and one such entry must not break the answer about the others.</summary>
internal static class StoredJson
{
    /// <summary>The object that is stored; null when it is none.</summary>
    public static JsonElement? Object(ReadOnlyMemory<byte> value)
    {
        try
        {
            return JsonElement.Parse(value.Span) is { ValueKind: JsonValueKind.Object } stored ? stored : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Whether an entry is JSON of any kind.</summary>
    public static bool IsValid(StoreEntry entry)
    {
        Utf8JsonReader reader = new(entry.Value.Span);
        try
        {
            reader.Read();
            reader.Skip();
            return !reader.Read();
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
