using Headgate.Control.AdminApi;
using Headgate.Control.AdminApi.Objects;
using Headgate.Control.AdminApi.References;
using Headgate.Core.Config;
using Headgate.Core.Snapshot;

namespace Headgate.Control.Registries;

/// <summary>Says which objects use a registry: of a connection those that name it, whether they are served or not; of one of <c>config.yaml</c> those that follow a service of it.</summary>
internal sealed class RegistryUsers(ObjectIndex index, ServedUpstreams upstreams, TimeProvider time)
{
    private static readonly TimeSpan IndexWaitMax = TimeSpan.FromSeconds(5);

    public async ValueTask<AdminResponse> AnswerAsync(KnownRegistry registry, AdminRequest request)
    {
        if (!await index.WaitForAsync(0, IndexWaitMax, time, request.Aborted))
            return ObjectWrites.NotRead;
        Dictionary<string, UpstreamConfig> following = upstreams.All.Where(served => served.Upstream.Config.Service?.Registry == registry.Name)
            .ToDictionary(static served => $"{ResourceKinds.DefaultPrefix}/{served.Owner}", static served => served.Upstream.Config);
        string[] keys = [.. following.Keys.Union(registry.Entry is { } entry ? index.UsersOf(entry.Key) : []).Order(StringComparer.Ordinal)];
        if (Page.Read(request.Query, keys.Length, out Page page) is { } refusal)
            return refusal;
        return AdminResponse.Object(200, (keys, page, following), static (writer, state) =>
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
                }

                if (state.following.GetValueOrDefault(key) is { } upstream)
                {
                    if (upstream.Name is { } name)
                        writer.WriteString("upstream_name", name);
                    writer.WriteString("service_name", upstream.Service!.Name);
                }

                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteNumber("total", state.keys.Length);
        });
    }
}
