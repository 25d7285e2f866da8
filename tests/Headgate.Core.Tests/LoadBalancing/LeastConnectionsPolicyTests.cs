using Headgate.Core.LoadBalancing;
using Headgate.Core.Upstreams;
using Headgate.Testing;

namespace Headgate.Core.Tests.LoadBalancing;

public class LeastConnectionsPolicyTests
{
    [Fact]
    public void Pick_RequestsThatStay_FillTheNodesByWeight()
    {
        // Each pick goes where (1 + in-flight) / weight is least, so n lasting requests end at n·w/W each (Jefferson's apportionment): 50:30:20 of 100.
        NodeSnapshot[] nodes = Balancing.Nodes(5, 3, 2);
        INodePicker picker = Balancing.Picker("least_conn", new BalancerState(), nodes);

        for (int i = 0; i < 100; i++)
            Balancing.PickFirst(picker)!.State.BeginTry();

        nodes.Select(node => node.State.InFlight).ShouldBe([50, 30, 20]);
    }

    [Fact]
    public void Pick_IdleNodes_PrefersTheHeavierAndTakesTurnsAmongEquals()
    {
        INodePicker unequal = Balancing.Picker("least_conn", new BalancerState(), Balancing.Nodes(1, 3, 2));
        INodePicker equal = Balancing.Picker("least_conn", new BalancerState(), Balancing.Nodes(2, 2, 2));

        Enumerable.Range(0, 5).Select(_ => Balancing.PickFirst(unequal)!.Index).ShouldBe([1, 1, 1, 1, 1]);
        Enumerable.Range(0, 6).Select(_ => Balancing.PickFirst(equal)!.Index).ShouldBe([0, 1, 2, 0, 1, 2]);
    }

    [Fact]
    public void Pick_EqualsApartFromEachOther_TakeExactTurns()
    {
        INodePicker picker = Balancing.Picker("least_conn", new BalancerState(), Balancing.Nodes(2, 1, 1, 1, 1, 2));

        Enumerable.Range(0, 6).Select(_ => Balancing.PickFirst(picker)!.Index).ShouldBe([0, 5, 0, 5, 0, 5]);
    }

    [Fact]
    public void Pick_AnyLoadsAndTries_LeastScoreAndOfEqualsTheHeaviest()
    {
        var random = new Random(TestSeed.Value);
        for (int round = 0; round < 2_000; round++)
        {
            NodeSnapshot[] nodes = Balancing.Nodes([.. Enumerable.Range(0, random.Next(1, 20)).Select(_ => random.Next(1, 6))]);
            INodePicker picker = Balancing.Picker("least_conn", new BalancerState(), nodes);
            TriedNodes tried = default;
            foreach (NodeSnapshot node in nodes)
            {
                for (int tries = random.Next(0, 8); tries > 0; tries--)
                    node.State.BeginTry();
                if (round % 2 == 1 && random.Next(3) == 0)
                    tried.Add(node.Index);
            }

            TriedNodes passed = tried;
            NodeSnapshot? expected = nodes.Where(node => !passed.Contains(node.Index)).OrderBy(Score).ThenByDescending(node => node.Config.Weight).FirstOrDefault();
            NodeSnapshot? picked = Balancing.PickNext(picker, in tried);

            (picked is null).ShouldBe(expected is null);
            if (picked is null || expected is null)
                continue;
            tried.Contains(picked.Index).ShouldBeFalse();
            (Score(picked), picked.Config.Weight).ShouldBe((Score(expected), expected.Config.Weight), $"round {round}, HEADGATE_SEED={TestSeed.Value}");
        }

        // Equal fractions of such small numbers are equal doubles, as a division is rounded correctly.
        static double Score(NodeSnapshot node) => (1.0 + node.State.InFlight) / node.Config.Weight;
    }

    [Fact]
    public void Pick_BusyNode_IsAvoidedUntilItsRequestsEnd()
    {
        NodeSnapshot[] nodes = Balancing.Nodes(1, 1);
        INodePicker picker = Balancing.Picker("least_conn", new BalancerState(), nodes);
        NodeState busy = nodes[0].State;
        busy.BeginTry();

        Enumerable.Range(0, 4).Select(_ => Balancing.PickFirst(picker)!.Index).ShouldBe([1, 1, 1, 1]);
        busy.EndTry();
        Enumerable.Range(0, 4).Select(_ => Balancing.PickFirst(picker)!.Index).ShouldBe([0, 1, 0, 1]);
    }

    [Fact]
    public void Pick_LargestWeights_DoNotOverflow()
    {
        NodeSnapshot[] nodes = Balancing.Nodes(int.MaxValue, int.MaxValue - 1);
        INodePicker picker = Balancing.Picker("least_conn", new BalancerState(), nodes);
        for (int i = 0; i < 1000; i++)
            Balancing.PickFirst(picker)!.State.BeginTry();

        nodes.Select(node => node.State.InFlight).ShouldBe([500, 500]);
    }
}
