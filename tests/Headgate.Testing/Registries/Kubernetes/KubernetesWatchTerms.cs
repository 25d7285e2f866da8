namespace Headgate.Testing.Registries.Kubernetes;

/// <summary>What one watch is about and how long it lasts.</summary>
internal sealed record KubernetesWatchTerms(KubernetesCollection Collection, KubernetesSelection Selection, bool HasBookmarks, TimeSpan Length);
