using Headgate.Control.AdminApi;
using Headgate.Control.AdminApi.Objects;
using Headgate.Core.Config;
using Headgate.Store;
using Microsoft.AspNetCore.Http;

namespace Headgate.Control.Overrides;

/// <summary>Answers the paths of overrides: what is stored comes from the store, what has become of it from the data plane of this process.</summary>
internal sealed class OverrideApi(IConfigStore store, ServedState gateway, OverrideWrites writes, TimeProvider time)
{
    /// <summary><c>GET /api/overrides</c>: all, in the order of their keys.</summary>
    public async ValueTask<AdminResponse> ListAsync(AdminRequest request)
    {
        if (!HttpMethods.IsGet(request.Method))
            return NotSupported(request.Method);
        StoreView view = await store.GetAsync(ResourceKind.Override.Key(""), request.Aborted);
        OverrideConfig[] all = [.. view.Entries.Select(OverrideJson.Read).OfType<OverrideConfig>()];
        return AdminResponse.Object(200, (all, gateway, now: time.GetUtcNow()), static (writer, state) =>
        {
            writer.WriteStartArray("list");
            foreach (OverrideConfig config in state.all)
            {
                writer.WriteStartObject();
                OverrideJson.WriteMembers(writer, config, state.gateway.Override(config.Target), state.now);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteNumber("total", state.all.Length);
        });
    }

    /// <summary><c>/api/KIND/ID/nodes/HOST:PORT/override</c>.</summary>
    public ValueTask<AdminResponse> NodeAsync(AdminRequest request)
    {
        (string plural, string id, string address) = (request.Segments[0], request.Segments[1], request.Segments[3]);
        if (!ObjectId.IsLegal(id) || !OverrideTarget.TryParse($"{plural}/{id}", address, out OverrideTarget target))
        {
            return ValueTask.FromResult(AdminResponse.Error(
                400, $"{plural}/{id}/nodes/{address} names no node; write {plural}/ID/nodes/HOST:PORT with a port of 1 to 65535, an IPv6 address in brackets"));
        }

        return request.Method switch
        {
            "GET" => GetAsync(target, request),
            "PUT" => writes.PutAsync(target, request),
            "DELETE" => writes.DeleteAsync(target, request),
            _ => ValueTask.FromResult(NotSupported(request.Method)),
        };
    }

    private async ValueTask<AdminResponse> GetAsync(OverrideTarget target, AdminRequest request)
    {
        if (await store.FindAsync(target.Key, request.Aborted) is not { } entry || OverrideJson.Read(entry) is not { } config)
            return AdminResponse.KeyNotFound();
        return AdminResponse.Object(
            200, (config, acting: gateway.Override(target), now: time.GetUtcNow()),
            static (writer, state) => OverrideJson.WriteMembers(writer, state.config, state.acting, state.now), entry.ModRevision);
    }

    private static AdminResponse NotSupported(string method) => AdminResponse.Error(405, $"not supported `{method}` method for override");
}
