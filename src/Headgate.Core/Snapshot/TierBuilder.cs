using System.Text;
using Headgate.Core.Config;
using Headgate.Core.LoadBalancing;
using Headgate.Core.Upstreams;

namespace Headgate.Core.Snapshot;

/// <summary>Makes the tiers of an upstream: of all its nodes, and of each of its subsets. For one build; not thread-safe.</summary>
/// <param name="held">Keeps the balancers' states.</param>
/// <param name="config">The upstream.</param>
/// <param name="nodes">Its nodes.</param>
/// <param name="zone">The gateway's zone; null when it has none.</param>
internal sealed class TierBuilder(HeldUpstream held, UpstreamConfig config, NodeSnapshot[] nodes, string? zone)
{
    private readonly ILoadBalancingPolicy _policy = LoadBalancingPolicies.Get(config.Type);
    private readonly HashSet<TierKey> _made = [];

    /// <summary>The tiers of all nodes, in the order of use.</summary>
    public UpstreamTier[] Build() => Build(nodes, subset: "");

    /// <summary>The tiers of every subset; null when requests do not choose.</summary>
    public SubsetTiers? BuildSubsets()
    {
        if (config.Subset is not { } wanted)
            return null;

        var key = new SubsetKey(wanted.Keys);
        var members = new Dictionary<byte[], List<NodeSnapshot>>(ByteKeyComparer.Instance);
        foreach (NodeSnapshot node in nodes)
        {
            if (key.Of(node.Config) is not { } values)
                continue;
            if (!members.TryGetValue(values, out List<NodeSnapshot>? subset))
            {
                // Written nodes have no more; of those that come from elsewhere the rest is in no subset.
                if (members.Count == SubsetConfig.SubsetsMax)
                    continue;
                members.Add(values, subset = []);
            }

            subset.Add(node);
        }

        return new SubsetTiers(wanted, key, [.. members.Select(subset => Build(subset.Key, [.. subset.Value]))]);
    }

    /// <summary>Lets go of the states of tiers that were not made.</summary>
    public void DropOtherStates() => held.KeepTiers(_made);

    private NodeSubset Build(byte[] values, NodeSnapshot[] members) => new(values, members, Build(members, Encoding.Latin1.GetString(values)));

    private UpstreamTier[] Build(NodeSnapshot[] members, string subset)
    {
        var tiers = new SortedDictionary<TierKey, List<NodeSnapshot>>();
        foreach (NodeSnapshot node in members)
        {
            var key = new TierKey(node.Config.Priority, node.Config.Weight == 0, Subset: subset);
            if (!tiers.TryGetValue(key, out List<NodeSnapshot>? tier))
                tiers.Add(key, tier = []);
            tier.Add(node);
        }

        return [.. tiers.Select(tier => Build(tier.Key, [.. tier.Value], Split(tier.Key, tier.Value)))];
    }

    private UpstreamTier Build(TierKey key, NodeSnapshot[] members, ZoneSplit? zones = null)
    {
        _made.Add(key);
        BalancerState state = held.TierState(key);
        return new UpstreamTier(members, state, _policy.Build(config, members, state), zones);
    }

    private ZoneSplit? Split(TierKey key, List<NodeSnapshot> members)
    {
        if (config.ZoneAware is not { } wanted || zone is null)
            return null;
        NodeSnapshot[] own = [.. members.Where(IsOwn)], others = [.. members.Where(node => !IsOwn(node))];
        return own.Length == 0 || others.Length == 0
            ? null
            : new ZoneSplit(wanted, Build(key with { Zone = TierZone.Own }, own), Build(key with { Zone = TierZone.Other }, others));

        bool IsOwn(NodeSnapshot node) => NodeMetadata.Find(node.Config, ZoneAwareConfig.MetadataKey) == zone;
    }
}
