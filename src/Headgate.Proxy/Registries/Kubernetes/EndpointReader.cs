using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Headgate.Core.Discovery;

namespace Headgate.Proxy.Registries.Kubernetes;

/// <summary>
/// Reads EndpointSlice (<c>discovery.k8s.io/v1</c>) and Endpoints (<c>v1</c>) objects. A part that is wrong is left out and named; a wrong object says nothing. Source: the Kubernetes API
/// reference. No state.
/// </summary>
internal static class EndpointReader
{
    private const string ServiceLabel = "kubernetes.io/service-name";
    private const int ProblemsMax = 20;

    /// <summary>
    /// The object; null when it is of no service, which is allowed, or has no name, which <paramref name="problem"/> then says. Of objects of namespaces that are not
    /// followed <paramref name="filter"/> leaves nothing.
    /// </summary>
    public static EndpointObject? Read(JsonElement value, bool isSlice, NamespaceFilter filter, out string? problem)
    {
        problem = null;
        if (Object(value, "metadata") is not { } metadata || Text(metadata, "namespace") is not { Length: > 0 } space || Text(metadata, "name") is not { Length: > 0 } name)
        {
            problem = "metadata.namespace or metadata.name is missing";
            return null;
        }

        if (!filter.Includes(space))
            return null;
        string key = $"{space}/{name}";
        if (!isSlice)
            return ReadEndpoints(value, key);
        string? service = Object(metadata, "labels") is { } labels ? Text(labels, ServiceLabel) : null;
        return string.IsNullOrEmpty(service) ? null : ReadSlice(value, key, $"{space}/{service}");
    }

    /// <summary>The name of an object that is gone: <c>namespace/name</c>; null when it has none.</summary>
    public static string? Key(JsonElement value) =>
        Object(value, "metadata") is { } metadata && Text(metadata, "namespace") is { } space && Text(metadata, "name") is { } name ? $"{space}/{name}" : null;

    /// <summary>Where the history of a collection or an object stands.</summary>
    /// <exception cref="RegistryException">It does not say.</exception>
    public static string Version(JsonElement value, string server, string what) =>
        Object(value, "metadata") is { } metadata && Text(metadata, "resourceVersion") is { Length: > 0 } version
            ? version
            : throw new RegistryException($"{server}: {what} has no metadata.resourceVersion");

    private static EndpointObject ReadSlice(JsonElement value, string key, string service)
    {
        var problems = ImmutableArray.CreateBuilder<string>();
        string type = Text(value, "addressType") ?? "";
        bool isKnown = type is "IPv4" or "IPv6" or "FQDN";
        if (!isKnown)
            problems.Add($"{key}: addressType {Quoted(type)} is none of IPv4, IPv6, FQDN");
        JsonElement.ArrayEnumerator? endpoints = List(value, "endpoints", key, problems);
        ImmutableArray<EndpointPort>? ports = ReadPorts(value, key, problems);
        if (!isKnown || endpoints is null || ports is null)
            return new EndpointObject(key, service, default) { Problems = problems.ToImmutable() };

        var addresses = ImmutableArray.CreateBuilder<EndpointAddress>();
        int index = 0;
        foreach (JsonElement endpoint in endpoints.Value)
        {
            string at = string.Create(CultureInfo.InvariantCulture, $"{key}: endpoints[{index++}]");
            if (endpoint.ValueKind != JsonValueKind.Object)
                Refuse(problems, $"{at} is no object");
            else if (IsReady(endpoint, at, problems))
                ReadSliceAddresses(endpoint, type, at, addresses, problems);
        }

        return new EndpointObject(key, service, [new EndpointGroup(addresses.DrainToImmutable(), ports.Value)]) { Problems = problems.ToImmutable() };
    }

    // One that says nothing of itself is ready. A terminating one leaves, even if its service publishes addresses that are not ready, which makes "ready" true for ever.
    private static bool IsReady(JsonElement endpoint, string at, ImmutableArray<string>.Builder problems)
    {
        if (!endpoint.TryGetProperty("conditions", out JsonElement conditions) || conditions.ValueKind == JsonValueKind.Null)
            return true;
        if (conditions.ValueKind == JsonValueKind.Object)
            return Flag(conditions, "ready", at, problems) is true or null && Flag(conditions, "terminating", at, problems) is not true;
        Refuse(problems, $"{at}.conditions is no object");
        return false;
    }

    private static bool? Flag(JsonElement conditions, string name, string at, ImmutableArray<string>.Builder problems)
    {
        if (!conditions.TryGetProperty(name, out JsonElement value) || value.ValueKind == JsonValueKind.Null)
            return null;
        if (value.ValueKind is JsonValueKind.True or JsonValueKind.False)
            return value.ValueKind == JsonValueKind.True;
        Refuse(problems, $"{at}.conditions.{name} is neither true nor false");
        return name == "terminating"; // not usable, whichever it is
    }

    private static void ReadSliceAddresses(JsonElement endpoint, string type, string at, ImmutableArray<EndpointAddress>.Builder addresses, ImmutableArray<string>.Builder problems)
    {
        if (List(endpoint, "addresses", at, problems) is not { } list)
            return;
        EndpointAddress form = Describe(endpoint) with { Zone = NotEmpty(Text(endpoint, "zone")) };
        int index = 0;
        foreach (JsonElement address in list)
        {
            string host = address.ValueKind == JsonValueKind.String ? address.GetString()! : "";
            if (Is(host, type))
                addresses.Add(form with { Host = host });
            else
                Refuse(problems, string.Create(CultureInfo.InvariantCulture, $"{at}.addresses[{index}]: {Quoted(host)} is no {type} address"));
            index++;
        }
    }

