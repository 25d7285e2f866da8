using Headgate.Core.Upstreams;

namespace Headgate.Core.LoadBalancing;

/// <summary>
/// The upstream's <c>hash_balance_factor</c>: a hashed node takes no more than factor / 100 of its part, by weight, of the requests in flight, this one included
/// (Mirrokni, Thorup, Zadimoghaddam 2018, "Consistent Hashing with Bounded Loads"; the field is Envoy's). At 100 or more there is always a node with room.
/// Counting looks at every node of the tier. Immutable, thread-safe; picks at the same instant may each see the last room.
/// </summary>
internal sealed class LoadBound
{
    private readonly NodeState[] _nodes;
    private readonly int _factorPercent;
    private readonly double _hundredTotals;

    private LoadBound(NodeSnapshot[] nodes, int factorPercent)
    {
        _nodes = Array.ConvertAll(nodes, static node => node.State);
        _factorPercent = factorPercent;
        foreach (NodeSnapshot node in nodes)
            _hundredTotals += 100.0 * UntriedNodes.Weight(node);
    }

    /// <summary>The bound; null when there is none.</summary>
    public static LoadBound? Of(NodeSnapshot[] nodes, int? factorPercent) => factorPercent is { } factor ? new LoadBound(nodes, factor) : null;

    /// <summary>Requests in flight that all may have, counted now and told in hundredths: what <see cref="HasRoom"/> wants.</summary>
    public double Count()
    {
        long inFlight = 1;
        foreach (NodeState node in _nodes)
            inFlight += node.InFlight;
        return (double)_factorPercent * inFlight;
    }

    /// <summary>Whether a node may take one more. Without a division, so that equal numbers are equal.</summary>
    public bool HasRoom(NodeSnapshot node, double room) => node.State.InFlight * _hundredTotals < room * UntriedNodes.Weight(node);
}
