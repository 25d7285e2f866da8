using System.Text.Json;
using Headgate.Core.Discovery;

namespace Headgate.Proxy.Registries.Kubernetes;

/// <summary><c>service_name</c> of an upstream that follows a service of Kubernetes: <c>[id/]namespace/name:port</c>.</summary>
/// <param name="Cluster">Id of the cluster; null when clusters have no ids.</param>
/// <param name="Namespace">Namespace of the service.</param>
/// <param name="Service"><c>namespace/name</c>.</param>
/// <param name="Port">Name or number of the port; empty = the port without a name.</param>
internal sealed record KubernetesServiceName(string? Cluster, string Namespace, string Service, string Port)
{
    /// <summary>Takes it apart.</summary>
    /// <exception cref="RegistryException">It has another form.</exception>
    public static KubernetesServiceName Parse(string text, bool hasCluster)
    {
        int colon = text.LastIndexOf(':');
        string[] parts = colon < 0 ? [] : text[..colon].Split('/');
        if (parts.Length != (hasCluster ? 3 : 2) || parts.Any(static part => part.Length == 0))
            throw new RegistryException($"service_name {JsonSerializer.Serialize(text)} is not {(hasCluster ? "id/namespace/name:port" : "namespace/name:port")}") { IsOfServiceOnly = true };
        return new KubernetesServiceName(hasCluster ? parts[0] : null, parts[^2], $"{parts[^2]}/{parts[^1]}", text[(colon + 1)..]);
    }
}
