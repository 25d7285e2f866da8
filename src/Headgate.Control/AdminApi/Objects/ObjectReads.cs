using System.Text.Json;
using Headgate.Control.AdminApi.Json;
using Headgate.Core.Config;
using Headgate.Store;
using Microsoft.Extensions.Logging;

namespace Headgate.Control.AdminApi.Objects;

/// <summary>GET of one object and of all, read from the store: what is answered is what every gateway reads.</summary>
internal sealed class ObjectReads(IConfigStore store, ILogger<ObjectReads> log)
{
    public async ValueTask<AdminResponse> GetAsync(ResourceKind kind, string id, AdminRequest request)
    {
        if (!ObjectId.IsLegal(id) || await store.FindAsync(kind.Key(id), request.Aborted) is not { } entry || !IsJson(entry))
            return AdminResponse.KeyNotFound();
        return AdminResponse.Object(200, entry, static (writer, found) => WriteMembers(writer, found), entry.ModRevision);
    }

    public async ValueTask<AdminResponse> ListAsync(ResourceKind kind, AdminRequest request)
    {
        if (ListQuery.Read(kind, request.Query, out ListQuery query) is { } refusal)
            return refusal;
        StoreView view = await store.GetAsync(kind.Key(""), request.Aborted);
        (IReadOnlyList<StoreEntry> entries, int total, AdminResponse? failed) = query.Select(view.Entries, IsJson);
        if (failed is not null)
            return failed;
        return AdminResponse.Object(200, (entries, total), static (writer, state) =>
        {
            writer.WriteStartArray("list");
            foreach (StoreEntry entry in state.entries)
            {
                writer.WriteStartObject();
                WriteMembers(writer, entry);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteNumber("total", state.total);
        });
    }

    /// <summary>The four members by which an object is known to clients.</summary>
    public static void WriteMembers(Utf8JsonWriter writer, StoreEntry entry)
    {
        writer.WriteString("key", entry.Key);
        writer.WritePropertyName("value");
        writer.WriteRawValue(entry.Value.Span, skipInputValidation: true);
        writer.WriteNumber("createdIndex", entry.CreateRevision);
        writer.WriteNumber("modifiedIndex", entry.ModRevision);
    }

    private bool IsJson(StoreEntry entry)
    {
        if (StoredJson.IsValid(entry))
            return true;
        AdminApiLog.EntryNotJson(log, entry.Key);
        return false;
    }
}
