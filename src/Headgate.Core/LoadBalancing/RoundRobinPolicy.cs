using Headgate.Core.Config;
using Headgate.Core.Upstreams;

namespace Headgate.Core.LoadBalancing;

/// <summary>
/// <c>roundrobin</c>: smooth weighted round robin, exact across threads and without a lock. A first pick draws one ticket from a shared counter, and the
/// ticket alone decides the node (<see cref="WeightedTurns"/>): whatever W consecutive tickets the threads draw between them, each node gets its weight's share.
/// nginx's smooth round robin walks all nodes and writes to each of them per pick, so it needs a lock or, as in APISIX, a state per worker.
/// </summary>
internal sealed class RoundRobinPolicy : ILoadBalancingPolicy
{
    /// <inheritdoc/>
    public string Name => LoadBalancingTypes.RoundRobin;

    /// <inheritdoc/>
    public INodePicker Build(UpstreamConfig upstream, IReadOnlyList<NodeSnapshot> nodes, BalancerState state)
    {
        ArgumentOutOfRangeException.ThrowIfZero(nodes.Count);
        return new Picker([.. nodes], state);
    }

    private sealed class Picker(NodeSnapshot[] nodes, BalancerState state) : INodePicker
    {
        private readonly WeightedTurns _turns = new(Array.ConvertAll(nodes, UntriedNodes.Weight));

        public NodeSnapshot? Pick(ref PickContext context)
        {
            if (context.Tried.Count != 0)
                return UntriedNodes.Next(nodes, in context.Tried, state);

            ulong ticket = (ulong)(Interlocked.Increment(ref state.Turn) - 1);
            return nodes[_turns.NodeAt(ticket % _turns.Cycle)];
        }
    }
}
