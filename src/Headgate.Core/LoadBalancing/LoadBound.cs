using Headgate.Core.Upstreams;

namespace Headgate.Core.LoadBalancing;

/// <summary>
/// The upstream's <c>hash_balance_factor</c>: a hashed node takes no more than factor / 100 of its part, by weight, of the requests in flight, this one included
/// (Mirrokni, Thorup, Zadimoghaddam 2018, "Consistent Hashing with Bounded Loads"; the field is Envoy's). At 100 or more there is always a node with room.
/// Counts the nodes of the tier as far as it must. Immutable, thread-safe; picks at the same instant may each see the last room.
/// </summary>
internal sealed class LoadBound
{
    /// <summary>Nodes counted between two looks whether that is enough.</summary>
    private const int Step = 8;

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

    /// <summary>
    /// Whether a node may take one more. An idle one always may, and one with few requests when a part of the nodes has as many as that takes: the rest is not counted, and
    /// <paramref name="counted"/> is where the question about another node goes on. Without a division, so that equal numbers are equal.
    /// </summary>
    public bool HasRoom(NodeSnapshot node, ref Counted counted)
    {
        double own = node.State.InFlight * _hundredTotals, perRequest = (double)_factorPercent * UntriedNodes.Weight(node);
        while (own >= perRequest * (1 + counted.InFlight))
        {
            if (counted.Nodes == _nodes.Length)
                return false;
            int end = Math.Min(counted.Nodes + Step, _nodes.Length);
            foreach (NodeState other in _nodes.AsSpan(counted.Nodes, end - counted.Nodes))
                counted.InFlight += other.InFlight;
            counted.Nodes = end;
        }

        return true;
    }

    /// <summary>How far a pick has counted; a new one has not begun.</summary>
    public struct Counted
    {
        /// <summary>Nodes looked at.</summary>
        public int Nodes;

        /// <summary>Requests that they have in flight.</summary>
        public long InFlight;
    }
}
