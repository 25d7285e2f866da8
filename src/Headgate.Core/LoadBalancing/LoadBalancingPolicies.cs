using System.Collections.Frozen;

namespace Headgate.Core.LoadBalancing;

/// <summary>The load balancing policies there are, by the upstream's <c>type</c>. A new policy is one line here.</summary>
public static class LoadBalancingPolicies
{
    private static readonly FrozenDictionary<string, ILoadBalancingPolicy> ByName = Index(
    [
        new RoundRobinPolicy(),
        new ConsistentHashPolicy(),
        new LeastConnectionsPolicy(),
        new PeakEwmaPolicy(),
        new PowerOfTwoChoicesPolicy(),
        new RandomPolicy(),
        new MaglevPolicy(),
    ]);

    /// <summary>All policies, in no particular order.</summary>
    public static IReadOnlyCollection<ILoadBalancingPolicy> All => ByName.Values;

    /// <summary>The policy of that name.</summary>
    /// <exception cref="KeyNotFoundException">There is none; configuration with such a name is refused before it gets here.</exception>
    public static ILoadBalancingPolicy Get(string name) => ByName[name];

    /// <summary>Indexes policies by name.</summary>
    /// <exception cref="ArgumentException">Two policies have the same name.</exception>
    internal static FrozenDictionary<string, ILoadBalancingPolicy> Index(IEnumerable<ILoadBalancingPolicy> policies)
    {
        var byName = new Dictionary<string, ILoadBalancingPolicy>(StringComparer.Ordinal);
        foreach (ILoadBalancingPolicy policy in policies)
        {
            if (!byName.TryAdd(policy.Name, policy))
                throw new ArgumentException($"load balancing policy \"{policy.Name}\" is registered twice: {byName[policy.Name].GetType().Name} and {policy.GetType().Name}", nameof(policies));
        }

        return byName.ToFrozenDictionary(StringComparer.Ordinal);
    }
}
