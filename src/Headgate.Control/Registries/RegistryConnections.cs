using System.Text.Json;
using Headgate.Control.AdminApi;
using Headgate.Control.AdminApi.Objects;
using Headgate.Control.Groups;
using Headgate.Control.Instances;
using Headgate.Control.Line;
using Headgate.Core.Config;
using Headgate.Store;

namespace Headgate.Control.Registries;

/// <summary>Writes service registry connections. A write goes the way of the Admin API's objects, references included, and is answered when the instances that are connected serve it.</summary>
internal sealed class RegistryConnections(GroupScope group, InstanceAsking asking, Convergence convergence)
{
    private const ResourceKind Kind = ResourceKind.ServiceRegistry;

    /// <summary>Serving it takes milliseconds; an instance that is stuck keeps no operator waiting for longer.</summary>
    private static readonly TimeSpan ServedMax = TimeSpan.FromSeconds(3);

    public async ValueTask<AdminResponse> PostAsync(AdminRequest request)
    {
        if (ConnectionDraft.Make(request.Body, null, out JsonElement draft) is { } refusal)
            return refusal;
        AdminResponse answer = await group.Writes.PostAsync(new ObjectPath(Kind, null, null), request.WithBody(draft));
        return answer.Status == 201 && !request.IsDryRun ? await ShownAsync(answer, JsonElement.Parse(answer.Body.Span).GetProperty("key").GetString()!, request) : answer;
    }

    public ValueTask<AdminResponse> PutAsync(string id, AdminRequest request) => WriteAsync(id, request, isPatch: false, (path, changed) => group.Writes.PutAsync(path, changed));

    public ValueTask<AdminResponse> PatchAsync(string id, AdminRequest request) => WriteAsync(id, request, isPatch: true, (path, changed) => group.Writes.PatchAsync(path, [], changed));

    public async ValueTask<AdminResponse> DeleteAsync(string id, AdminRequest request) => RefuseSettings(id) ?? await group.Deletes.DeleteAsync(new ObjectPath(Kind, null, id), request);

    private static AdminResponse? RefuseSettings(string id) => id.StartsWith(KnownRegistry.SettingsPrefix, StringComparison.Ordinal)
        ? AdminResponse.Error(400, $"{id} is a registry of config.yaml, key discovery.{id[KnownRegistry.SettingsPrefix.Length..]}; it is changed there, and by a restart") : null;

    private async ValueTask<AdminResponse> WriteAsync(string id, AdminRequest request, bool isPatch, Func<ObjectPath, AdminRequest, ValueTask<AdminResponse>> write)
    {
        if (RefuseSettings(id) is { } notHere)
            return notHere;
        StoreEntry? entry = ObjectId.IsLegal(id) ? await group.Store.FindAsync(Kind.Key(id), request.Aborted) : null;
        JsonElement draft;
        if ((isPatch ? ConnectionDraft.MakePatch(request.Body, entry, out draft) : ConnectionDraft.Make(request.Body, entry, out draft)) is { } refusal)
            return refusal;
        AdminResponse answer = await write(new ObjectPath(Kind, null, id), request.WithBody(draft));
        return answer.Status is 200 or 201 && !request.IsDryRun ? await ShownAsync(answer, Kind.Key(id), request) : answer;
    }

    /// <summary>What was written, with what has become of it on an instance.</summary>
    private async ValueTask<AdminResponse> ShownAsync(AdminResponse written, string key, AdminRequest request)
    {
        await convergence.WaitAsync(group.Group, written.Revision!.Value, ServedMax, onlyConnected: true, request.Aborted);
        string id = key[Kind.Key("").Length..];
        AdminResponse shown = await asking.AskOneAsync(group.Group, new InstanceQuestion("GET", "gateway_groups/default/service_registries/" + id), request);
        if (shown.Status == 200)
            return shown.As(written.Status, written.Warnings);
        return await KnownRegistries.Stored(group.Store).FindAsync(id, request.Aborted) is { } found ? RegistryJson.One(written.Status, found, written.Warnings)
            : AdminResponse.Error(404, $"{key} was deleted again meanwhile");
    }
}
