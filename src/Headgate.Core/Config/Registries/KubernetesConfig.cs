using Headgate.Core.Primitives;

namespace Headgate.Core.Config.Registries;

/// <summary>The API servers of Kubernetes clusters (docs/reference/discovery/kubernetes.md).</summary>
/// <param name="Clusters">One without an id, or any number with an id each: then names of services begin with it.</param>
public sealed record KubernetesConfig(EquatableArray<KubernetesClusterConfig> Clusters) : RegistryConfig(TypeName)
{
    /// <summary>The type's name.</summary>
    public const string TypeName = "kubernetes";

    /// <summary>Whether names of services say which cluster they are of.</summary>
    public bool HasIds => Clusters.Count > 0 && Clusters[0].Id is not null;

    /// <inheritdoc/>
    public override string ToString() => base.ToString();
}
