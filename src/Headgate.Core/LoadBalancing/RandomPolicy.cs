using Headgate.Core.Config;
using Headgate.Core.Upstreams;

namespace Headgate.Core.LoadBalancing;

/// <summary>
/// <c>random</c>: every try draws a node by weight, whatever was drawn before. Many gateways in front of the same nodes cannot fall into step, as they can with
/// turns; over n requests a share strays by about the square root of n.
/// </summary>
internal sealed class RandomPolicy : ILoadBalancingPolicy
{
    /// <inheritdoc/>
    public string Name => LoadBalancingTypes.Random;

    /// <inheritdoc/>
    public bool DrawsAtRandom => true;

    /// <inheritdoc/>
    public INodePicker Build(UpstreamConfig upstream, IReadOnlyList<NodeSnapshot> nodes, BalancerState state)
    {
        ArgumentOutOfRangeException.ThrowIfZero(nodes.Count);
        return new Picker([.. nodes], state);
    }

    private sealed class Picker(NodeSnapshot[] nodes, BalancerState state) : INodePicker
    {
        private const int DrawsMax = 8;

        private readonly WeightedDraw _draw = new(nodes);

        public NodeSnapshot? Pick(ref PickContext context)
        {
            int at = _draw.Untried(in context.Tried, state.NextRandom(), DrawsMax);
            return at < 0 ? null : nodes[at];
        }
    }
}
