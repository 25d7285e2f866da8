using Headgate.Core.Config;
using Headgate.Core.Primitives;
using Headgate.Core.Upstreams;

namespace Headgate.Core.LoadBalancing;

/// <summary>
/// <c>least_conn</c>: the node with the least (1 + tries under way) / weight; of equals the heavier, and of equally heavy ones each in turn. The counts lie on the
/// nodes, so they outlive every edit, and a WebSocket session counts until it ends. Looks at every node of the tier per pick: right for hundreds of
/// nodes, not for thousands (a heap would need a lock). A pick does not count itself until its try begins, so picks at the same instant may coincide.
/// </summary>
internal sealed class LeastConnectionsPolicy : ILoadBalancingPolicy
{
    /// <inheritdoc/>
    public string Name => LoadBalancingTypes.LeastConnections;

    /// <inheritdoc/>
    public bool PrefersIdle => true;

    /// <inheritdoc/>
    public INodePicker Build(UpstreamConfig upstream, IReadOnlyList<NodeSnapshot> nodes, BalancerState state)
    {
        ArgumentOutOfRangeException.ThrowIfZero(nodes.Count);
        return new Picker([.. nodes], state);
    }

    /// <inheritdoc/>
    public double[] Scores(IReadOnlyList<NodeSnapshot> tier, long nowMs) => [.. tier.Select(Score)];

    /// <inheritdoc/>
    public double? Score(NodeSnapshot node, long nowMs) => Score(node);

    private static double Score(NodeSnapshot node) => (1.0 + node.State.InFlight) / UntriedNodes.Weight(node);

    /// <summary>
    /// Nodes of one weight compare by their counts alone, so that the look at each is one load and one comparison; only the least of each weight meet. What is equal is
    /// told apart in the winning group.
    /// </summary>
    private sealed class Picker : INodePicker
    {
        private const int DrawsMax = 4;
        private const long NoCount = long.MaxValue;

        private readonly BalancerState _state;

        // Both heaviest first, and of one weight in the order written.
        private readonly NodeSnapshot[] _nodes;
        private readonly NodeState[] _states;
        private readonly Group[] _groups;

        public Picker(NodeSnapshot[] nodes, BalancerState state)
        {
            _state = state;
            _nodes = [.. nodes.OrderByDescending(UntriedNodes.Weight)];
            _states = Array.ConvertAll(_nodes, static node => node.State);
            var groups = new List<Group>(1);
            for (int start = 0, end; start < _nodes.Length; start = end)
            {
                int weight = UntriedNodes.Weight(_nodes[start]);
                end = start + 1;
                while (end < _nodes.Length && UntriedNodes.Weight(_nodes[end]) == weight)
                    end++;
                groups.Add(new Group(start, end - start, weight));
            }

            _groups = [.. groups];
        }

        public NodeSnapshot? Pick(ref PickContext context)
        {
            bool first = context.Tried.Count == 0;
            ref long counter = ref first ? ref _state.Turn : ref _state.RetryTurn;
            ulong turn = (ulong)(Interlocked.Increment(ref counter) - 1);
            int best = -1;
            long bestLoad = 0, bestWeight = 0;
            Group[] groups = _groups;
            for (int i = 0; i < groups.Length; i++)
            {
                // load / weight < best load / best weight without a division; all stay below 2^31, so the products fit. What is equal stays with the heavier.
                long weight = groups[i].Weight;
                if (best >= 0 && bestWeight >= bestLoad * weight)
                    break; // not even an idle one would be better, and those behind it weigh less
                long least = first ? Least(in groups[i]) : LeastUntried(in groups[i], in context.Tried);
                if (least != NoCount && (best < 0 || (least + 1) * bestWeight < bestLoad * weight))
                    (best, bestLoad, bestWeight) = (i, least + 1, weight);
            }

            return best < 0 ? null : At(in groups[best], bestLoad - 1, turn, in context.Tried);
        }

        /// <summary>The least count of a group; the first idle node ends the look.</summary>
        private long Least(in Group group)
        {
            if (group.Count == 1)
                return _states[group.Start].InFlight;
            long least = NoCount;
            foreach (NodeState node in _states.AsSpan(group.Start, group.Count))
            {
                long count = node.InFlight;
                if (count >= least)
                    continue;
                least = count;
                if (count == 0)
                    break;
            }

            return least;
        }

        private long LeastUntried(in Group group, in TriedNodes tried)
        {
            long least = NoCount;
            for (int i = group.Start; i < group.End; i++)
            {
                if (!tried.Contains(_nodes[i].Index))
                    least = Math.Min(least, _states[i].InFlight);
            }

            return least;
        }

        /// <summary>
        /// The next untried one in turn of those that have no more than <paramref name="count"/>. Others may begin and end tries meanwhile: when none is left, whose turn it is.
        /// </summary>
        private NodeSnapshot At(in Group group, long count, ulong turn, in TriedNodes tried)
        {
            int start = Start(in group, turn, in tried), untried = -1;
            for (int i = 0, at = start; i < group.Count; i++, at = at + 1 < group.End ? at + 1 : group.Start)
            {
                if (tried.Count != 0 && tried.Contains(_nodes[at].Index))
                    continue;
                if (_states[at].InFlight <= count)
                    return _nodes[at];
                untried = untried < 0 ? at : untried;
            }

            return _nodes[untried];
        }

        /// <summary>Whose turn it is. Beginning at a tried node, the one after it would have two turns of each round: another place is drawn.</summary>
        private int Start(in Group group, ulong turn, in TriedNodes tried)
        {
            int start = group.Start + (int)(turn % (uint)group.Count);
            if (tried.Count == 0)
                return start;
            for (int draws = 0; draws < DrawsMax && tried.Contains(_nodes[start].Index); draws++)
            {
                turn = Mix64.Of(turn + Mix64.Step);
                start = group.Start + Mix64.Below(turn, group.Count);
            }

            return start;
        }

        /// <summary>Nodes of one weight: <paramref name="Count"/> places from <paramref name="Start"/> on.</summary>
        private readonly record struct Group(int Start, int Count, int Weight)
        {
            public int End => Start + Count;
        }
    }
}
