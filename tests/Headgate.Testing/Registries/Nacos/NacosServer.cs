using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Headgate.Testing.Registries.Nacos;

/// <summary>
/// Nacos' naming service over HTTP, the forms of its API (https://nacos.io/en/docs/v1/open-api, .../v2/guide/user/open-api, .../v3.2/manual/user/open-api), as far as clients of instances need it. It refuses what is
/// not in them: other paths, other parameters, values out of range.
/// </summary>
public sealed class NacosServer : HttpRegistryServer
{
    private static readonly string[] Anywhere = ["namespaceId", "accessToken", "username", "password", "ak", "data", "signature", "app"];

    private readonly ConcurrentDictionary<NacosNode, byte> _nodes = new();

    /// <summary>Makes it; it is to be started.</summary>
    public NacosServer(X509Certificate2? certificate = null)
        : base(certificate)
    {
    }

    /// <summary>Who may ask.</summary>
    public NacosGuard Guard { get; } = new();

    /// <summary>How many of a service's instances are told; all unless set.</summary>
    public int ShownMax { get; set; } = int.MaxValue;

    /// <summary>Instances, in no order.</summary>
    public IReadOnlyCollection<NacosNode> Nodes => [.. _nodes.Keys];

    /// <summary>Adds an instance, or takes it for one that has the same address.</summary>
    public void Put(NacosNode node)
    {
        Remove(node);
        _nodes.TryAdd(node, 0);
    }

    /// <summary>Adds an instance of the default namespace and group.</summary>
    public void Put(string service, string ip, int port) => Put(new NacosNode("public", "DEFAULT_GROUP", service, ip, port));

    /// <summary>Removes the instance that has its address.</summary>
    public void Remove(NacosNode node)
    {
        foreach (NacosNode known in _nodes.Keys)
        {
            if (known with { Weight = node.Weight, Enabled = node.Enabled, Healthy = node.Healthy, Ephemeral = node.Ephemeral, Metadata = node.Metadata } == node)
                _nodes.TryRemove(known, out _);
        }
    }

    /// <summary>Removes all.</summary>
    public void Clear() => _nodes.Clear();

    /// <inheritdoc/>
    protected override async Task AnswerAsync(HttpContext context)
    {
        NacosAsk ask = await NacosAsk.ReadAsync(context);
        if (ask.Call is "POST v1/auth/login" or "POST v3/auth/user/login")
        {
            (int status, string said) = ask.Check(["username", "password"], ["username", "password"]) is { } mistake ? (400, mistake) : Guard.Login(ask);
            await (status == 200 ? JsonAsync(context, said) : RefuseAsync(context, status, said));
            return;
        }

        if (Guard.Refuse(ask) is { } reason)
        {
            await RefuseAsync(context, 403, reason);
            return;
        }

        await (ask.Call switch
        {
            "POST v1/ns/instance" or "POST v2/ns/instance" => ChangeAsync(context, ask, Put),
            "DELETE v1/ns/instance" or "DELETE v2/ns/instance" => ChangeAsync(context, ask, Remove),
            "PUT v1/ns/instance/beat" => BeatAsync(context, ask),
            "GET v1/ns/instance/list" or "GET v2/ns/instance/list" => ListAsync(context, ask),
            "GET v3/client/ns/instance/list" => ListAsync(context, ask),
            "GET v1/ns/service/list" or "GET v2/ns/service/list" => ListServicesAsync(context, ask),
            "GET v1/ns/operator/metrics" => JsonAsync(context, """{"status":"UP"}"""),
            _ => RefuseAsync(context, 404, $"there is no {ask.Call}"),
        });
    }

    private static Task ChangeAsync(HttpContext context, NacosAsk ask, Action<NacosNode> change)
    {
        string[] known = ["serviceName", "groupName", "clusterName", "ip", "port", "weight", "enable", "enabled", "healthy", "ephemeral", "metadata", .. Anywhere];
        if (ask.Check(["serviceName", "ip", "port"], known) is { } mistake)
            return FailAsync(context, ask, 400, 20002, mistake);
        (string group, string service) = ask.Service;
        double weight = double.Parse(ask["weight"] ?? "1", CultureInfo.InvariantCulture);
        if (weight is not (>= 0 and <= 10_000))
            return FailAsync(context, ask, 400, 21001, "weight");
        change(new NacosNode(ask["namespaceId"] ?? "public", group, service, ask["ip"]!, int.Parse(ask["port"]!, CultureInfo.InvariantCulture))
        {
            Weight = weight,
            Enabled = (ask["enabled"] ?? ask["enable"]) is not "false",
            Healthy = ask["healthy"] is not "false",
            Ephemeral = ask["ephemeral"] is not "false",
            Cluster = ask["clusterName"] ?? "DEFAULT",
            Metadata = ask["metadata"] ?? "{}",
        });
        return ask.IsNewer ? GiveAsync(context, ask, JsonValue.Create("ok")) : RefuseAsync(context, 200, "ok");
    }

