using Headgate.Core.LoadBalancing;
using Headgate.Core.Upstreams;

namespace Headgate.Core.Tests.LoadBalancing;

public class RoundRobinPolicyTests
{
    [Theory]
    [InlineData("5 3 2")]
    [InlineData("1 1 1 1 1 1 1")]
    [InlineData("100 1")]
    [InlineData("13 7 7 3 3 3 1 64 1000")]
    [InlineData("2 4 6 8 10 12 14 16 18 20")]
    public async Task Pick_EightThreadsOverWholeCycles_IsExactlyInProportion(string text)
    {
        int[] weights = Array.ConvertAll(text.Split(' '), int.Parse);
        NodeSnapshot[] nodes = Balancing.Nodes(weights);
        // Starts in the middle of a cycle: any window of whole cycles is exact, not only the first.
        INodePicker picker = Balancing.Picker("roundrobin", new BalancerState { Turn = 12_345 }, nodes);
        const int Cycles = 8 * 40;
        int perThread = weights.Sum() * Cycles / 8;
        var counts = new long[nodes.Length];

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Factory.StartNew(
            () =>
            {
                for (int i = 0; i < perThread; i++)
                {
                    int index = Balancing.PickFirst(picker)!.Index;
                    Interlocked.Increment(ref counts[index]);
                    TriedNodes tried = default;
                    tried.Add(index);
                    Balancing.PickNext(picker, in tried); // retries in between take no turns
                }
            },
            TestContext.Current.CancellationToken,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default)));

        counts.ShouldBe(weights.Select(weight => (long)weight * Cycles));
    }

    [Fact]
    public void Pick_AcrossARebuild_GoesOnWithTheTurn()
    {
        var state = new BalancerState();
        NodeSnapshot[] nodes = Balancing.Nodes(1, 1, 1);

        // A new picker for each pick, as a storm of edits would make: without the shared turn every pick would be the first node.
        IEnumerable<int> picks = Enumerable.Range(0, 6).Select(_ => Balancing.PickFirst(Balancing.Picker("roundrobin", state, nodes))!.Index);

        picks.ShouldBe([0, 1, 2, 0, 1, 2]);
    }

    [Fact]
    public void Pick_CounterWrapsAround_GoesOn()
    {
        NodeSnapshot[] nodes = Balancing.Nodes(5, 3, 2);
        INodePicker picker = Balancing.Picker("roundrobin", new BalancerState { Turn = long.MaxValue - 50 }, nodes);

        for (int i = 0; i < 100; i++)
            Balancing.PickFirst(picker).ShouldNotBeNull();
    }

    [Fact]
    public void Pick_RetriesAfterOneFailedNode_SpreadOverTheOthersByWeight()
    {
        // Of the untried 6:3:1, low-discrepancy drawing gives 6000:3000:1000 with a deviation of a few picks; random drawing would stray by about 50.
        NodeSnapshot[] nodes = Balancing.Nodes(10, 6, 3, 1);
        INodePicker picker = Balancing.Picker("roundrobin", new BalancerState(), nodes);
        TriedNodes tried = default;
        tried.Add(0);
        var counts = new int[4];

        for (int i = 0; i < 10_000; i++)
            counts[Balancing.PickNext(picker, in tried)!.Index]++;

        counts[0].ShouldBe(0);
        counts[1].ShouldBeInRange(5990, 6010);
        counts[2].ShouldBeInRange(2990, 3010);
        counts[3].ShouldBeInRange(990, 1010);
    }
}
