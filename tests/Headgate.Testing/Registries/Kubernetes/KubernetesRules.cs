using System.Net;
using System.Text.Json.Nodes;

namespace Headgate.Testing.Registries.Kubernetes;

/// <summary>What the API server asks of the objects that it stores. Source: the reference of EndpointSlice (discovery.k8s.io/v1) and Endpoints (v1).</summary>
internal static class KubernetesRules
{
    public static void Check(KubernetesCollection collection, string space, JsonObject one)
    {
        // A typed client may leave both out: the path says them.
        if ((string?)one["kind"] is { } kind && kind != collection.Kind)
            throw KubernetesStatusException.BadRequest($"{kind} in version {collection.ApiVersion} cannot be handled as a {collection.Kind}");
        if ((string?)one["apiVersion"] is { } version && version != collection.ApiVersion)
            throw KubernetesStatusException.BadRequest($"the API version in the data ({version}) does not match the expected API version ({collection.ApiVersion})");
        if (one["metadata"] is not JsonObject metadata || (string?)metadata["name"] is not { Length: > 0 })
            throw KubernetesStatusException.Invalid("metadata.name: Required value: name or generateName is required");
        if ((string?)metadata["namespace"] is { } given && given != space)
            throw KubernetesStatusException.BadRequest("the namespace of the provided object does not match the namespace sent on the request");
        if (collection == KubernetesCollection.Slices)
            CheckSlice(one);
        else
            CheckEndpoints(one);
    }

    private static void CheckSlice(JsonObject one)
    {
        string type = (string?)one["addressType"] ?? "";
        if (type is not ("IPv4" or "IPv6" or "FQDN"))
            throw KubernetesStatusException.Invalid($"addressType: Unsupported value: \"{type}\": supported values: \"FQDN\", \"IPv4\", \"IPv6\"");
        if (Items(one, "endpoints").Count() > 1000)
            throw KubernetesStatusException.Invalid("endpoints: Too many: must have at most 1000 items");
        foreach (JsonNode endpoint in Items(one, "endpoints"))
        {
            string[] addresses = [.. Items(endpoint, "addresses").Select(static address => (string)address!)];
            if (addresses.Length is 0 or > 100)
                throw KubernetesStatusException.Invalid("endpoints[].addresses: must have 1 to 100 items");
            if (addresses.Any(address => type == "FQDN" ? IPAddress.TryParse(address, out _) : !IPAddress.TryParse(address, out IPAddress? parsed) || parsed.ToString().Contains(':') != (type == "IPv6")))
                throw KubernetesStatusException.Invalid($"endpoints[].addresses: must be {type} addresses");
        }

        CheckPorts(one, isNumberRequired: false);
    }

    private static void CheckEndpoints(JsonObject one)
    {
        foreach (JsonNode subset in Items(one, "subsets"))
        {
            JsonNode[] addresses = [.. Items(subset, "addresses"), .. Items(subset, "notReadyAddresses")];
            if (addresses.Length == 0)
                throw KubernetesStatusException.Invalid("subsets[]: Required value: must specify `addresses` or `notReadyAddresses`");
            if (addresses.Any(static address => !IPAddress.TryParse((string?)address["ip"], out _)))
                throw KubernetesStatusException.Invalid("subsets[].addresses[].ip: must be a valid IP address");
            CheckPorts((JsonObject)subset, isNumberRequired: true);
        }
    }

    private static void CheckPorts(JsonObject one, bool isNumberRequired)
    {
        JsonNode[] ports = [.. Items(one, "ports")];
        if (ports.Any(port => port["port"] is null ? isNumberRequired : (long)port["port"]! is < 1 or > 65535))
            throw KubernetesStatusException.Invalid("ports[].port: must be between 1 and 65535, inclusive");
        if (ports.Length > 1 && ports.Select(static port => (string?)port["name"] ?? "").Distinct().Count() != ports.Length)
            throw KubernetesStatusException.Invalid("ports[].name: Duplicate value");
    }

    private static IEnumerable<JsonNode> Items(JsonNode one, string name) => one[name] is JsonArray list ? list.Select(static item => item!) : [];
}
