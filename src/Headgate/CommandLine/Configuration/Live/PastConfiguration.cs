using System.Globalization;
using System.Text.Json.Nodes;
using Headgate.CommandLine.Gateway;
using Headgate.Core.Config;

namespace Headgate.CommandLine.Configuration.Live;

/// <summary>Reads objects as they were after a revision, secrets redacted.</summary>
internal sealed class PastConfiguration(GatewayClient client, long revision)
{
    /// <summary>All objects of a kind, in the order of their ids; or the one.</summary>
    /// <exception cref="CommandFailedException">The gateway refused, or there was no such object.</exception>
    /// <exception cref="HttpRequestException">No gateway answers.</exception>
    public async Task<IReadOnlyList<LiveObject>> ReadAsync(ResourceKind kind, string? id)
    {
        string group = await client.GroupPathAsync();
        string number = revision.ToString(CultureInfo.InvariantCulture);
        if (id is not null)
            return [Past(kind, (await client.GetAsync($"{group}/{new ObjectName(kind, id).Path}/history/{number}")).Body)];
        JsonObject all = (await client.GetAsync($"{group}/revisions/{number}/{kind.Plural()}")).Body;
        return [.. (all["list"] as JsonArray ?? []).OfType<JsonObject>().Select(item => Past(kind, item)).OrderBy(static one => one.Name.Id, StringComparer.Ordinal)];
    }

    private LiveObject Past(ResourceKind kind, JsonObject item) => new(new ObjectName(kind, item["id"]!.ToString()), item["value"]!.DeepClone().AsObject(), revision);
}
