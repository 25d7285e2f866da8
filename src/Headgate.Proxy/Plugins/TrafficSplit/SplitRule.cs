using Headgate.Core.Config.Plugins;
using Headgate.Core.LoadBalancing;
using Headgate.Core.Primitives;
using Headgate.Core.Routing;

namespace Headgate.Proxy.Plugins.TrafficSplit;

/// <summary>
/// A rule that runs. Which target a request gets is decided by the ticket that it draws from one counter, so that the shares are exact over any cycle of them and whichever threads serve.
/// </summary>
internal sealed class SplitRule
{
    private readonly RequestCondition[] _match;

    // What the turns are of: index of an upstream of the configuration, −1 = the route's own. One that gets no turn is not among them.
    private readonly int[] _targets;
    private readonly int _named;
    private readonly int _first;
    private readonly WeightedTurns _turns;

    /// <param name="config">The rule.</param>
    /// <param name="first">Index of its first upstream among those of the configuration.</param>
    public SplitRule(SplitRuleConfig config, int first)
    {
        _match = [.. config.Match.Select(RequestCondition.Compile)];
        _first = first;
        _named = config.Targets.Count(static target => !target.IsOwn);
        int next = first;

        // As in APISIX: of several entries with one upstream_id, or with no upstream, the last counts.
        var weights = new List<(int Upstream, string Key, int Weight)>();
        foreach (SplitTarget target in config.Targets)
        {
            int upstream = target.IsOwn ? -1 : next++;
            string key = target.IsOwn ? "own" : target.UpstreamId is { } id ? $"id {id}" : $"inline {upstream}";
            int same = weights.FindIndex(known => known.Key == key);
            if (same < 0)
                weights.Add((upstream, key, target.Weight));
            else
                weights[same] = (upstream, key, target.Weight);
        }

        // Where all weights are 0 they are equal all the same.
        bool none = weights.TrueForAll(static entry => entry.Weight == 0);
        weights.RemoveAll(entry => !none && entry.Weight == 0);
        Choices = [.. weights.Select(entry => new UpstreamChoice(entry.Upstream, none ? 1 : entry.Weight))];
        _targets = [.. Choices.Select(static choice => choice.Upstream)];
        _turns = new WeightedTurns([.. Choices.Select(static choice => choice.Weight)]);
    }

    /// <summary>The counter that turns are drawn from; a rule that replaces another goes on with it.</summary>
    public BalancerState State { get; set; } = new();

    /// <summary>What the turns are of, with their parts of them.</summary>
    public IReadOnlyList<UpstreamChoice> Choices { get; }

    /// <summary>The upstreams of this rule are those of the configuration from the first of these indexes on, and before the second.</summary>
    public (int From, int Before) Upstreams => (_first, _first + _named);

    /// <summary>Whether it takes a request.</summary>
    public bool Takes(IRequestView request)
    {
        foreach (RequestCondition condition in _match)
        {
            if (condition.Holds(request))
                return true;
        }

        return _match.Length == 0;
    }

    /// <summary>The target whose turn it is: index of an upstream of the configuration, −1 = the route's own.</summary>
    public int Next()
    {
        if (_targets.Length == 1)
            return _targets[0];
        ulong ticket = (ulong)(Interlocked.Increment(ref State.Turn) - 1);
        return _targets[_turns.NodeAt(ticket % _turns.Cycle)];
    }
}
