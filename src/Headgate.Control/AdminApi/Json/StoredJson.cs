using System.Text.Json;
using Headgate.Store;

namespace Headgate.Control.AdminApi.Json;

/// <summary>Reads what is stored.</summary>
internal static class StoredJson
{
    /// <summary>
    /// The entry of exactly <paramref name="key"/>; null when there is none. The store reads by prefix, so <c>/apisix/routes/1</c> also brings
    /// <c>/apisix/routes/10</c>; the key itself comes first.
    /// </summary>
    public static async ValueTask<StoreEntry?> ReadOneAsync(IConfigStore store, string key, CancellationToken cancellationToken)
    {
        StoreView view = await store.GetAsync(key, cancellationToken);
        return view.Entries.Count > 0 && view.Entries[0].Key == key ? view.Entries[0] : null;
    }

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
