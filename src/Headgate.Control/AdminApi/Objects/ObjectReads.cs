using System.Text.Json;
using Headgate.Control.AdminApi.Json;
using Headgate.Control.Groups;
using Headgate.Core.Config;
using Headgate.Store;
using Microsoft.Extensions.Logging;

namespace Headgate.Control.AdminApi.Objects;

/// <summary>GET of one object and of all, read from the store: what is answered is what every gateway reads.</summary>
internal sealed class ObjectReads(IConfigStore store, WorkspaceRules rules, ILogger<ObjectReads> log)
{
    public async ValueTask<AdminResponse> GetAsync(ObjectPath path, AdminRequest request)
    {
        if (await FindAsync(path, request) is not { } entry)
            return AdminResponse.KeyNotFound();
        return AdminResponse.Object(200, Shown(path.Kind, entry), static (writer, found) => WriteMembers(writer, found), entry.ModRevision);
    }

    /// <summary>One object, unless another workspace has it; null when there is none.</summary>
    public async ValueTask<StoreEntry?> FindAsync(ObjectPath path, AdminRequest request) =>
        path.IsLegal && rules.Sees(request.Workspace, path.Kind, path.Key) && await store.FindAsync(path.Key, request.Aborted) is { } entry && IsJson(entry) ? entry : null;

    /// <summary>The page of a list that the query asks for, of what the workspace has.</summary>
    public async ValueTask<ObjectList> SelectAsync(ObjectPath path, AdminRequest request)
    {
        if (ListQuery.Read(path.Kind, request.Query, out ListQuery query) is { } refusal)
            return new ObjectList([], 0, refusal);
        StoreView view = await store.GetAsync(path.ListPrefix, request.Aborted);
        IReadOnlyList<StoreEntry> all = [.. view.Entries.Where(entry => rules.Sees(request.Workspace, path.Kind, entry.Key))];
        if (path.Kind == ResourceKind.Consumer)
            all = [.. all.Where(static entry => ResourceKinds.TryParseKey(entry.Key, out ResourceKind kind, out _) && kind == ResourceKind.Consumer)]; // credentials lie below
        else if (path.Kind == ResourceKind.Credential && all.Count == 0)
            return new ObjectList([], 0, AdminResponse.KeyNotFound()); // APISIX's answer, which ADC takes for a consumer without credentials
        return query.Select(all, IsJson);
    }

    public async ValueTask<AdminResponse> ListAsync(ObjectPath path, AdminRequest request)
    {
        ObjectList list = await SelectAsync(path, request);
        return list.Refusal ?? AdminResponse.Object(200, (path.Kind, list), static (writer, state) =>
        {
            writer.WriteStartArray("list");
            foreach (StoreEntry entry in state.list.Entries)
            {
                writer.WriteStartObject();
                WriteMembers(writer, Shown(state.Kind, entry));
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteNumber("total", state.list.Total);
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

    private static StoreEntry Shown(ResourceKind kind, StoreEntry entry) => entry with { Value = ShownJson.Of(kind, entry.Value) };

    private bool IsJson(StoreEntry entry)
    {
        if (StoredJson.IsValid(entry))
            return true;
        AdminApiLog.EntryNotJson(log, entry.Key);
        return false;
    }
}
