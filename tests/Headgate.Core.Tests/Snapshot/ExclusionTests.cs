using Headgate.Core.LoadBalancing;
using Headgate.Core.Snapshot;
using Headgate.Core.Upstreams;
using Headgate.Testing;

namespace Headgate.Core.Tests.Snapshot;

/// <summary>Which nodes are picked while somebody leaves some out, and who may overrule whom.</summary>
public sealed class ExclusionTests : IDisposable
{
    private readonly Gateway _gateway = new();

    public void Dispose() => _gateway.Dispose();

    [Theory]
    [InlineData(NodeExclusions.Ejected)]
    [InlineData(NodeExclusions.Awaited)]
    [InlineData(NodeExclusions.Draining)]
    [InlineData(NodeExclusions.ForcedDown)]
    public void Pick_ExcludedNode_IsLeftOutUntilItsReasonIsTakenBack(NodeExclusions why)
    {
        UpstreamSnapshot upstream = Put(2);
        Exclude(upstream, 0, why).ShouldBeTrue();
        Exclude(upstream, 0, why).ShouldBeFalse();
        Count(upstream, 10).ShouldBe([0, 10]);
        Admit(upstream, 0, why).ShouldBeTrue();
        Admit(upstream, 0, why).ShouldBeFalse();
        Count(upstream, 10).ShouldBe([5, 5]);
    }

    [Fact]
    public void Pick_TwoReasons_BothMustBeTakenBack()
    {
        UpstreamSnapshot upstream = Put(2);
        Exclude(upstream, 0, NodeExclusions.Ejected);
        Exclude(upstream, 0, NodeExclusions.Draining);
        Admit(upstream, 0, NodeExclusions.Draining);
        Count(upstream, 10).ShouldBe([0, 10]);
        Admit(upstream, 0, NodeExclusions.Ejected);
        Count(upstream, 10).ShouldBe([5, 5]);
    }

    [Fact]
    public void Pick_ForcedUp_OverrulesWhatIsFoundButNotAnOperator()
    {
        UpstreamSnapshot upstream = Put(2);
        Exclude(upstream, 0, NodeExclusions.Ejected);
        upstream.Nodes[0].State.IsForcedUp = true;
        upstream.RefreshUsable();
        Count(upstream, 10).ShouldBe([5, 5]);
        Exclude(upstream, 0, NodeExclusions.Draining);
        Count(upstream, 10).ShouldBe([0, 10]);
    }

    [Fact]
    public void Pick_NothingUsable_AllButTheWithdrawnAreUsed()
    {
        UpstreamSnapshot upstream = Put(3);
        Exclude(upstream, 0, NodeExclusions.Ejected);
        Exclude(upstream, 1, NodeExclusions.Awaited);
        Exclude(upstream, 2, NodeExclusions.Draining);
        Count(upstream, 10).ShouldBe([5, 5, 0]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Pick_AllWithdrawn_None(int nodes)
    {
        UpstreamSnapshot upstream = Put(nodes);
        for (int i = 0; i < nodes; i++)
            Exclude(upstream, i, NodeExclusions.ForcedDown);
        Pick(upstream).ShouldBeNull();
    }

    [Fact]
    public void Apply_EditThatKeepsTheNode_KeepsItsExclusion()
    {
        Exclude(Put(2), 0, NodeExclusions.Draining);
        Count(Put(3), 10).ShouldBe([0, 5, 5]);
    }

    [Fact]
    public void Timeline_MoreThanItKeeps_TheOldestGo()
    {
        NodeState node = Put(1).Nodes[0].State;
        node.Timeline.Latest.ShouldBeNull();
        for (int i = 0; i < NodeTimeline.Length + 3; i++)
            node.Timeline.Add(new NodeChange(DateTimeOffset.UnixEpoch.AddSeconds(i), NodeChangeKind.Ejected, "outlier detection", $"{i}"));
        node.Timeline.Changes.Select(change => change.Reason).ShouldBe(Enumerable.Range(3, NodeTimeline.Length).Select(i => $"{i}"));
        node.Timeline.Latest!.Reason.ShouldBe($"{NodeTimeline.Length + 2}");
    }

    [Fact]
    public async Task OnChanged_IsRecordedToldAndTakesEffect()
    {
        var served = new ServedUpstreams();
        var listener = new Listener();
        served.Listen(listener);
        UpstreamSnapshot upstream = Put(2);
        served.Served("upstreams/1", upstream);
        NodeState node = upstream.Nodes[0].State;
        node.Exclude(NodeExclusions.Ejected);
        Count(upstream, 10).ShouldBe([5, 5]);

        var change = new NodeChange(DateTimeOffset.UnixEpoch, NodeChangeKind.Ejected, "outlier detection", "7 failures in a row");
        served.OnChanged(node, change);

        await Eventually.HoldsAsync(() => Count(upstream, 10)[0] == 0, "the node is left out");
        node.Timeline.Changes.ShouldBe([change]);
        listener.Told.ShouldBe([(node, change)]);
        served.Find("upstreams/1").ShouldBeSameAs(upstream);
        served.Removed("upstreams/1");
        served.All.ShouldBeEmpty();
    }

    private static bool Exclude(UpstreamSnapshot upstream, int node, NodeExclusions why) => Then(upstream, upstream.Nodes[node].State.Exclude(why));

    private static bool Admit(UpstreamSnapshot upstream, int node, NodeExclusions why) => Then(upstream, upstream.Nodes[node].State.Admit(why));

    private static bool Then(UpstreamSnapshot upstream, bool changed)
    {
        upstream.RefreshUsable();
        return changed;
    }

    private static int[] Count(UpstreamSnapshot upstream, int picks)
    {
        int[] counts = new int[upstream.Nodes.Count];
        for (int i = 0; i < picks; i++)
            counts[Pick(upstream).ShouldNotBeNull().Index]++;
        return counts;
    }

    private static NodeSnapshot? Pick(UpstreamSnapshot upstream)
    {
        TriedNodes none = default;
        var context = new PickContext(in none, new TestRequest("a.test", "/"));
        return upstream.Pick(ref context);
    }

    private UpstreamSnapshot Put(int nodes)
    {
        string list = string.Join(',', Enumerable.Range(1, nodes).Select(i => $$"""{"host":"10.0.0.{{i}}","port":80,"weight":1}"""));
        return _gateway.PutUpstream($$"""{"nodes":[{{list}}]}""");
    }

    private sealed class Listener : INodeChangeObserver
    {
        public List<(NodeState, NodeChange)> Told { get; } = [];

        public void Changed(NodeState node, NodeChange change) => Told.Add((node, change));
    }
}
