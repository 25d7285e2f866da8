using Headgate.Core.LoadBalancing;
using Headgate.Core.Upstreams;

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
