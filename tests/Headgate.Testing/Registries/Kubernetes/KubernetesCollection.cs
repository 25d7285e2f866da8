namespace Headgate.Testing.Registries.Kubernetes;

/// <summary>A collection of objects that the API server of a test has.</summary>
/// <param name="Path">Its path without a namespace.</param>
/// <param name="ApiVersion">Of its objects.</param>
/// <param name="Kind">Of its objects.</param>
/// <param name="Plural">Their name in paths.</param>
public sealed record KubernetesCollection(string Path, string ApiVersion, string Kind, string Plural)
{
    /// <summary>EndpointSlices.</summary>
    public static KubernetesCollection Slices { get; } = new("/apis/discovery.k8s.io/v1", "discovery.k8s.io/v1", "EndpointSlice", "endpointslices");

    /// <summary>Endpoints.</summary>
    public static KubernetesCollection Endpoints { get; } = new("/api/v1", "v1", "Endpoints", "endpoints");

    /// <summary>Takes a path apart; null when there is no such collection.</summary>
    public static (KubernetesCollection Collection, string? Namespace, string? Name)? Find(string path)
    {
        foreach (KubernetesCollection one in (KubernetesCollection[])[Slices, Endpoints])
        {
            if (!path.StartsWith(one.Path + "/", StringComparison.Ordinal))
                continue;
            switch (path[(one.Path.Length + 1)..].Split('/'))
            {
                case [var plural] when plural == one.Plural:
                    return (one, null, null);
                case ["namespaces", { Length: > 0 } space, var plural] when plural == one.Plural:
                    return (one, space, null);
                case ["namespaces", { Length: > 0 } space, var plural, { Length: > 0 } name] when plural == one.Plural:
                    return (one, space, name);
                default:
                    return null;
            }
        }

        return null;
    }
}
