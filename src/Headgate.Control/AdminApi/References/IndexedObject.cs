using System.Text.Json;
using Headgate.Store;

namespace Headgate.Control.AdminApi.References;

/// <summary>What is remembered of one object.</summary>
/// <param name="ModRevision">Revision that last wrote or deleted it.</param>
/// <param name="CreateTime">Its <c>create_time</c>, unix seconds; null when it has none.</param>
/// <param name="References">What it names.</param>
/// <param name="Claims">What it has that no other may have.</param>
/// <param name="HasUpstream">Whether it has an upstream of its own, named or inline: a route that has one does not use its service's.</param>
/// <param name="Deleted">A deletion of our own that the feed has not brought yet: an older event must not bring the object back.</param>
internal sealed record IndexedObject(long ModRevision, long? CreateTime, IReadOnlyList<Reference> References, IReadOnlyList<UniqueClaim> Claims, bool HasUpstream = false, bool Deleted = false)
{
    /// <summary>Under what the index finds it beside its own key: what it names, and what it claims.</summary>
    public IEnumerable<string> Uses => References.Select(reference => reference.TargetKey).Concat(Claims.Select(claim => claim.Key));

    public static IndexedObject Tombstone(long revision) => new(revision, null, [], [], Deleted: true);

    public static IndexedObject From(StoreEntry entry)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(entry.Value);
            return From(entry.Key, entry.ModRevision, document.RootElement);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // Written by someone else and not JSON: it names nothing that we could protect.
            return new IndexedObject(entry.ModRevision, null, [], []);
        }
    }

    public static IndexedObject From(string key, long modRevision, JsonElement value) =>
        From(key, modRevision, value, ReferenceReader.Read(key, value));

    /// <summary>As above, its references having been read already.</summary>
    public static IndexedObject From(string key, long modRevision, JsonElement value, IReadOnlyList<Reference> references) =>
        new(modRevision, CreateTimeOf(value), references, UniqueClaim.Read(key, value), HasUpstreamOf(value));

    private static bool HasUpstreamOf(JsonElement value) => value.ValueKind == JsonValueKind.Object && (value.TryGetProperty("upstream_id", out _) || value.TryGetProperty("upstream", out _));

    /// <summary>The <c>create_time</c> of a stored object; null when it has none.</summary>
    public static long? CreateTimeOf(JsonElement value) =>
        value.ValueKind == JsonValueKind.Object && value.TryGetProperty("create_time", out JsonElement time)
        && time.ValueKind == JsonValueKind.Number && time.TryGetInt64(out long seconds) ? seconds : null;
}
