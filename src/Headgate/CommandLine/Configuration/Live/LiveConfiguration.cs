using System.Net;
using System.Text.Json.Nodes;
using Headgate.CommandLine.Gateway;
using Headgate.Core.Config;

namespace Headgate.CommandLine.Configuration.Live;

/// <summary>Reads the objects of a gateway group and workspace from a running gateway.</summary>
internal sealed class LiveConfiguration(GatewayClient client)
{
    private const string Admin = "/apisix/admin/";

    /// <summary>Lists asked for at a time: a list of credentials is a request for each consumer.</summary>
    private const int RequestsMax = 8;

    /// <summary>All objects of the kinds, by kind in the order asked for, then by id.</summary>
    /// <exception cref="CommandFailedException">The gateway refused.</exception>
    /// <exception cref="HttpRequestException">No gateway answers.</exception>
    public async Task<IReadOnlyList<LiveObject>> ReadAsync(IEnumerable<ResourceKind> kinds)
    {
        List<LiveObject> all = [];
        foreach (ResourceKind kind in kinds)
        {
            IReadOnlyList<LiveObject> found = kind switch
            {
                ResourceKind.Credential => await CredentialsAsync(await ListAsync(ResourceKind.Consumer, Admin + ResourceKind.Consumer.Plural())),
                ResourceKind.ServiceRegistry => await RegistriesAsync(),
                _ => await ListAsync(kind, Admin + kind.Plural()),
            };
            all.AddRange(found.OrderBy(static live => live.Name.Id, StringComparer.Ordinal));
        }

        return all;
    }

    /// <summary>One object; null when there is none.</summary>
    /// <exception cref="CommandFailedException">The gateway refused.</exception>
    /// <exception cref="HttpRequestException">No gateway answers.</exception>
    public async Task<LiveObject?> FindAsync(ObjectName name)
    {
        if (name.Kind == ResourceKind.ServiceRegistry && !HasRegistries)
            return null;
        if (await client.FindAsync(await client.PathOfAsync(name)) is not { } answer || answer.Body["value"] is not JsonObject value)
            return null;
        return new LiveObject(name, name.Kind == ResourceKind.ServiceRegistry ? Configured(value) : Detached(value), answer.Revision ?? 0);
    }

    /// <summary>Registry connections are the whole group's: its default workspace has them.</summary>
    private bool HasRegistries => client.Workspace is null or WorkspaceConfig.DefaultId;

    private static JsonObject Detached(JsonObject value) => (JsonObject)value.DeepClone();

    private static JsonObject Configured(JsonObject registry)
    {
        JsonObject value = Detached(registry);
        foreach (string state in ObjectName.RegistryStates)
            value.Remove(state);
        return value;
    }

    private async Task<IReadOnlyList<LiveObject>> ListAsync(ResourceKind kind, string path)
    {
        GatewayAnswer answer = kind == ResourceKind.Credential ? await client.FindAsync(path) ?? Empty : await client.GetAsync(path);
        return [.. Items(answer).Select(item => new LiveObject(NameOf(kind, item), Detached((JsonObject)item["value"]!), item["modifiedIndex"]!.GetValue<long>()))];
    }

    private static GatewayAnswer Empty { get; } = new(HttpStatusCode.OK, [], null, []);

    private static IEnumerable<JsonObject> Items(GatewayAnswer answer) => (answer.Body["list"] as JsonArray ?? []).OfType<JsonObject>();

    /// <summary>The key says it, also for objects that another program wrote without an id in them.</summary>
    private static ObjectName NameOf(ResourceKind kind, JsonObject item) =>
        ResourceKinds.TryParseKey(item["key"]!.ToString(), out _, out string id) ? new ObjectName(kind, id)
            : throw new CommandFailedException(ExitCodes.Refused, $"the gateway answered an object with the key {item["key"]}, which is none of {kind.Plural()}");

    private async Task<IReadOnlyList<LiveObject>> CredentialsAsync(IReadOnlyList<LiveObject> consumers)
    {
        List<LiveObject> all = [];
        foreach (LiveObject[] some in consumers.Chunk(RequestsMax))
        {
            IReadOnlyList<LiveObject>[] lists = await Task.WhenAll(some.Select(consumer => ListAsync(ResourceKind.Credential, $"{Admin}{consumer.Name.Path}/credentials")));
            all.AddRange(lists.SelectMany(static list => list));
        }

        return all;
    }

    private async Task<IReadOnlyList<LiveObject>> RegistriesAsync()
    {
        if (!HasRegistries)
            return [];
        List<LiveObject> all = [];
        GatewayAnswer list = await client.GetAsync($"{await client.GroupPathAsync()}/{ResourceKind.ServiceRegistry.Plural()}");
        foreach (JsonObject item in Items(list).Where(static item => item["source"]?.ToString() == "store"))
        {
            // The list says no revisions.
            if (await FindAsync(new ObjectName(ResourceKind.ServiceRegistry, item["id"]!.ToString())) is { } found)
                all.Add(found);
        }

        return all;
    }
}
