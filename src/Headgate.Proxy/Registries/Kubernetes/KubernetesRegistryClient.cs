using System.Collections.Frozen;
using Headgate.Core.Config;
using Headgate.Core.Config.Registries;
using Headgate.Core.Discovery;

namespace Headgate.Proxy.Registries.Kubernetes;

/// <summary>Follows services of Kubernetes clusters. See README.md for the protocol as used. Thread-safe.</summary>
internal sealed class KubernetesRegistryClient : IRegistryClient
{
    private readonly FrozenDictionary<string, KubernetesCluster> _clusters;
    private readonly bool _hasIds;

    public KubernetesRegistryClient(KubernetesConfig config, RegistryServices services)
        : this(config, services, KubernetesTerms.Default, Environment.GetEnvironmentVariable)
    {
    }

    internal KubernetesRegistryClient(KubernetesConfig config, RegistryServices services, KubernetesTerms terms, Func<string, string?> environment)
    {
        _hasIds = config.HasIds;
        _clusters = config.Clusters.Items.ToFrozenDictionary(static one => one.Id ?? "", one => new KubernetesCluster(one, terms, services, environment), StringComparer.Ordinal);
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<ServiceAnswer> FollowAsync(ServiceKey service, CancellationToken cancellationToken)
    {
        var name = KubernetesServiceName.Parse(service.Name, _hasIds);
        return _clusters.TryGetValue(name.Cluster ?? "", out KubernetesCluster? cluster)
            ? cluster.FollowAsync(name, cancellationToken)
            : throw new RegistryException($"there is no cluster \"{name.Cluster}\"; there are: {string.Join(", ", _clusters.Keys.Order(StringComparer.Ordinal))}") { IsOfServiceOnly = true };
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<string>> ListServicesAsync(int max, CancellationToken cancellationToken)
    {
        var names = new List<string>();
        foreach ((string id, KubernetesCluster cluster) in _clusters)
            names.AddRange((await cluster.ListAsync(cancellationToken)).Select(name => _hasIds ? $"{id}/{name}" : name));
        names.Sort(StringComparer.Ordinal);
        return names.Count <= max ? names : names[..max];
    }

    /// <inheritdoc/>
    public async Task TestAsync(CancellationToken cancellationToken)
    {
        foreach (KubernetesCluster cluster in _clusters.Values)
            await cluster.TestAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (KubernetesCluster cluster in _clusters.Values)
            await cluster.DisposeAsync();
    }
}
