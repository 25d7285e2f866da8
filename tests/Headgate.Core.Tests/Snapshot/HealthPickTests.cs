using Headgate.Core.Config;
using Headgate.Core.LoadBalancing;
using Headgate.Core.Snapshot;
using Headgate.Core.Upstreams;
using Headgate.Testing;

namespace Headgate.Core.Tests.Snapshot;

/// <summary>Which nodes are picked while some are unhealthy.</summary>
public sealed class HealthPickTests : IDisposable
{
    private static readonly HealthThresholds Once = new(1, 1, 1, 1);
    private readonly Gateway _gateway = new();

    public void Dispose() => _gateway.Dispose();

    [Fact]
    public void Pick_RoundRobinWithoutOneNode_ExactSharesOfTheOthers()
    {
        UpstreamSnapshot upstream = Put(("10.0.0.1", 5, 0), ("10.0.0.2", 3, 0), ("10.0.0.3", 2, 0));
        Turn(upstream, 0, HealthEvent.TcpFailure);

        // Weights 3 and 2 are left: any five picks in a row hold three and two.
        for (int round = 0; round < 20; round++)
            Count(upstream, 5).ShouldBe([0, 3, 2]);
        Turn(upstream, 0, HealthEvent.Success);
        Count(upstream, 100).ShouldBe([50, 30, 20]);
    }

    [Fact]
    public void Pick_LeastConnectionsWithoutOneNode_NeverGivesIt()
    {
        UpstreamSnapshot upstream = Put("\"type\":\"least_conn\",", ("10.0.0.1", 100, 0), ("10.0.0.2", 1, 0), ("10.0.0.3", 1, 0));
        Turn(upstream, 0, HealthEvent.HttpFailure);

        Count(upstream, 100).ShouldBe([0, 50, 50]);
    }

    [Fact]
    public void Pick_ConsistentHashWithoutOneNode_MovesOnlyItsKeysAndBack()
    {
        // Without the third node the divisor of the weights would change, and with it a ring made anew.
        UpstreamSnapshot upstream = Put("\"type\":\"chash\",\"key\":\"remote_addr\",", ("10.0.0.1", 2, 0), ("10.0.0.2", 4, 0), ("10.0.0.3", 3, 0));
        TestRequest[] requests = [.. Enumerable.Range(0, 3000).Select(i => new TestRequest("a.test", "/", clientAddress: new System.Net.IPAddress(unchecked((uint)i * 2_654_435_761)).ToString()))];
        int[] before = [.. requests.Select(request => Pick(upstream, request).Index)];

        Turn(upstream, 2, HealthEvent.TcpFailure);
        int[] during = [.. requests.Select(request => Pick(upstream, request).Index)];
        Turn(upstream, 2, HealthEvent.Success);
        int[] after = [.. requests.Select(request => Pick(upstream, request).Index)];

        during.ShouldNotContain(2);
        before.Zip(during).Where(pair => pair.First != 2).ShouldAllBe(pair => pair.First == pair.Second);
        before.Zip(during).Where(pair => pair.First == 2).Select(pair => pair.Second).Distinct().Count().ShouldBe(2);
        after.ShouldBe(before);
    }

    [Theory]
    [InlineData("roundrobin")]
    [InlineData("chash")]
    [InlineData("least_conn")]
    public void Pick_AllUnhealthy_AllAreUsed(string type)
    {
        UpstreamSnapshot upstream = Put($"\"type\":\"{type}\",\"key\":\"remote_addr\",", ("10.0.0.1", 1, 0), ("10.0.0.2", 1, 0), ("10.0.0.3", 1, 0));
        for (int i = 0; i < 3; i++)
            Turn(upstream, i, HealthEvent.TcpFailure);

        TriedNodes tried = default;
        for (int i = 0; i < 3; i++)
            tried.Add(Pick(upstream, in tried)!.Index);
        Pick(upstream, in tried).ShouldBeNull();
        tried.Contains(0).ShouldBeTrue();
        tried.Contains(1).ShouldBeTrue();
        tried.Contains(2).ShouldBeTrue();
    }

