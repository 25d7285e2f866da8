using System.Globalization;
using Headgate.Core.Config.Registries;

namespace Headgate.Proxy.Registries.Kubernetes;

/// <summary>What is asked of the API server: one collection, narrowed by what is configured. Immutable.</summary>
internal sealed class KubernetesPaths
{
    private readonly string _collection;
    private readonly string _selectors;

    public KubernetesPaths(KubernetesClusterConfig config, NamespaceFilter filter)
    {
        Kind = config.ReadsSlices ? "EndpointSlice" : "Endpoints";
        // A namespace's own collection, not a field selector: it also answers who may read that namespace alone.
        string below = filter.Only is { } only ? $"namespaces/{Uri.EscapeDataString(only)}/" : "";
        _collection = config.ReadsSlices ? $"apis/discovery.k8s.io/v1/{below}endpointslices" : $"api/v1/{below}endpoints";
        string fields = filter.FieldSelector is { } field ? $"&fieldSelector={Uri.EscapeDataString(field)}" : "";
        _selectors = config.LabelSelector is { } labels ? $"{fields}&labelSelector={Uri.EscapeDataString(labels)}" : fields;
    }

    /// <summary>Kind of the objects.</summary>
    public string Kind { get; }

    /// <summary>A page of the collection; <paramref name="limit"/> 0 = all of it, <paramref name="next"/> empty = the first.</summary>
    public string List(int limit, string next) => string.Create(
        CultureInfo.InvariantCulture, $"{_collection}?limit={limit}{(next.Length > 0 ? $"&continue={Uri.EscapeDataString(next)}" : "")}{_selectors}");

    /// <summary>What happens from a version on, for so long.</summary>
    public string Watch(string version, TimeSpan length) => string.Create(
        CultureInfo.InvariantCulture,
        $"{_collection}?watch=true&allowWatchBookmarks=true&resourceVersion={Uri.EscapeDataString(version)}&timeoutSeconds={Math.Max(1, (long)length.TotalSeconds)}{_selectors}");

    /// <summary>The collection, for texts.</summary>
    public override string ToString() => $"/{_collection}";
}
