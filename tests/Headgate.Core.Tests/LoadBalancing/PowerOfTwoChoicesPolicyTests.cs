using Headgate.Core.LoadBalancing;
using Headgate.Core.Upstreams;
using Headgate.Testing;

namespace Headgate.Core.Tests.LoadBalancing;

public class PowerOfTwoChoicesPolicyTests
{
    [Theory]
    [InlineData("5 3 2")]
    [InlineData("9 1")]
    [InlineData("1 1 1 1 1")]
    public void Pick_IdleNodes_FollowsTheWeights(string text)
    {
        // Nothing is in flight, so every comparison is a draw and the first of the two counts, which is drawn by weight: w[i] / W.
        double[] weights = Array.ConvertAll(text.Split(' '), double.Parse);
        NodeSnapshot[] nodes = Balancing.Nodes(Array.ConvertAll(text.Split(' '), int.Parse));

        int[] counts = Balancing.Shares(Balancing.Picker("p2c", Balancing.Seeded(), nodes), nodes, 100_000);

        Balancing.ShouldFollow(counts, [.. weights.Select(weight => weight / weights.Sum())]);
    }

    [Fact]
    public void Pick_RequestsThatStay_FillTheNodesByWeight()
    {
        // The less loaded of two gets the request, so in-flight / weight evens out: 5:3:2 of 10,000. The gap between the fullest and the emptiest of n nodes stays at
        // a few requests whatever their number (log log n / log 2 + O(1), Mitzenmacher); drawing without comparing would stray by sqrt(10,000·p·(1 − p)) = 50.
        NodeSnapshot[] nodes = Balancing.Nodes(5, 3, 2);
        INodePicker picker = Balancing.Picker("p2c", Balancing.Seeded(), nodes);

        for (int i = 0; i < 10_000; i++)
            Balancing.PickFirst(picker)!.State.BeginTry();

        long[] expected = [5000, 3000, 2000];
        for (int i = 0; i < nodes.Length; i++)
            nodes[i].State.InFlight.ShouldBeInRange(expected[i] - 15, expected[i] + 15, $"HEADGATE_SEED={TestSeed.Value}");
    }

    [Fact]
    public void Pick_BusyOfTwo_IsAvoidedUntilItsRequestsEnd()
    {
        NodeSnapshot[] nodes = Balancing.Nodes(1, 1);
        INodePicker picker = Balancing.Picker("p2c", Balancing.Seeded(), nodes);
        NodeState busy = nodes[0].State;
        busy.BeginTry();

        Balancing.Shares(picker, nodes, 100).ShouldBe([0, 100]);
        busy.EndTry();
        Balancing.Shares(picker, nodes, 100).ShouldAllBe(count => count > 0);
    }

    [Fact]
    public void Pick_OneBusyOfMany_IsTakenOnlyWhenNothingIsComparedWithIt()
    {
        // It is drawn first or as challenger in 2/n of the picks, and loses each time.
        NodeSnapshot[] nodes = Balancing.Nodes([.. Enumerable.Repeat(1, 20)]);
        nodes[7].State.BeginTry();

        Balancing.Shares(Balancing.Picker("p2c", Balancing.Seeded(), nodes), nodes, 5_000)[7].ShouldBe(0);
    }
}
