using Headgate.Control.Instances;
using Headgate.Control.Line;

namespace Headgate.Control.FleetHealth;

/// <summary>What upstreams get of routes in a gateway group, over the instances that tell it.</summary>
/// <param name="instances">Those that are heard.</param>
/// <param name="counts">What counts of it.</param>
internal sealed class GroupUpstreamTraffic(IReadOnlyList<Instance> instances, Func<UpstreamTraffic, bool> counts)
{
    private IEnumerable<UpstreamTraffic> All => instances.SelectMany(static instance => instance.Traffic?.Upstreams ?? []).Where(counts);

    /// <summary>Whether an instance tells it, or will: one of an older version never does.</summary>
    public static bool IsToldBy(Instance instance) => instance.Traffic is null or { Upstreams: not null };

    /// <summary>Tries, by the owners of upstreams.</summary>
    public Dictionary<string, Rate> Rates()
    {
        var sums = new Dictionary<string, Rate>(StringComparer.Ordinal);
        foreach (UpstreamTraffic one in All)
            sums[one.Owner] = sums.GetValueOrDefault(one.Owner) + new Rate(one.Requests, one.Failures);
        return sums;
    }

    /// <summary>Latencies, by what <paramref name="key"/> says, of those that are <paramref name="wanted"/>.</summary>
    public Dictionary<string, LatencySum> Latencies(Func<UpstreamTraffic, string> key, IReadOnlySet<string> wanted)
    {
        var sums = new Dictionary<string, LatencySum>(StringComparer.Ordinal);
        foreach (UpstreamTraffic one in All)
        {
            if (!wanted.Contains(key(one)))
                continue;
            if (!sums.TryGetValue(key(one), out LatencySum? sum))
                sums[key(one)] = sum = new LatencySum();
            sum.Add(one.Latencies);
        }

        return sums;
    }
}
