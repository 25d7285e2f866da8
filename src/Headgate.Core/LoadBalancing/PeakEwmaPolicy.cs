using Headgate.Core.Config;
using Headgate.Core.Upstreams;

namespace Headgate.Core.LoadBalancing;

/// <summary>
/// <c>ewma</c>: of two random nodes the one with the lower latency · (1 + tries under way) / weight, the latency being a peak EWMA (<see cref="LatencyEstimate"/>).
/// Source: Finagle's peak EWMA; APISIX has the same without weights. A node of twice the weight is worth twice the wait.
/// <para>
/// A node without an estimate counts with its peers' mean, and an estimate that is not refreshed drifts towards it. So a new node gets its part at once, but no
/// more than its tries under way allow (Finagle's start at 0 sends it everything), and a node that was slow once is asked again some day. The mean is the harmonic
/// one, in which a few very slow nodes hardly count: with the plain mean, one hanging node would make every new one look too slow to try.
/// </para>
/// </summary>
internal sealed class PeakEwmaPolicy : ILoadBalancingPolicy
{
    /// <inheritdoc/>
    public string Name => LoadBalancingTypes.PeakEwma;

    /// <inheritdoc/>
    public bool NeedsLatency => true;

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
    public double[] Scores(IReadOnlyList<NodeSnapshot> tier, long nowMs) => new Picker([.. tier], new BalancerState()).Scores(nowMs);

    /// <inheritdoc/>
    /// <remarks>As if its estimate were fresh: towards which mean an older one drifts, the node alone does not tell.</remarks>
    public double? Score(NodeSnapshot node, long nowMs) => node.State.Latency.TryGetMs(nowMs, out float estimateMs) ? Picker.Score(node, estimateMs) : null;

    private sealed class Picker(NodeSnapshot[] nodes, BalancerState state) : INodePicker
    {
        /// <summary>How old the mean may be, in milliseconds. It looks at all nodes, one pick in so long.</summary>
        private const int MeanPeriodMs = 100;

        /// <summary>The mean while no node is measured; any number does, as all nodes count with it.</summary>
        private const float UnknownMeanMs = 1;

        private readonly TwoChoices _choices = new(nodes, state);

        // Written by the pick that finds the mean old, a few times a second; read by every pick. NowMs of a context.
        private long _meanDueMs = long.MinValue;
        private float _meanMs = UnknownMeanMs;

        public NodeSnapshot? Pick(ref PickContext context)
        {
            if (!_choices.TryDraw(in context.Tried, out NodeSnapshot? first, out NodeSnapshot? challenger) || challenger is null)
                return first;
            context.Drawn = (first.Index + 1, challenger.Index + 1);
            float mean = MeanMs(context.NowMs);
            return Score(challenger, mean, context.NowMs) < Score(first, mean, context.NowMs) ? challenger : first;
        }

        public double[] Scores(long nowMs)
        {
            float mean = HarmonicMeanMs(nowMs);
            return Array.ConvertAll(nodes, node => (double)Score(node, mean, nowMs));
        }

        public static float Score(NodeSnapshot node, float latencyMs) => latencyMs * (1 + node.State.InFlight) / UntriedNodes.Weight(node);

        private static float Score(NodeSnapshot node, float meanMs, long nowMs) => Score(node, node.State.Latency.ReadMs(meanMs, nowMs));

        private float MeanMs(long nowMs)
        {
            long due = Volatile.Read(ref _meanDueMs);
            if (nowMs >= due && Interlocked.CompareExchange(ref _meanDueMs, nowMs + MeanPeriodMs, due) == due)
                Volatile.Write(ref _meanMs, HarmonicMeanMs(nowMs));
            return Volatile.Read(ref _meanMs);
        }

        private float HarmonicMeanMs(long nowMs)
        {
            int measured = 0;
            double speeds = 0;
            foreach (NodeSnapshot node in nodes)
            {
                if (!node.State.Latency.TryGetMs(nowMs, out float estimateMs))
                    continue;
                measured++;
                speeds += 1 / estimateMs;
            }

            return measured == 0 ? UnknownMeanMs : (float)(measured / speeds);
        }
    }
}