    private static EndpointObject ReadEndpoints(JsonElement value, string key)
    {
        var problems = ImmutableArray.CreateBuilder<string>();
        if (List(value, "subsets", key, problems) is not { } subsets)
            return new EndpointObject(key, key, default) { Problems = problems.ToImmutable() };
        var groups = ImmutableArray.CreateBuilder<EndpointGroup>();
        int index = 0;
        foreach (JsonElement subset in subsets)
        {
            string at = string.Create(CultureInfo.InvariantCulture, $"{key}: subsets[{index++}]");
            if (subset.ValueKind != JsonValueKind.Object)
                Refuse(problems, $"{at} is no object");
            else if (List(subset, "addresses", at, problems) is { } list && ReadPorts(subset, at, problems) is { } ports)
                groups.Add(new EndpointGroup(ReadAddresses(list, at, problems), ports));
        }

        return new EndpointObject(key, key, groups.DrainToImmutable()) { Problems = problems.ToImmutable() };
    }

    private static ImmutableArray<EndpointAddress> ReadAddresses(JsonElement.ArrayEnumerator list, string at, ImmutableArray<string>.Builder problems)
    {
        var addresses = ImmutableArray.CreateBuilder<EndpointAddress>();
        int index = 0;
        foreach (JsonElement address in list)
        {
            string host = address.ValueKind == JsonValueKind.Object ? Text(address, "ip") ?? "" : "";
            if (Is(host, "IPv4") || Is(host, "IPv6"))
                addresses.Add(Describe(address) with { Host = host });
            else
                Refuse(problems, string.Create(CultureInfo.InvariantCulture, $"{at}.addresses[{index}].ip: {Quoted(host)} is no address"));
            index++;
        }

        return addresses.DrainToImmutable();
    }

    private static ImmutableArray<EndpointPort>? ReadPorts(JsonElement value, string at, ImmutableArray<string>.Builder problems)
    {
        if (List(value, "ports", at, problems) is not { } list)
            return null;
        var ports = ImmutableArray.CreateBuilder<EndpointPort>();
        int index = 0;
        foreach (JsonElement port in list)
        {
            long? number = null;
            bool hasNumber = port.ValueKind == JsonValueKind.Object && port.TryGetProperty("port", out JsonElement written) && written.ValueKind != JsonValueKind.Null;
            if (hasNumber && port.GetProperty("port") is var one && one.ValueKind == JsonValueKind.Number && one.TryGetInt64(out long whole))
                number = whole;
            if (port.ValueKind != JsonValueKind.Object || (hasNumber && number is null))
                Refuse(problems, string.Create(CultureInfo.InvariantCulture, $"{at}: ports[{index}]{(hasNumber ? ".port is no whole number" : " is no object")}"));
            else
                ports.Add(new EndpointPort(Text(port, "name") ?? "", number));
            index++;
        }

        return ports.DrainToImmutable();
    }

    private static EndpointAddress Describe(JsonElement endpoint) =>
        new("", null, NotEmpty(Text(endpoint, "nodeName")), Object(endpoint, "targetRef") is { } target && Text(target, "kind") == "Pod" ? NotEmpty(Text(target, "name")) : null);

    private static bool Is(string host, string type) => type == "FQDN"
        ? host.Length > 0 && !IPAddress.TryParse(host, out _)
        : IPAddress.TryParse(host, out IPAddress? address) && (type == "IPv4"
            ? address.AddressFamily == AddressFamily.InterNetwork && address.ToString() == host
            : address.AddressFamily == AddressFamily.InterNetworkV6);

    /// <summary>The items of a member that may be absent or null, as Go writes an empty list; null, and a problem, when it is something else.</summary>
    private static JsonElement.ArrayEnumerator? List(JsonElement value, string name, string at, ImmutableArray<string>.Builder problems)
    {
        if (!value.TryGetProperty(name, out JsonElement list) || list.ValueKind == JsonValueKind.Null)
            return default(JsonElement.ArrayEnumerator);
        if (list.ValueKind == JsonValueKind.Array)
            return list.EnumerateArray();
        Refuse(problems, $"{at}{(at.EndsWith(']') ? "." : ": ")}{name} is no list");
        return null;
    }

    private static void Refuse(ImmutableArray<string>.Builder problems, string problem)
    {
        if (problems.Count < ProblemsMax)
            problems.Add(problem);
    }

    private static JsonElement? Object(JsonElement value, string name) =>
        value.ValueKind == JsonValueKind.Object && value.TryGetProperty(name, out JsonElement member) && member.ValueKind == JsonValueKind.Object ? member : null;

    private static string? Text(JsonElement value, string name) => value.TryGetProperty(name, out JsonElement member) && member.ValueKind == JsonValueKind.String ? member.GetString() : null;

    private static string? NotEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;

    private static string Quoted(string text) => JsonSerializer.Serialize(text.Length <= 100 ? text : text[..100] + "...");
}
