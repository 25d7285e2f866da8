using System.Text.Json;
using Headgate.Control.AdminApi;
using Headgate.Control.AdminApi.Objects;
using Headgate.Control.Groups;
using Headgate.Control.Instances;
using Headgate.Control.Line;
using Headgate.Core.Config;
using Headgate.Store;

namespace Headgate.Control.Registries;

/// <summary>Says which objects use a registry: of a connection those that name it, whether they are served or not; of one of <c>config.yaml</c> those that follow a service of it.</summary>
internal sealed class RegistryUsers(GroupScope group, InstanceAsking asking, TimeProvider time)
{
    private static readonly TimeSpan IndexWaitMax = TimeSpan.FromSeconds(5);

    public async ValueTask<AdminResponse> AnswerAsync(AdminRequest request)
    {
        if (!await group.Index.WaitForAsync(0, IndexWaitMax, time, request.Aborted))
            return ObjectWrites.NotRead;
        string id = request.Segments[3];
        bool isSettings = id.StartsWith(KnownRegistry.SettingsPrefix, StringComparison.Ordinal);
        StoreEntry? entry = isSettings || !ObjectId.IsLegal(id) ? null : await group.Store.FindAsync(ResourceKind.ServiceRegistry.Key(id), request.Aborted);
        if (!isSettings && entry is null)
            return AdminResponse.KeyNotFound();
        Dictionary<string, JsonElement> following = await FollowingAsync(id, request);
        string[] keys = [.. following.Keys.Union(entry is not null ? group.Index.UsersOf(entry.Key) : []).Order(StringComparer.Ordinal)];
        if (Page.Read(request.Query, keys.Length, out Page page) is { } refusal)
            return refusal;
        return AdminResponse.Object(200, (keys, page, following, group.Rules), static (writer, state) =>
        {
            writer.WriteStartArray("list");
            foreach (string key in state.page.Of(state.keys))
            {
                writer.WriteStartObject();
                writer.WriteString("key", key);
                if (ResourceKinds.TryParseKey(key, out ResourceKind kind, out string id))
                {
                    writer.WriteString("kind", kind.SchemaName());
                    writer.WriteString("id", id);
                    if (WorkspaceRules.IsOwned(kind))
                        writer.WriteString("workspace_id", state.Rules.WorkspaceOf(kind, key));
                }

                if (state.following.TryGetValue(key, out JsonElement upstream))
                {
                    foreach (JsonProperty member in upstream.EnumerateObject())
                        member.WriteTo(writer);
                }

                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteNumber("total", state.keys.Length);
        });
    }

    /// <summary>What an instance says of the upstreams that follow it; none when no instance can be asked.</summary>
    private async ValueTask<Dictionary<string, JsonElement>> FollowingAsync(string id, AdminRequest request)
    {
        AdminResponse answer = await asking.AskOneAsync(group.Group, new InstanceQuestion("GET", $"gateway_groups/default/service_registries/{Uri.EscapeDataString(id)}/following"), request);
        return answer.Status == 200 ? JsonElement.Parse(answer.Body.Span).EnumerateObject().ToDictionary(static one => one.Name, static one => one.Value) : [];
    }
}
