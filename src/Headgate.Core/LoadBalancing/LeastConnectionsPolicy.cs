using Headgate.Core.Config;
using Headgate.Core.Primitives;
using Headgate.Core.Upstreams;

namespace Headgate.Core.LoadBalancing;

/// <summary>
/// <c>least_conn</c>: the node with the least (1 + tries under way) / weight; of equals the heavier, and of equally heavy ones each in turn. The counts lie on the
/// nodes, so they outlive every edit, and a WebSocket session counts until it ends. Looks at every node of the tier per pick: right for tens of
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

    private sealed class Picker(NodeSnapshot[] nodes, BalancerState state) : INodePicker
    {
        private const int DrawsMax = 4;

        private readonly Candidate[] _candidates = Array.ConvertAll(nodes, static node => new Candidate(node.State, node.Index, UntriedNodes.Weight(node)));

        public NodeSnapshot? Pick(ref PickContext context)
        {
            bool first = context.Tried.Count == 0;
            ref long counter = ref first ? ref state.Turn : ref state.RetryTurn;
            ulong turn = (ulong)(Interlocked.Increment(ref counter) - 1);
            int start = (int)(turn % (uint)nodes.Length);
            if (!first)
                start = UntriedStart(start, turn, in context.Tried);
            var best = new Best { At = -1 };
            Look(start, nodes.Length, first, in context.Tried, ref best);
            Look(0, start, first, in context.Tried, ref best);
            return best.At < 0 ? null : nodes[best.At];
        }

        /// <summary>Beginning at a tried node, the one after it would have two turns of each round: another place is drawn.</summary>
        private int UntriedStart(int start, ulong random, in TriedNodes tried)
        {
            for (int draws = 0; draws < DrawsMax && tried.Contains(_candidates[start].Index); draws++)
            {
                random = Mix64.Of(random + Mix64.Step);
                start = Mix64.Below(random, nodes.Length);
            }

            return start;
        }

        private void Look(int from, int to, bool first, in TriedNodes tried, ref Best best)
        {
            ReadOnlySpan<Candidate> candidates = _candidates.AsSpan(from, to - from);
            for (int i = 0; i < candidates.Length; i++)
            {
                ref readonly Candidate candidate = ref candidates[i];
                if (!first && tried.Contains(candidate.Index))
                    continue;

                long load = 1 + candidate.Node.InFlight, weight = candidate.Weight;
                // load / weight < best load / best weight without a division; both stay below 2^31, so the products fit.
                long difference = best.At < 0 ? -1 : (load * best.Weight) - (best.Load * weight);
                if (difference < 0 || (difference == 0 && weight > best.Weight))
                    best = new Best { At = from + i, Load = load, Weight = weight };
            }
        }

        /// <summary>What a look needs of a node, side by side: a hundred nodes are looked at in the time of some memory accesses.</summary>
        private readonly record struct Candidate(NodeState Node, int Index, int Weight);

        /// <summary>The best so far; at −1 there is none.</summary>
        private struct Best
        {
            public int At;
            public long Load;
            public long Weight;
        }
    }
}
