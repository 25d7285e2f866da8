using Headgate.Core.Config;
using Headgate.Core.Upstreams;

namespace Headgate.Core.LoadBalancing;

/// <summary>
/// <c>p2c</c>: of two random nodes the one with fewer tries under way per weight; the first drawn, which is drawn by weight, when they are equal. Nearly as even
/// as <c>least_conn</c> at a cost that does not grow with the number of nodes, and without the rush of all gateways to the one least loaded node.
/// </summary>
internal sealed class PowerOfTwoChoicesPolicy : ILoadBalancingPolicy
{
    /// <inheritdoc/>
    public string Name => LoadBalancingTypes.PowerOfTwoChoices;

    /// <inheritdoc/>
    public bool DrawsAtRandom => true;

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

    private static double Score(NodeSnapshot node) => (double)node.State.InFlight / UntriedNodes.Weight(node);

    private sealed class Picker(NodeSnapshot[] nodes, BalancerState state) : INodePicker
    {
        private readonly TwoChoices _choices = new(nodes, state);

        public NodeSnapshot? Pick(ref PickContext context)
        {
            if (!_choices.TryDraw(in context.Tried, out NodeSnapshot? first, out NodeSnapshot? challenger) || challenger is null)
                return first;
            context.Drawn = (first.Index + 1, challenger.Index + 1);

            // challenger's in-flight / weight < first's, without a division; both factors stay below 2^31.
            return challenger.State.InFlight * UntriedNodes.Weight(first) < first.State.InFlight * UntriedNodes.Weight(challenger) ? challenger : first;
        }
    }
}
