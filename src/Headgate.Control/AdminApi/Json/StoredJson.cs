using System.Text.Json;
using Headgate.Store;

namespace Headgate.Control.AdminApi.Json;

/// <summary>Judges what is stored.</summary>
internal static class StoredJson
{
    /// <summary>Whether an entry is JSON. Another program may have written anything; one such entry must not break the answer about the others.</summary>
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
