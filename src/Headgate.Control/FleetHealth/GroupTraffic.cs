using Headgate.Control.Instances;
using Headgate.Control.Line;

namespace Headgate.Control.FleetHealth;

/// <summary>What the nodes of a gateway group get, over the instances that are heard.</summary>
/// <param name="instances">They.</param>
/// <param name="counts">Which owners' nodes.</param>
internal sealed class GroupTraffic(IReadOnlyList<Instance> instances, Func<string, bool> counts)
{
    /// <summary>Tries at the nodes of upstreams, by their owners.</summary>
    public Dictionary<string, Rate> Upstreams() => Sum(static node => node.Owner);

    /// <summary>Tries at nodes.</summary>
    public Dictionary<(string Owner, string Node), Rate> Nodes() => Sum(static node => (node.Owner, node.Node));

    private Dictionary<TKey, Rate> Sum<TKey>(Func<NodeTraffic, TKey> key)
        where TKey : notnull
    {
        var sums = new Dictionary<TKey, Rate>();
        foreach (NodeTraffic node in instances.SelectMany(static instance => instance.Traffic?.Nodes ?? []))
        {
            if (counts(node.Owner))
                sums[key(node)] = sums.GetValueOrDefault(key(node)) + new Rate(node.Requests, node.Failures);
        }

        return sums;
    }
}
