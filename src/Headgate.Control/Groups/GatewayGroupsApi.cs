using System.Text.Json;
using Headgate.Control.AdminApi;
using Headgate.Control.AdminApi.Json;
using Headgate.Control.AdminApi.Objects;
using Headgate.Core.Config;
using Headgate.Store;

namespace Headgate.Control.Groups;

/// <summary><c>/api/gateway_groups</c>: the groups, and one. The default one is always there; what was never written of it has its id for a name.</summary>
internal sealed class GatewayGroupsApi(GroupScopes scopes, GroupRemoval removal, TimeProvider time)
{
    private const string Noun = "gateway group";

    private static readonly string[] ReadOnly = ["prefix", "create_time", "update_time"];

    private readonly GroupRecords _records = new(Noun, static (id, body, errors) => ConfigParser.ParseGatewayGroup(id, body, errors), ReadOnly, time);

    /// <summary><c>/api/gateway_groups</c> and <c>/api/gateway_groups/ID</c>.</summary>
    public ValueTask<AdminResponse> AnswerAsync(AdminRequest request) => (request.Method, request.Segment(1)) switch
    {
        ("GET", null) => ListAsync(request),
        ("POST", null) => WriteAsync(null, request),
        ("GET", { } id) => GetAsync(id, request),
        ("PUT", { } id) => WriteAsync(id, request),
        ("DELETE", { } id) => DeleteAsync(id, request),
        _ => ValueTask.FromResult(AdminResponse.Error(405, $"not supported `{request.Method}` method for this path")),
    };

    private async ValueTask<AdminResponse> ListAsync(AdminRequest request)
    {
        StoreView view = await scopes.Records.GetAsync(RecordKeys.Groups, request.Aborted);
        List<StoreEntry> found = [.. view.Entries];
        if (!found.Exists(static entry => IdOf(entry) == GatewayGroupConfig.DefaultId))
            found.Insert(0, Unwritten());
        string? exact = request.Query["name"];
        string? part = request.Query["search"];
        StoreEntry[] wanted = [.. found.Where(entry => request.Caller.Grants.Any(grant => grant.IsIn(IdOf(entry))) && Name(entry) is var name && (exact is null || name == exact) && (part is null || name.Contains(part, StringComparison.OrdinalIgnoreCase)))];
        return AdminResponse.Object(200, wanted, static (writer, list) =>
        {
            writer.WriteStartArray("list");
            foreach (StoreEntry entry in list)
            {
                writer.WriteStartObject();
                GroupRecords.WriteMembers(writer, entry.Value, more => WritePrefix(more, IdOf(entry)));
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteNumber("total", list.Length);
        });
    }

    private async ValueTask<AdminResponse> GetAsync(string id, AdminRequest request) =>
        await FindAsync(id, request.Aborted) is { } entry ? GroupRecords.Shown(200, entry, writer => WritePrefix(writer, id)) : GroupDispatcher.Unknown(id);

    private async ValueTask<AdminResponse> WriteAsync(string? asked, AdminRequest request)
    {
        if (_records.ReadId(asked, request, out string id) is { } wrongId)
            return wrongId;
        return await _records.PutAsync(scopes.Records, RecordKeys.Group(id), id, onlyNew: asked is null, request, async (_, stored) =>
        {
            // What is left of a group of that id that was deleted, and the deletion broken off, must not come back with it.
            if (stored is null && id != GatewayGroupConfig.DefaultId)
                await removal.PurgeAsync(id, request.Origin, request.Aborted);
            return (null, []);
        }, static _ => { }, writer => WritePrefix(writer, id));
    }

    private async ValueTask<AdminResponse> DeleteAsync(string id, AdminRequest request)
    {
        if (id == GatewayGroupConfig.DefaultId)
            return AdminResponse.Error(400, "the default gateway group is always there");
        if (await FindAsync(id, request.Aborted) is not { } entry)
            return GroupDispatcher.Unknown(id);
        return Preconditions.Check(request, Noun, id, entry.ModRevision) ?? await removal.DeleteAsync(id, Name(entry), entry, request);
    }

    private async ValueTask<StoreEntry?> FindAsync(string id, CancellationToken cancellationToken)
    {
        if (!ObjectId.IsLegal(id))
            return null;
        StoreView view = await scopes.Records.GetAsync(RecordKeys.Group(id), cancellationToken);
        return view.Entries.FirstOrDefault(entry => IdOf(entry) == id) ?? (id == GatewayGroupConfig.DefaultId ? Unwritten() : null);
    }

    private static StoreEntry Unwritten() => GroupRecords.Unwritten(RecordKeys.Group(GatewayGroupConfig.DefaultId), GatewayGroupConfig.DefaultId);

    private static void WritePrefix(Utf8JsonWriter writer, string id) => writer.WriteString("prefix", GatewayGroupConfig.PrefixOf(id));

    private static string IdOf(StoreEntry entry) => entry.Key[RecordKeys.Groups.Length..];

    private static string Name(StoreEntry entry) =>
        StoredJson.Object(entry.Value) is { } value && value.TryGetProperty("name", out JsonElement name) && name.ValueKind == JsonValueKind.String ? name.GetString()! : IdOf(entry);
}
