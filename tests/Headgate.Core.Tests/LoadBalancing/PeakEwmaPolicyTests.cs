using Headgate.Core.LoadBalancing;
using Headgate.Core.Upstreams;
using Headgate.Testing;

namespace Headgate.Core.Tests.LoadBalancing;

public class PeakEwmaPolicyTests
{
    [Fact]
    public void Pick_NodeTwiceAsSlow_ServesAQuarterAsMuch()
    {
        // 60 clients that ask again at once. Picks even out latency · (1 + in-flight): (1 + a)·10 = (1 + b)·20 and a + b = 60, so a = 40.3 and b = 19.7; a node serves
        // in-flight / latency: 4.03 against 0.98 a millisecond, a share of 80.4 %.
        NodeSnapshot[] nodes = Balancing.Nodes(1, 1);

        double[] shares = new ClosedLoop(nodes, [10, 20]).Run(clients: 60, answers: 20_000);

        shares[0].ShouldBeInRange(0.79, 0.82, $"HEADGATE_SEED={TestSeed.Value}");
    }

    [Fact]
    public void Pick_EquallyFastNodesUnderLoad_FollowTheWeights()
    {
        // With one latency for all, (1 + in-flight) / weight evens out: of 200 in flight 203·w/W − 1 each, 100.5 : 59.9 : 39.6, which are 50.2 %, 30.0 % and 19.8 %.
        NodeSnapshot[] nodes = Balancing.Nodes(5, 3, 2);

        double[] shares = new ClosedLoop(nodes, [10, 10, 10]).Run(clients: 200, answers: 40_000);

        shares[0].ShouldBeInRange(0.485, 0.52, $"HEADGATE_SEED={TestSeed.Value}");
        shares[1].ShouldBeInRange(0.285, 0.315);
        shares[2].ShouldBeInRange(0.18, 0.215);
    }

    [Fact]
    public void Pick_ColdNodeAmongBusyOnes_GetsItsPartButNoFlood()
    {
        // Three nodes with 20 of 60 in flight each, all answering in 10 ms; a fourth comes that hangs. It counts with the mean, 10 ms, so it wins while it has fewer in
        // flight than the other: it stays below the fullest of the three, about 20. A start at 0 would make it win every comparison: half of all picks, for ever.
        NodeSnapshot[] nodes = Balancing.Nodes(1, 1, 1, 1);
        var loop = new ClosedLoop(nodes[..3], [10, 10, 10]);
        loop.Run(clients: 60, answers: 5_000);
        INodePicker picker = Balancing.Picker("ewma", Balancing.Seeded(), nodes);

        // The three keep what they have: each answer is followed by a request at once.
        for (int i = 0; i < 2_000; i++)
        {
            NodeSnapshot node = Balancing.PickFirst(picker, nowMs: loop.NowMs)!;
            if (node == nodes[3])
                node.State.BeginTry();
        }

        long fullest = nodes[..3].Max(node => node.State.InFlight);
        nodes[3].State.InFlight.ShouldBeInRange(fullest - 5, fullest + 1, $"HEADGATE_SEED={TestSeed.Value}");
    }

    [Fact]
    public void Pick_HangingNodeAmongTheMeasured_KeepsNewOnesInPlay()
    {
        // Harmonic mean of 1 ms and 10 s: 2 ms. By the plain mean, 5 s, the new node would lose every comparison with the good one.
        NodeSnapshot[] nodes = Balancing.Nodes(1, 1, 1);
        nodes[0].State.Latency.Observe(latencyMs: 1, nowMs: 0);
        nodes[1].State.Latency.Observe(latencyMs: 10_000, nowMs: 0);
        for (int i = 0; i < 3; i++)
            nodes[0].State.BeginTry();

        // 1 ms · 4 against 2 ms · 1: the new one wins against both, the good one against the hanging one; each pair is drawn as often as the others.
        int[] counts = Balancing.Shares(Balancing.Picker("ewma", Balancing.Seeded(), nodes), nodes, 3_000);

        Balancing.ShouldFollow(counts, [1 / 3.0, 0, 2 / 3.0]);
    }

    [Fact]
    public void Pick_NodeThatWasSlow_IsAskedAgainWhenThatIsForgotten()
    {
        NodeSnapshot[] nodes = Balancing.Nodes(1, 1);
        INodePicker picker = Balancing.Picker("ewma", Balancing.Seeded(), nodes);
        nodes[0].State.Latency.Observe(latencyMs: 10, nowMs: 0);
        nodes[1].State.Latency.Observe(latencyMs: 1_000, nowMs: 0);
        Count(picker, nodes, 0).ShouldBe([200, 0]);
        Count(picker, nodes, LatencyEstimate.ForgottenMs - 1).ShouldBe([200, 0]);

        // The good one was used meanwhile; the other counts as it does now, and draws decide.
        nodes[0].State.Latency.Observe(latencyMs: 10, nowMs: LatencyEstimate.ForgottenMs);
        Count(picker, nodes, LatencyEstimate.ForgottenMs + 100).ShouldAllBe(count => count > 50);
    }

    [Fact]
    public void Pick_TwiceTheWeight_IsWorthTwiceTheWait()
    {
        NodeSnapshot[] nodes = Balancing.Nodes(2, 1);
        INodePicker picker = Balancing.Picker("ewma", Balancing.Seeded(), nodes);
        nodes[0].State.Latency.Observe(latencyMs: 19, nowMs: 0);
        nodes[1].State.Latency.Observe(latencyMs: 10, nowMs: 0);
        Count(picker, nodes, 0).ShouldBe([200, 0]);

        nodes[0].State.Latency.Observe(latencyMs: 21, nowMs: 0);
        Count(picker, nodes, 0).ShouldBe([0, 200]);
    }

    private static int[] Count(INodePicker picker, NodeSnapshot[] nodes, long nowMs)
    {
        var counts = new int[nodes.Length];
        for (int i = 0; i < 200; i++)
            counts[Balancing.PickFirst(picker, nowMs: nowMs)!.Index]++;
        return counts;
    }

    /// <summary>Clients that each have one request under way and ask again when it is answered, on nodes that answer after a fixed time; on a clock of its own.</summary>
    private sealed class ClosedLoop(NodeSnapshot[] nodes, int[] latenciesMs)
    {
        private readonly INodePicker _picker = Balancing.Picker("ewma", Balancing.Seeded(), nodes);
        private readonly PriorityQueue<int, long> _answers = new();

        public long NowMs { get; private set; }

        /// <summary>The nodes' shares of the later half of the answers; what is under way at the end stays so.</summary>
        public double[] Run(int clients, int answers)
        {
            // They come one by one: all at the same instant they would beat in step for ever.
            var random = new Random(TestSeed.Value);
            var served = new double[nodes.Length];
            for (int i = 0; i < clients; i++)
                Ask(random.Next(5));
            for (int i = 0; i < answers; i++)
            {
                _answers.TryDequeue(out int index, out long at);
                NowMs = Math.Max(NowMs, at);
                nodes[index].State.EndTry();
                nodes[index].State.Latency.Observe(latenciesMs[index], NowMs);
                if (i >= answers / 2)
                    served[index]++;
                Ask(0);
            }

            return [.. served.Select(count => count / served.Sum())];
        }

        private void Ask(int delayMs)
        {
            NodeSnapshot node = Balancing.PickFirst(_picker, nowMs: NowMs)!;
            node.State.BeginTry();
            _answers.Enqueue(node.Index, NowMs + delayMs + latenciesMs[node.Index]);
        }
    }
}
