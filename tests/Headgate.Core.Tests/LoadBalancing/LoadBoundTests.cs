using Headgate.Core.Config;
using Headgate.Core.LoadBalancing;
using Headgate.Core.Upstreams;
using Headgate.Testing;

namespace Headgate.Core.Tests.LoadBalancing;

public class LoadBoundTests
{
    [Theory]
    [InlineData("chash", 125, "1 1 1 1")]
    [InlineData("maglev", 125, "1 1 1 1")]
    [InlineData("chash", 100, "5 3 2")]
    [InlineData("maglev", 100, "5 3 2")]
    [InlineData("chash", 200, "1 9")]
    public void Pick_OneKeyForAll_FillsNodesToTheirBoundOnly(string type, int factor, string text)
    {
        // After t lasting requests no node has more than ceil(factor/100 · t · w/W); without the bound the key's node would have them all.
        NodeSnapshot[] nodes = Balancing.Nodes(Array.ConvertAll(text.Split(' '), int.Parse));
        double total = nodes.Sum(node => node.Config.Weight);
        INodePicker picker = Picker(type, factor, nodes);

        for (int t = 1; t <= 200; t++)
        {
            Balancing.PickFirst(picker)!.State.BeginTry();
            foreach (NodeSnapshot node in nodes)
                node.State.InFlight.ShouldBeLessThanOrEqualTo((long)Math.Ceiling((factor / 100.0 * t * node.Config.Weight / total) - 1e-9));
        }

        nodes.Sum(node => node.State.InFlight).ShouldBe(200);
    }

    [Theory]
    [InlineData("chash")]
    [InlineData("maglev")]
    public void Pick_NoBound_StaysWithTheKeysNode(string type)
    {
        NodeSnapshot[] nodes = Balancing.Nodes(1, 1, 1, 1);
        INodePicker picker = Picker(type, null, nodes);

        for (int i = 0; i < 50; i++)
            Balancing.PickFirst(picker)!.State.BeginTry();

        nodes.Max(node => node.State.InFlight).ShouldBe(50);
    }

    [Theory]
    [InlineData("chash")]
    [InlineData("maglev")]
    public void Pick_NodesWithRoom_KeepTheirKeys(string type)
    {
        NodeSnapshot[] nodes = Balancing.Nodes(1, 1, 1, 1);
        INodePicker bounded = Picker(type, 125, nodes), free = Picker(type, null, nodes);
        for (int i = 0; i < 5; i++)
            nodes[2].State.BeginTry(); // 1.25 · 6 / 4 = 1.9: it is full, the others are empty

        foreach (TestRequest request in Enumerable.Range(0, 2_000).Select(client => Balancing.From((uint)client * 2_654_435_761)))
        {
            NodeSnapshot wanted = Balancing.PickFirst(free, request)!, given = Balancing.PickFirst(bounded, request)!;
            if (wanted == nodes[2])
                given.ShouldNotBe(wanted);
            else
                given.ShouldBe(wanted);
        }
    }

    [Theory]
    [InlineData("chash")]
    [InlineData("maglev")]
    public void Pick_OnlyFullNodesUntried_StillGivesThem(string type)
    {
        NodeSnapshot[] nodes = Balancing.Nodes(1, 1);
        INodePicker picker = Picker(type, 100, nodes);
        for (int i = 0; i < 9; i++)
            nodes[0].State.BeginTry();
        TriedNodes tried = default;
        tried.Add(1);

        Balancing.PickNext(picker, in tried).ShouldBe(nodes[0]);
        tried.Add(0);
        Balancing.PickNext(picker, in tried).ShouldBeNull();
    }

    [Fact]
    public void HasRoom_AnyLoads_AsIfAllWereCounted()
    {
        var random = new Random(TestSeed.Value);
        for (int round = 0; round < 2_000; round++)
        {
            NodeSnapshot[] nodes = Balancing.Nodes([.. Enumerable.Range(0, random.Next(1, 40)).Select(_ => random.Next(1, 6))]);
            foreach (NodeSnapshot node in nodes)
            {
                for (int tries = random.Next(0, 6); tries > 0; tries--)
                    node.State.BeginTry();
            }

            int factor = random.Next(100, 250);
            LoadBound bound = LoadBound.Of(nodes, factor)!;
            long all = 1 + nodes.Sum(node => node.State.InFlight), weights = nodes.Sum(node => (long)node.Config.Weight);
            LoadBound.Counted counted = default;
            foreach (NodeSnapshot node in nodes.OrderBy(_ => random.Next()))
                bound.HasRoom(node, ref counted).ShouldBe(node.State.InFlight * 100 * weights < factor * all * node.Config.Weight, $"round {round}, HEADGATE_SEED={TestSeed.Value}");
        }
    }

    private static INodePicker Picker(string type, int? factor, NodeSnapshot[] nodes)
    {
        UpstreamConfig upstream = Balancing.Upstream(type) with { HashBalanceFactor = factor };
        return LoadBalancingPolicies.Get(type).Build(upstream, nodes, new BalancerState());
    }
}
