namespace Headgate.Core.Config.Registries;

/// <summary>
/// One cluster, as a user wrote it, typed. <see cref="Host"/>, <see cref="Port"/>, <see cref="Token"/> and <see cref="TokenFile"/> may be <c>${NAME}</c>: what the environment has under
/// that name when the cluster is asked.
/// </summary>
public sealed record KubernetesClusterConfig
{
    /// <summary>Where a pod finds the address of its cluster.</summary>
    public const string DefaultHost = "${KUBERNETES_SERVICE_HOST}";

    /// <summary>Where a pod finds the port of its cluster.</summary>
    public const string DefaultPort = "${KUBERNETES_SERVICE_PORT}";

    /// <summary>Where a pod finds the token of its service account.</summary>
    public const string DefaultTokenFile = "/var/run/secrets/kubernetes.io/serviceaccount/token";

    /// <summary>Its id, 1 to 64 of a-z 0-9; null for the one cluster of a registry without ids.</summary>
    public string? Id { get; init; }

    /// <summary><c>service.schema</c>: https, the default, or http.</summary>
    public string Scheme { get; init; } = "https";

    /// <summary><c>service.host</c>: a name, an IPv4 address, an IPv6 address with or without brackets.</summary>
    public string Host { get; init; } = DefaultHost;

    /// <summary><c>service.port</c>: 1 to 65535.</summary>
    public string Port { get; init; } = DefaultPort;

    /// <summary><c>service.ssl_verify</c>; null when absent: then the server is verified if it is known which authority it must be of.</summary>
    public bool? VerifiesTls { get; init; }

    /// <summary><c>service.ca_file</c>: PEM file of the authorities that the server's certificate may be of; null = <c>ca.crt</c> beside the token file if there is one, else the system's. Headgate's own.</summary>
    public string? AuthoritiesFile { get; init; }

    /// <summary><c>client.token</c>; null = that in <see cref="TokenFile"/>. Never logged.</summary>
    public string? Token { get; init; }

    /// <summary><c>client.token_file</c>; null when there is a <see cref="Token"/>.</summary>
    public string? TokenFile { get; init; } = DefaultTokenFile;

    /// <summary><c>namespace_selector</c>; null = all namespaces.</summary>
    public KubernetesNamespaceSelector? Namespaces { get; init; }

    /// <summary><c>label_selector</c>, as Kubernetes writes them; null = all objects.</summary>
    public string? LabelSelector { get; init; }

    /// <summary><c>default_weight</c> of every instance, 0 and more; default 50.</summary>
    public int DefaultWeight { get; init; } = 50;

    /// <summary><c>watch_endpoint_slices</c>: reads EndpointSlices; otherwise Endpoints, the default.</summary>
    public bool ReadsSlices { get; init; }

    /// <summary>Leaves the token out.</summary>
    public override string ToString() => $"{nameof(KubernetesClusterConfig)} {{ Id = {Id}, Host = {Host}, Port = {Port} }}";
}
