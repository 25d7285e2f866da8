using Headgate.Core.LoadBalancing;
using Headgate.Core.Upstreams;

namespace Headgate.Core.Tests.LoadBalancing;

public class RandomPolicyTests
{
    [Theory]
    [InlineData("5 3 2")]
    [InlineData("1 1 1 1 1 1 1")]
    [InlineData("100 1")]
    [InlineData("2147483647 2147483647 1073741824")]
    public void Pick_ManyTimes_FollowsTheWeights(string text)
    {
        // Independent draws: node i is expected in w[i] / W of them.
        double[] weights = Array.ConvertAll(text.Split(' '), double.Parse);
        NodeSnapshot[] nodes = Balancing.Nodes(Array.ConvertAll(text.Split(' '), int.Parse));

        int[] counts = Balancing.Shares(Balancing.Picker("random", Balancing.Seeded(), nodes), nodes, 100_000);

        Balancing.ShouldFollow(counts, [.. weights.Select(weight => weight / weights.Sum())]);
    }

    [Theory]
    [InlineData("6 3 2 1")]
    [InlineData("1000000 3 2 1")] // nearly every draw falls on the tried node, so nearly every pick ends in the look at all nodes
    public void Pick_AfterOneFailedNode_FollowsTheWeightsOfTheOthers(string text)
    {
        NodeSnapshot[] nodes = Balancing.Nodes(Array.ConvertAll(text.Split(' '), int.Parse));
        TriedNodes tried = default;
        tried.Add(0);

        int[] counts = Balancing.Shares(Balancing.Picker("random", Balancing.Seeded(), nodes), nodes, 60_000, in tried);

        Balancing.ShouldFollow(counts, [0, 3 / 6.0, 2 / 6.0, 1 / 6.0]);
    }

    [Fact]
    public void Pick_OtherSeed_DrawsOtherwise()
    {
        NodeSnapshot[] nodes = Balancing.Nodes(1, 1, 1, 1);
        INodePicker[] pickers = [.. new ulong[] { 1, 1, 2 }.Select(seed => Balancing.Picker("random", new BalancerState(seed), nodes))];

        int[][] draws = [.. pickers.Select(picker => Enumerable.Range(0, 100).Select(_ => Balancing.PickFirst(picker)!.Index).ToArray())];

        draws[1].ShouldBe(draws[0]);
        draws[2].ShouldNotBe(draws[0]);
    }
}