    private Task BeatAsync(HttpContext context, NacosAsk ask)
    {
        if (ask.Check(["beat", "serviceName"], ["beat", "serviceName", .. Anywhere]) is { } mistake)
            return RefuseAsync(context, 400, mistake);
        return JsonAsync(context, """{"clientBeatInterval":5000,"code":10200,"lightBeatEnabled":false}""");
    }

    private Task ListAsync(HttpContext context, NacosAsk ask)
    {
        string[] known = ask.IsNewer
            ? ["serviceName", "groupName", "clusterName", "ip", "port", "healthyOnly", .. Anywhere]
            : ["serviceName", "groupName", "clusters", "healthyOnly", "clientIP", "udpPort", .. Anywhere];
        if (ask.Check(["serviceName"], known) is { } mistake)
            return FailAsync(context, ask, 400, 20002, mistake);
        (string group, string service) = ask.Service;
        string space = ask["namespaceId"] is { Length: > 0 } given ? given : "public";
        bool healthyOnly = ask["healthyOnly"] is "true";
        IEnumerable<NacosNode> nodes = _nodes.Keys.Where(node => (node.Namespace, node.Group, node.Service) == (space, group, service) && node.Enabled && (node.Healthy || !healthyOnly));
        var hosts = new JsonArray([.. nodes.OrderBy(node => node.Ip, StringComparer.Ordinal).ThenBy(node => node.Port).Take(ShownMax).Select(node => node.ToJson())]);
        return GiveAsync(context, ask, ask.Call.Contains(" v3/", StringComparison.Ordinal) ? hosts : new JsonObject
        {
            ["name"] = $"{group}@@{service}",
            ["groupName"] = group,
            ["clusters"] = ask["clusters"] ?? "",
            ["cacheMillis"] = 10_000,
            ["hosts"] = hosts,
            ["lastRefTime"] = 1_700_000_000_000,
            ["checksum"] = "",
            ["allIPs"] = false,
            ["reachProtectionThreshold"] = false,
            ["valid"] = true,
        });
    }

    private Task ListServicesAsync(HttpContext context, NacosAsk ask)
    {
        if (ask.Check(ask.IsNewer ? [] : ["pageNo", "pageSize"], ["pageNo", "pageSize", "groupName", "selector", .. Anywhere]) is { } mistake)
            return FailAsync(context, ask, 400, 20002, mistake);
        int page = int.Parse(ask["pageNo"] ?? "1", CultureInfo.InvariantCulture);
        int size = Math.Min(500, int.Parse(ask["pageSize"] ?? "20", CultureInfo.InvariantCulture));
        (string space, string group) = (ask["namespaceId"] ?? "public", ask["groupName"] ?? "DEFAULT_GROUP");
        string[] names = [.. _nodes.Keys.Where(node => (node.Namespace, node.Group) == (space, group)).Select(node => node.Service).Distinct().OrderDescending()];
        return GiveAsync(context, ask, new JsonObject
        {
            ["count"] = names.Length,
            [ask.IsNewer ? "services" : "doms"] = new JsonArray([.. names.Skip((page - 1) * size).Take(size).Select(name => JsonValue.Create(name))]),
        });
    }

    private static Task GiveAsync(HttpContext context, NacosAsk ask, JsonNode data) =>
        JsonAsync(context, ask.IsNewer ? new JsonObject { ["code"] = 0, ["message"] = "success", ["data"] = data }.ToJsonString() : data.ToJsonString());

    private static Task FailAsync(HttpContext context, NacosAsk ask, int status, int code, string why) =>
        ask.IsNewer ? JsonAsync(context, new JsonObject { ["code"] = code, ["message"] = why, ["data"] = null }.ToJsonString(), status) : RefuseAsync(context, status, why);
}
