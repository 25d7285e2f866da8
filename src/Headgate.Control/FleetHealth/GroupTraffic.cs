using Headgate.Control.Instances;
using Headgate.Control.Line;

namespace Headgate.Control.FleetHealth;

/// <summary>Traffic of a gateway group, over the instances that are heard.</summary>
/// <param name="instances">They.</param>
/// <param name="sees">Which owners' traffic counts: <c>routes/1</c>, <c>upstreams/1</c>.</param>
internal sealed class GroupTraffic(IReadOnlyList<Instance> instances, Func<string, bool> sees)
{
    /// <summary>Requests of routes, by their ids.</summary>
    public Dictionary<string, Rate> Routes() =>
        Sum(instances.SelectMany(static instance => instance.Traffic?.Routes ?? new Dictionary<string, double>()).Where(route => sees($"routes/{route.Key}")), static route => route.Key, static route => new Rate(route.Value));

    /// <summary>Tries at the nodes of upstreams, by their owners.</summary>
    public Dictionary<string, Rate> Upstreams() => Sum(Tries(), static node => node.Owner, static node => new Rate(node.Requests, node.Failures));

    /// <summary>Tries at nodes.</summary>
    public Dictionary<(string Owner, string Node), Rate> Nodes() => Sum(Tries(), static node => (node.Owner, node.Node), static node => new Rate(node.Requests, node.Failures));

    private IEnumerable<NodeTraffic> Tries() => instances.SelectMany(static instance => instance.Traffic?.Nodes ?? []).Where(node => sees(node.Owner));

    private static Dictionary<TKey, Rate> Sum<TItem, TKey>(IEnumerable<TItem> items, Func<TItem, TKey> key, Func<TItem, Rate> rate)
        where TKey : notnull
    {
        var sums = new Dictionary<TKey, Rate>();
        foreach (TItem item in items)
            sums[key(item)] = sums.GetValueOrDefault(key(item)) + rate(item);
        return sums;
    }
}
