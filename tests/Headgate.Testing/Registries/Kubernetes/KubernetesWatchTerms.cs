namespace Headgate.Testing.Registries.Kubernetes;

/// <summary>What one watch is about and how long it lasts; <c>Ended</c> says that the test ends it before, true = silently.</summary>
internal sealed record KubernetesWatchTerms(KubernetesCollection Collection, KubernetesSelection Selection, bool HasBookmarks, TimeSpan Length, Task<bool> Ended);
