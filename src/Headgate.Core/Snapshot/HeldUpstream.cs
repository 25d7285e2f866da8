using Headgate.Core.Config;
using Headgate.Core.LoadBalancing;
using Headgate.Core.Resilience;

namespace Headgate.Core.Snapshot;

/// <summary>An upstream that is being served, named or inline, with what must survive its edits. Only the compiler touches it.</summary>
/// <param name="owner">Key of the object that holds it: <c>upstreams/1</c>, <c>routes/7</c>.</param>
/// <param name="slot">Its slot for as long as it exists.</param>
/// <param name="seed">Where its balancers' random numbers begin.</param>
internal sealed class HeldUpstream(string owner, int slot, ulong seed)
{
    private BalancerState? _gateDraws;
    private (TierKey Key, BalancerState State)[] _tiers = [];

    /// <summary>Key of the object that holds it.</summary>
    public string Owner { get; } = owner;

    /// <summary>Its slot in the table.</summary>
    public int Slot { get; } = slot;

    /// <summary>Where requests wait for a permit; null until a node has a limit, the same from then on.</summary>
    public RequestQueue? Queue { get; set; }

    /// <summary>The random numbers of its gate; made when first asked for, as most upstreams never have one.</summary>
    public BalancerState GateDraws => _gateDraws ??= new BalancerState(~seed);

    /// <summary>What is served now; null before the first build.</summary>
    public UpstreamSnapshot? Snapshot { get; set; }

    /// <summary>Its configuration as written, while it follows a service: that of <see cref="Snapshot"/> has the service's nodes. Null while it follows none.</summary>
    public UpstreamConfig? Following { get; set; }

    /// <summary>Its configuration as written; null before the first build.</summary>
    public UpstreamConfig? Written => Following ?? Snapshot?.Config;

    /// <summary>What its retries have used up.</summary>
    public RetryBudget RetryBudget { get; } = new();

    /// <summary>Its circuit breaker, for as long as it is configured.</summary>
    public CircuitBreaker? Breaker { get; set; }

    /// <summary>Counts the requests against the upstream's rate, through edits of the rate; null when it has none.</summary>
    public RequestRate? Rate { get; set; }

    /// <summary>The balancer state of a tier, the same for as long as the upstream has that tier; new tiers begin at turn 0.</summary>
    public BalancerState TierState(TierKey key)
    {
        foreach ((TierKey known, BalancerState state) in _tiers)
        {
            if (known == key)
                return state;
        }

        var fresh = new BalancerState(seed);
        _tiers = [.. _tiers, (key, fresh)];
        return fresh;
    }

    /// <summary>Drops the states of tiers other than <paramref name="keys"/>: tiers that come and go must not add up.</summary>
    public void KeepTiers(IReadOnlyCollection<TierKey> keys)
    {
        if (_tiers.Length != keys.Count)
            _tiers = Array.FindAll(_tiers, tier => keys.Contains(tier.Key));
    }
}
