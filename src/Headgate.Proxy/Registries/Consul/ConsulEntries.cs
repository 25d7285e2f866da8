using System.Text.Json;
using Headgate.Core.Config;
using Headgate.Core.Config.Registries;
using Headgate.Core.Discovery;

namespace Headgate.Proxy.Registries.Consul;

/// <summary>Understands what <c>/v1/health/service/NAME</c> answers: a list of entries, each with the node, the service and its checks.</summary>
internal static class ConsulEntries
{
    /// <summary>The instances in the answer that have all of the metadata asked for.</summary>
    /// <exception cref="RegistryException">It is no such list, or nothing in it can be used, or the token hides all of it.</exception>
    public static ServiceAnswer Read(ConsulReply reply, ConsulAccess access, DiscoveryArguments asked)
    {
        using JsonDocument document = reply.Reply.Json();
        string source = $"{reply.Reply.Server} answers to {reply.Reply.Path} with";
        if (document.RootElement.ValueKind != JsonValueKind.Array)
            throw new RegistryException($"{source} {document.RootElement.ValueKind} instead of a list of entries");
        var answer = new ServiceAnswerBuilder();
        int index = 0;
        foreach (JsonElement entry in document.RootElement.EnumerateArray())
            Add(answer, entry, $"[{index++}]", access, asked);
        if (reply.HidesSome && index == 0)
            throw new RegistryException($"{source} nothing that the token may read");
        if (reply.HidesSome)
            answer.Refuse("instances that the token may not read are missing");
        return answer.IsGarbage && index > 0 ? throw new RegistryException($"{source} nothing of use: {answer.Build().Problems[0]}") : answer.Build();
    }

    private static void Add(ServiceAnswerBuilder answer, JsonElement entry, string at, ConsulAccess access, DiscoveryArguments asked)
    {
        if (JsonMembers.Of(entry, "Service") is not { ValueKind: JsonValueKind.Object } service)
        {
            answer.Refuse($"{at}.Service is no object");
            return;
        }

        string? wrong = null;
        string? host = Host(entry, service, ref wrong);
        long? port = Port(service, ref wrong);
        double weight = Weight(service, ref wrong);
        List<MetadataEntry> metadata = Metadata(service, ref wrong);
        if (wrong is not null)
            answer.Refuse($"{at}.{wrong}");
        else if (asked.MetadataIsIn(metadata))
            answer.Add($"{at}.Service", host, port, weight * access.Weight, metadata: metadata);
    }

    private static string? Host(JsonElement entry, JsonElement service, ref string? wrong)
    {
        if (!JsonMembers.TryText(service, "Address", out string? host))
            wrong ??= "Service.Address is no text";
        if (host is { Length: > 0 })
            return host;

        // A service registered without an address is where its node is.
        if (JsonMembers.Of(entry, "Node") is { } node && !JsonMembers.TryText(node, "Address", out host))
            wrong ??= "Node.Address is no text";
        return host;
    }

    private static long? Port(JsonElement service, ref string? wrong)
    {
        if (JsonMembers.Of(service, "Port") is not { } value)
            return null;
        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out long port))
            return port == 0 ? null : port; // 0: registered without one
        wrong ??= "Service.Port is no whole number";
        return null;
    }

    private static double Weight(JsonElement service, ref string? wrong)
    {
        if (JsonMembers.Of(service, "Weights") is not { } weights || JsonMembers.Of(weights, "Passing") is not { } passing)
            return 1;
        if (passing.ValueKind == JsonValueKind.Number && passing.TryGetDouble(out double weight))
            return weight;
        wrong ??= "Service.Weights.Passing is no number";
        return 1;
    }

    private static List<MetadataEntry> Metadata(JsonElement service, ref string? wrong)
    {
        if (JsonMembers.Of(service, "Meta") is not { } meta)
            return [];
        if (meta.ValueKind == JsonValueKind.Object && meta.EnumerateObject().All(static property => property.Value.ValueKind == JsonValueKind.String))
            return [.. meta.EnumerateObject().DistinctBy(static property => property.Name).Select(static property => new MetadataEntry(property.Name, property.Value.GetString()!))];
        wrong ??= "Service.Meta is no object of texts";
        return [];
    }
}
