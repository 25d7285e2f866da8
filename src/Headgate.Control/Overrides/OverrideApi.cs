using Headgate.Control.AdminApi;
using Headgate.Control.AdminApi.Objects;
using Headgate.Control.Groups;
using Headgate.Control.Instances;
using Headgate.Core.Config;
using Headgate.Store;
using Microsoft.AspNetCore.Http;

namespace Headgate.Control.Overrides;

/// <summary>Answers the paths of overrides: what is stored comes from the group's store, what has become of it from its instances.</summary>
internal sealed class OverrideApi(GroupScopes scopes, InstanceAsking asking, Convergence convergence, TimeProvider time)
{
    /// <summary><c>GET /api/overrides</c>: all, in the order of their keys.</summary>
    public ValueTask<AdminResponse> ListAsync(AdminRequest request) => ListAsync("", request);

    /// <summary><c>GET /api/KIND/ID/overrides</c>: those of an upstream's nodes, in the order of their keys.</summary>
    public async ValueTask<AdminResponse> OfUpstreamAsync(AdminRequest request)
    {
        (string plural, string id) = (request.Segments[0], request.Segments[1]);
        return ObjectId.IsLegal(id) ? await ListAsync($"{plural}/{id}/", request) : AdminResponse.Error(400, $"{plural}/{id} names no upstream; write {plural}/ID");
    }

    private async ValueTask<AdminResponse> ListAsync(string prefix, AdminRequest request)
    {
        if (!HttpMethods.IsGet(request.Method))
            return NotSupported(request.Method);
        if (await scopes.FindAsync(request.Address.Group, request.Aborted) is not { } group)
            return GroupDispatcher.Unknown(request.Address.Group);
        StoreView view = await group.Store.GetAsync(ResourceKind.Override.Key(prefix), request.Aborted);
        OverrideConfig[] all = [.. view.Entries.Select(OverrideJson.Read).OfType<OverrideConfig>()];
        IReadOnlyList<ActingOverride?> acting = await Fleet(group).ActingAsync(all, request.Aborted);
        return AdminResponse.Object(200, (all, acting, now: time.GetUtcNow()), static (writer, state) =>
        {
            writer.WriteStartArray("list");
            foreach ((OverrideConfig config, ActingOverride? acting) in state.all.Zip(state.acting))
            {
                writer.WriteStartObject();
                OverrideJson.WriteMembers(writer, config, acting, state.now);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteNumber("total", state.all.Length);
        });
    }

    /// <summary><c>/api/KIND/ID/nodes/HOST:PORT/override</c>.</summary>
    public async ValueTask<AdminResponse> NodeAsync(AdminRequest request)
    {
        (string plural, string id, string address) = (request.Segments[0], request.Segments[1], request.Segments[3]);
        if (!ObjectId.IsLegal(id) || !OverrideTarget.TryParse($"{plural}/{id}", address, out OverrideTarget target))
            return AdminResponse.Error(400, $"{plural}/{id}/nodes/{address} names no node; write {plural}/ID/nodes/HOST:PORT with a port of 1 to 65535, an IPv6 address in brackets");
        if (await scopes.FindAsync(request.Address.Group, request.Aborted) is not { } group)
            return GroupDispatcher.Unknown(request.Address.Group);
        return request.Method switch
        {
            "GET" => await GetAsync(group, target, request),
            "PUT" => await Writes(group).PutAsync(target, request),
            "DELETE" => await Writes(group).DeleteAsync(target, request),
            _ => NotSupported(request.Method),
        };
    }

    private OverrideFleet Fleet(GroupScope group) => new(asking, convergence, group.Group);

    private OverrideWrites Writes(GroupScope group) => new(group, Fleet(group), time);

    private async ValueTask<AdminResponse> GetAsync(GroupScope group, OverrideTarget target, AdminRequest request)
    {
        if (await group.Store.FindAsync(target.Key, request.Aborted) is not { } entry || OverrideJson.Read(entry) is not { } config)
            return AdminResponse.KeyNotFound();
        return AdminResponse.Object(
            200, (config, acting: await Fleet(group).ActingAsync(config, request.Aborted), now: time.GetUtcNow()),
            static (writer, state) => OverrideJson.WriteMembers(writer, state.config, state.acting, state.now), entry.ModRevision);
    }

    private static AdminResponse NotSupported(string method) => AdminResponse.Error(405, $"not supported `{method}` method for override");
}
