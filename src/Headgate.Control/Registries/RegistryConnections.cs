using System.Text.Json;
using Headgate.Control.AdminApi;
using Headgate.Control.AdminApi.Objects;
using Headgate.Core.Config;
using Headgate.Store;

namespace Headgate.Control.Registries;

/// <summary>Lists, reads and writes service registry connections. A write goes the way of the Admin API's objects, references included, and is answered when it is served.</summary>
internal sealed class RegistryConnections(IConfigStore store, KnownRegistries known, ObjectWrites writes, ObjectDeletes deletes, ServedRevision served)
{
    private const ResourceKind Kind = ResourceKind.ServiceRegistry;

    public async ValueTask<AdminResponse> ListAsync(AdminRequest request)
    {
        IReadOnlyList<KnownRegistry> all = await known.AllAsync(request.Aborted);
        if (Page.Read(request.Query, all.Count, out Page page) is { } refusal)
            return refusal;
        return AdminResponse.Object(200, (all, page), static (writer, state) =>
        {
            writer.WriteStartArray("list");
            foreach (KnownRegistry registry in state.page.Of(state.all))
            {
                writer.WriteStartObject();
                RegistryJson.WriteMembers(writer, registry);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteNumber("total", state.all.Count);
        });
    }

    public async ValueTask<AdminResponse> GetAsync(string id, AdminRequest request) =>
        await known.FindAsync(id, request.Aborted) is { } found ? RegistryJson.One(200, found, []) : AdminResponse.KeyNotFound();

    public async ValueTask<AdminResponse> PostAsync(AdminRequest request)
    {
        if (ConnectionDraft.Make(request.Body, null, out JsonElement draft) is { } refusal)
            return refusal;
        AdminResponse answer = await writes.PostAsync(new ObjectPath(Kind, null, null), request.WithBody(draft));
        return answer.Status == 201 ? await ShownAsync(answer, JsonElement.Parse(answer.Body.Span).GetProperty("key").GetString()!, request) : answer;
    }

    public ValueTask<AdminResponse> PutAsync(string id, AdminRequest request) => WriteAsync(id, request, isPatch: false, (path, changed) => writes.PutAsync(path, changed));

    public ValueTask<AdminResponse> PatchAsync(string id, AdminRequest request) => WriteAsync(id, request, isPatch: true, (path, changed) => writes.PatchAsync(path, [], changed));

    public async ValueTask<AdminResponse> DeleteAsync(string id, AdminRequest request) => RefuseSettings(id) ?? await deletes.DeleteAsync(new ObjectPath(Kind, null, id), request);

    private static AdminResponse? RefuseSettings(string id) => id.StartsWith(KnownRegistry.SettingsPrefix, StringComparison.Ordinal)
        ? AdminResponse.Error(400, $"{id} is a registry of config.yaml, key discovery.{id[KnownRegistry.SettingsPrefix.Length..]}; it is changed there, and by a restart") : null;

    private async ValueTask<AdminResponse> WriteAsync(string id, AdminRequest request, bool isPatch, Func<ObjectPath, AdminRequest, ValueTask<AdminResponse>> write)
    {
        if (RefuseSettings(id) is { } notHere)
            return notHere;
        StoreEntry? entry = ObjectId.IsLegal(id) ? await store.FindAsync(Kind.Key(id), request.Aborted) : null;
        JsonElement draft;
        if ((isPatch ? ConnectionDraft.MakePatch(request.Body, entry, out draft) : ConnectionDraft.Make(request.Body, entry, out draft)) is { } refusal)
            return refusal;
        AdminResponse answer = await write(new ObjectPath(Kind, null, id), request.WithBody(draft));
        return answer.Status is 200 or 201 ? await ShownAsync(answer, Kind.Key(id), request) : answer;
    }

    /// <summary>What was written, with what has become of it.</summary>
    private async ValueTask<AdminResponse> ShownAsync(AdminResponse written, string key, AdminRequest request)
    {
        await served.WaitAsync(written.Revision!.Value, request.Aborted);
        KnownRegistry? found = await known.FindAsync(key[Kind.Key("").Length..], request.Aborted);
        return found is null ? AdminResponse.Error(404, $"{key} was deleted again meanwhile") : RegistryJson.One(written.Status, found, written.Warnings);
    }
}
