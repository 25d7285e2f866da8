using System.Text.Json;
using Headgate.Store;

namespace Headgate.Control.AdminApi.References;

/// <summary>What is remembered of one object.</summary>
/// <param name="ModRevision">Revision that last wrote or deleted it.</param>
/// <param name="CreateTime">Its <c>create_time</c>, unix seconds; null when it has none.</param>
/// <param name="References">What it names.</param>
/// <param name="Deleted">A deletion of our own that the feed has not brought yet: an older event must not bring the object back.</param>
internal sealed record IndexedObject(long ModRevision, long? CreateTime, IReadOnlyList<Reference> References, bool Deleted = false)
{
    public static IndexedObject Tombstone(long revision) => new(revision, null, [], Deleted: true);

    public static IndexedObject From(StoreEntry entry)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(entry.Value);
            return From(entry.ModRevision, document.RootElement);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // Written by someone else and not JSON: it names nothing that we could protect.
            return new IndexedObject(entry.ModRevision, null, []);
        }
    }

    public static IndexedObject From(long modRevision, JsonElement value) => new(modRevision, CreateTimeOf(value), ReferenceReader.Read(value));

    /// <summary>The <c>create_time</c> of a stored object; null when it has none.</summary>
    public static long? CreateTimeOf(JsonElement value) =>
        value.ValueKind == JsonValueKind.Object && value.TryGetProperty("create_time", out JsonElement time)
        && time.ValueKind == JsonValueKind.Number && time.TryGetInt64(out long seconds) ? seconds : null;
}