    [Fact]
    public void Pick_TierAllUnhealthy_TheNextIsUsedAndTheReserveComesFirst()
    {
        UpstreamSnapshot upstream = Put(("10.0.0.1", 1, 1), ("10.0.0.2", 1, 1), ("10.0.0.3", 0, 1), ("10.0.0.4", 1, 0));
        Count(upstream, 10).ShouldBe([5, 5, 0, 0]);
        Turn(upstream, 0, HealthEvent.TcpFailure);
        Count(upstream, 10).ShouldBe([0, 10, 0, 0]);
        Turn(upstream, 1, HealthEvent.TcpFailure);
        Count(upstream, 10).ShouldBe([0, 0, 10, 0]);
        Turn(upstream, 2, HealthEvent.TcpFailure);
        Count(upstream, 10).ShouldBe([0, 0, 0, 10]);
        Turn(upstream, 1, HealthEvent.Success);
        Count(upstream, 10).ShouldBe([0, 10, 0, 0]);
    }

    [Fact]
    public void Pick_OnlyNodeUnhealthy_IsUsed()
    {
        UpstreamSnapshot upstream = Put(("10.0.0.1", 1, 0));
        Turn(upstream, 0, HealthEvent.TcpFailure);
        Count(upstream, 3).ShouldBe([3]);
    }

    [Fact]
    public void Apply_EditWithAnUnhealthyNode_LeavesItOutFromTheFirstPick()
    {
        Turn(Put(("10.0.0.1", 1, 0), ("10.0.0.2", 1, 0), ("10.0.0.3", 1, 0)), 1, HealthEvent.TcpFailure);

        UpstreamSnapshot after = Put(("10.0.0.9", 1, 0), ("10.0.0.2", 7, 0), ("10.0.0.1", 1, 0));

        Count(after, 10).ShouldBe([5, 0, 5]);
        after.Nodes[1].State.Health.Counters.ShouldBe(new HealthCounters(HealthStatus.Unhealthy, 0, 0, 1, 0));
    }

    [Fact]
    public void Apply_ChecksTakenAway_AllNodesAreHealthyAgain()
    {
        UpstreamSnapshot before = Put(("10.0.0.1", 1, 0), ("10.0.0.2", 1, 0));
        Turn(before, 0, HealthEvent.TcpFailure);

        _gateway.Put("upstreams/1", """{"nodes":[{"host":"10.0.0.1","port":80,"weight":1},{"host":"10.0.0.2","port":80,"weight":1}]}""");

        Count(_gateway.Upstream("/a"), 10).ShouldBe([5, 5]);
        before.Nodes[0].State.Health.Counters.ShouldBe(default);
    }

    private static void Turn(UpstreamSnapshot upstream, int node, HealthEvent what)
    {
        upstream.Nodes[node].State.Health.Report(what, Once).ShouldBeTrue();
        upstream.RefreshUsable();
    }

    private static int[] Count(UpstreamSnapshot upstream, int picks)
    {
        int[] counts = new int[upstream.Nodes.Count];
        for (int i = 0; i < picks; i++)
            counts[Pick(upstream, new TestRequest("a.test", "/")).Index]++;
        return counts;
    }

    private static NodeSnapshot Pick(UpstreamSnapshot upstream, TestRequest request)
    {
        TriedNodes none = default;
        var context = new PickContext(in none, request);
        return upstream.Pick(ref context).ShouldNotBeNull();
    }

    private static NodeSnapshot? Pick(UpstreamSnapshot upstream, in TriedNodes tried)
    {
        var context = new PickContext(in tried, new TestRequest("a.test", "/"));
        return upstream.Pick(ref context);
    }

    private UpstreamSnapshot Put(params (string Host, int Weight, int Priority)[] nodes) => Put("", nodes);

    private UpstreamSnapshot Put(string more, params (string Host, int Weight, int Priority)[] nodes)
    {
        string list = string.Join(',', nodes.Select(n => $$"""{"host":"{{n.Host}}","port":80,"weight":{{n.Weight}},"priority":{{n.Priority}}}"""));
        return _gateway.PutUpstream($$"""{{{more}}"nodes":[{{list}}],"checks":{"active":{} } }""");
    }
}
