using System.Text.Json;

namespace Headgate.Core.Config.Registries;

/// <summary>To which servers the secrets of a service registry connection are shown: told by the names of members, as <see cref="RegistrySecrets"/> tells what is secret.</summary>
public static class SecretDestinations
{
    private const string ClusterToken = ".client.token"; // of Kubernetes, beside the service of the same cluster
    private static readonly string[] Addresses = ["servers", "host", "hosts", "url"];

    /// <summary>The servers that are shown the secret at <paramref name="path"/>; none when the connection names none there.</summary>
    /// <param name="connection">As written: an object, which need not be valid.</param>
    /// <param name="path">Of the secret, as <see cref="SecretFields"/> has it: <c>kubernetes_config.0.client.token</c>.</param>
    /// <exception cref="InvalidOperationException">An address holds half of a surrogate pair.</exception>
    public static IReadOnlyList<SecretDestination> Of(JsonElement connection, string path)
    {
        if (path.StartsWith($"{KubernetesConfig.TypeName}_config", StringComparison.Ordinal) && path.EndsWith(ClusterToken, StringComparison.Ordinal))
            return OfCluster(connection, path[..^ClusterToken.Length]);
        string member = path.Split('.')[0];
        var found = new List<SecretDestination>();
        foreach (string name in Addresses)
        {
            JsonElement? addresses = Member(connection, member) is { } config ? Member(config, name) : null;
            if (addresses is { ValueKind: JsonValueKind.Array } list)
                found.AddRange(list.EnumerateArray().Select((address, index) => new SecretDestination($"{member}.{name}[{index}]", Server(address))));
            else if (addresses is { } address)
                found.Add(new SecretDestination($"{member}.{name}", Server(address)));
        }

        return found;
    }

    private static SecretDestination[] OfCluster(JsonElement connection, string path)
    {
        JsonElement? cluster = connection;
        foreach (string step in path.Split('.'))
        {
            cluster = cluster is { ValueKind: JsonValueKind.Array } list && int.TryParse(step, out int index) && index < list.GetArrayLength() ? list[index]
                : cluster is { } value ? Member(value, step) : null;
        }

        if (cluster is null)
            return [];
        JsonElement? service = Member(cluster.Value, "service");
        string server = $"{Text(service, "schema") ?? "https"}://{Text(service, "host") ?? KubernetesClusterConfig.DefaultHost}:{Text(service, "port") ?? KubernetesClusterConfig.DefaultPort}";
        return [new SecretDestination($"{path}.service", server)];
    }

    private static string? Text(JsonElement? value, string name) => value is { } found && Member(found, name) is { } member ? member.ToString() : null;

    private static string Server(JsonElement address) =>
        address.ToString() is var text && Uri.TryCreate(text, UriKind.Absolute, out Uri? url) ? $"{url.Scheme}://{url.IdnHost}:{url.Port}" : text;

    private static JsonElement? Member(JsonElement value, string name) => value.ValueKind == JsonValueKind.Object && value.TryGetProperty(name, out JsonElement member) ? member : null;
}
