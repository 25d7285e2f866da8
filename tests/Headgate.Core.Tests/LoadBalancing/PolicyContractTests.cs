using Headgate.Core.Config;
using Headgate.Core.LoadBalancing;
using Headgate.Core.Upstreams;
using Headgate.Testing;

namespace Headgate.Core.Tests.LoadBalancing;

/// <summary>What every policy keeps to. A new policy is one more row of <see cref="Policies"/>; the first test fails until it is there.</summary>
public class PolicyContractTests
{
    public static TheoryData<string> Policies { get; } = ["roundrobin", "chash", "least_conn", "ewma", "p2c", "random", "maglev"];

    [Fact]
    public void Policies_HaveARowEachAndAreWhatConfigurationAccepts()
    {
        string[] registered = [.. LoadBalancingPolicies.All.Select(policy => policy.Name).Order()];

        registered.ShouldBe(Policies.Select(row => row.Data).Order());
        registered.ShouldBe(LoadBalancingTypes.All.Order());
    }

    [Fact]
    public void Index_TwoPoliciesOfOneName_Throws() =>
        Should.Throw<ArgumentException>(() => LoadBalancingPolicies.Index([new RoundRobinPolicy(), new RoundRobinPolicy()]))
            .Message.ShouldContain("\"roundrobin\" is registered twice");

    [Theory]
    [MemberData(nameof(Policies))]
    public void Build_NoNodes_Throws(string type) =>
        Should.Throw<ArgumentOutOfRangeException>(() => Balancing.Picker(type, new BalancerState()));

    [Theory]
    [MemberData(nameof(Policies))]
    public void Pick_OneNode_GivesItUntilTried(string type)
    {
        NodeSnapshot[] nodes = Balancing.Nodes(3);
        INodePicker picker = Balancing.Picker(type, new BalancerState(), nodes);
        TriedNodes tried = default;
        tried.Add(0);

        for (int i = 0; i < 10; i++)
            Balancing.PickFirst(picker).ShouldBe(nodes[0]);
        Balancing.PickNext(picker, in tried).ShouldBeNull();
    }

    [Theory]
    [MemberData(nameof(Policies))]
    public void Pick_UntilAllAreTried_GivesEachNodeOnceThenNull(string type)
    {
        // Indexes beyond 63 cross the words of the bit set; the tier does not begin at index 0.
        NodeSnapshot[] nodes = Balancing.Nodes([.. Enumerable.Range(1, 150)], firstIndex: 3);
        INodePicker picker = Balancing.Picker(type, new BalancerState(), nodes);

        for (int request = 0; request < 50; request++)
        {
            TriedNodes tried = default;
            var seen = new HashSet<NodeSnapshot>();
            while (Balancing.PickNext(picker, in tried) is { } node)
            {
                seen.Add(node).ShouldBeTrue();
                tried.Add(node.Index);
            }

            seen.Count.ShouldBe(nodes.Length);
        }
    }

    [Theory]
    [MemberData(nameof(Policies))]
    public void BuildPart_SomeNodes_GivesEachOfThoseOnceThenNull(string type)
    {
        NodeSnapshot[] nodes = Balancing.Nodes([.. Enumerable.Range(1, 100)], firstIndex: 3);
        NodeSnapshot[] usable = [.. nodes.Where((_, i) => i % 3 != 0)];
        var state = new BalancerState();
        INodePicker part = LoadBalancingPolicies.Get(type).BuildPart(Balancing.Upstream(type), usable, Balancing.Picker(type, state, nodes), state);

        for (uint request = 0; request < 50; request++)
        {
            TriedNodes tried = default;
            var seen = new List<NodeSnapshot>();
            while (Balancing.PickNext(part, in tried, Balancing.From(request * 2_654_435_761)) is { } node)
            {
                seen.Add(node);
                tried.Add(node.Index);
            }

            seen.OrderBy(node => node.Index).ShouldBe(usable);
        }
    }

    [Theory]
    [MemberData(nameof(Policies))]
    public void Pick_TriedNodesOfOtherTiers_DoNotMatter(string type)
    {
        NodeSnapshot[] nodes = Balancing.Nodes([1, 2], firstIndex: 4);
        INodePicker picker = Balancing.Picker(type, new BalancerState(), nodes);
        TriedNodes tried = default;
        for (int i = 0; i < 4; i++)
            tried.Add(i);

        nodes.ShouldContain(Balancing.PickNext(picker, in tried));
    }

    [Theory]
    [MemberData(nameof(Policies))]
    public void Pick_TierOfWeightZero_UsesAllItsNodesAlike(string type)
    {
        NodeSnapshot[] nodes = Balancing.Nodes(0, 0, 0);
        INodePicker picker = Balancing.Picker(type, new BalancerState(), nodes);
        var seen = new HashSet<NodeSnapshot?>();

        for (uint client = 0; client < 300; client++)
            seen.Add(Balancing.PickFirst(picker, Balancing.From(client * 2_654_435_761)));

        seen.ShouldBe(nodes, ignoreOrder: true);
    }

    [Theory]
    [MemberData(nameof(Policies))]
    public async Task Pick_EightThreadsWhileTheSetIsSwapped_AlwaysGivesANodeOfThePickersSet(string type)
    {
        var state = new BalancerState();
        NodeSnapshot[][] sets = [Balancing.Nodes(1, 2, 3), Balancing.Nodes(5, 5), Balancing.Nodes(0, 0), Balancing.Nodes(2_000_000_000, 1)];
        Tuple<NodeSnapshot[], INodePicker> current = new(sets[0], Balancing.Picker(type, state, sets[0]));
        TestRequest[] requests = [.. Enumerable.Range(1, 500).Select(client => Balancing.From((uint)client))];
        bool stop = false;

        Task[] pickers = [.. Enumerable.Range(0, 8).Select(_ => Task.Factory.StartNew(
            () =>
            {
                for (uint i = 0; i < 20_000; i++)
                {
                    (NodeSnapshot[] set, INodePicker picker) = Volatile.Read(ref current);
                    TestRequest request = requests[i % requests.Length];
                    TriedNodes tried = default;
                    NodeSnapshot first = Balancing.PickNext(picker, in tried, request).ShouldNotBeNull();
                    set.ShouldContain(first);
                    tried.Add(first.Index);
                    Balancing.PickNext(picker, in tried, request).ShouldNotBeNull().ShouldNotBe(first);
                }
            },
            TestContext.Current.CancellationToken,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default))];
        var swapper = Task.Factory.StartNew(
            () =>
            {
                for (int i = 0; !Volatile.Read(ref stop); i++)
                {
                    NodeSnapshot[] set = sets[i % sets.Length];
                    Volatile.Write(ref current, new(set, Balancing.Picker(type, state, set)));
                }
            },
            TestContext.Current.CancellationToken,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);

        await Task.WhenAll(pickers);
        Volatile.Write(ref stop, true);
        await swapper;
    }

    [Theory]
    [MemberData(nameof(Policies))]
    public void Pick_FirstAndRetry_AllocateNothing(string type)
    {
        NodeSnapshot[] nodes = Balancing.Nodes(5, 3, 2, 2, 9, 1);
        INodePicker picker = Balancing.Picker(type, new BalancerState(), nodes);

        Allocation.Of(() => PickTwice(picker, 10_000)).ShouldBe(0);
    }

    private static void PickTwice(INodePicker picker, int times)
    {
        for (int i = 0; i < times; i++)
        {
            TriedNodes tried = default;
            tried.Add(Balancing.PickNext(picker, in tried)!.Index);
            Balancing.PickNext(picker, in tried);
        }
    }
}
