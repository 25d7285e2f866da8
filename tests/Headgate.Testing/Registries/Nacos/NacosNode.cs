using System.Text.Json.Nodes;

namespace Headgate.Testing.Registries.Nacos;

/// <summary>An instance as a <see cref="NacosServer"/> keeps it.</summary>
/// <param name="Namespace">Its namespace's id.</param>
/// <param name="Group">Its group.</param>
/// <param name="Service">Its service, without the group.</param>
/// <param name="Ip">Its address.</param>
/// <param name="Port">Its port.</param>
public sealed record NacosNode(string Namespace, string Group, string Service, string Ip, int Port)
{
    /// <summary>0 to 10,000.</summary>
    public double Weight { get; init; } = 1;

    /// <summary>Whether it takes traffic.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>What the server thinks of it.</summary>
    public bool Healthy { get; init; } = true;

    /// <summary>Whether it lives by its heartbeats.</summary>
    public bool Ephemeral { get; init; } = true;

    /// <summary>Its cluster.</summary>
    public string Cluster { get; init; } = "DEFAULT";

    /// <summary>A JSON object.</summary>
    public string Metadata { get; init; } = "{}";

    /// <summary>As it stands in lists.</summary>
    public JsonObject ToJson() => new()
    {
        ["instanceId"] = $"{Ip}#{Port}#{Cluster}#{Group}@@{Service}",
        ["ip"] = Ip,
        ["port"] = Port,
        ["weight"] = Weight,
        ["healthy"] = Healthy,
        ["enabled"] = Enabled,
        ["ephemeral"] = Ephemeral,
        ["clusterName"] = Cluster,
        ["serviceName"] = $"{Group}@@{Service}",
        ["metadata"] = JsonNode.Parse(Metadata),
        ["instanceHeartBeatInterval"] = 5000,
        ["instanceHeartBeatTimeOut"] = 15000,
        ["ipDeleteTimeout"] = 30000,
    };
}
