using Headgate.Core.Config;
using Headgate.Core.LoadBalancing;
using Headgate.Core.Snapshot;
using Headgate.Core.Upstreams;
using Headgate.Testing;

namespace Headgate.Core.Tests.Snapshot;

/// <summary>What is picked while few nodes are usable: <c>panic_threshold</c> and <c>fail_traffic_on_panic</c>.</summary>
public sealed class PanicTests : IDisposable
{
    private readonly Gateway _gateway = new();

    public void Dispose() => _gateway.Dispose();

    [Theory]
    [InlineData(0, 3, false)] // one of four is left
    [InlineData(0, 4, true)]
    [InlineData(25, 3, false)] // exactly a quarter is left
    [InlineData(26, 3, true)]
    [InlineData(50, 2, false)]
    [InlineData(51, 2, true)]
    [InlineData(100, 0, false)]
    [InlineData(100, 1, true)]
    public void Pick_NodesOut_PanicBelowTheThresholdUsesAll(int threshold, int ejected, bool panic)
    {
        UpstreamSnapshot upstream = Put($"\"panic_threshold\":{threshold}");
        for (int i = 0; i < ejected; i++)
            upstream.Nodes[i].State.Exclude(NodeExclusions.Ejected);
        upstream.RefreshUsable();

        upstream.IsInPanic.ShouldBe(panic);
        Picked(upstream).ShouldBe(panic ? [0, 1, 2, 3] : Enumerable.Range(ejected, 4 - ejected));
    }

    [Fact]
    public void Pick_ChecksAndEjectionsTogether_CountAsOne()
    {
        UpstreamSnapshot upstream = Put("\"panic_threshold\":75");
        upstream.Nodes[0].State.Exclude(NodeExclusions.Ejected);
        upstream.RefreshUsable();
        upstream.IsInPanic.ShouldBeFalse();

        upstream.Nodes[1].State.Health.Report(HealthEvent.TcpFailure, new HealthThresholds(1, 1, 1, 1));
        upstream.RefreshUsable();
        upstream.IsInPanic.ShouldBeTrue();
    }

    [Fact]
    public void Pick_NodesThatWaitForTheirFirstVerdict_AreNoPanicUnlessAllDo()
    {
        UpstreamSnapshot upstream = Put("\"panic_threshold\":75");
        for (int i = 0; i < 3; i++)
            upstream.Nodes[i].State.Exclude(NodeExclusions.Awaited);
        upstream.RefreshUsable();
        upstream.IsInPanic.ShouldBeFalse();
        Picked(upstream).ShouldBe([3]);

        upstream.Nodes[3].State.Exclude(NodeExclusions.Awaited);
        upstream.RefreshUsable();
        Picked(upstream).ShouldBe([0, 1, 2, 3]);
    }

    [Fact]
    public void Pick_InPanicWithFailTraffic_GivesNone()
    {
        UpstreamSnapshot upstream = Put("\"panic_threshold\":60,\"fail_traffic_on_panic\":true");
        upstream.Nodes[0].State.Exclude(NodeExclusions.Ejected);
        upstream.RefreshUsable();
        Picked(upstream).ShouldBe([1, 2, 3]);

        upstream.Nodes[1].State.Exclude(NodeExclusions.Ejected);
        upstream.RefreshUsable();
        Picked(upstream).ShouldBeEmpty();

        upstream.Nodes[1].State.Admit(NodeExclusions.Ejected);
        upstream.RefreshUsable();
        Picked(upstream).ShouldBe([1, 2, 3]);
    }

    [Fact]
    public void Pick_OnlyNodeUnhealthyWithFailTraffic_GivesNone()
    {
        UpstreamSnapshot upstream = _gateway.PutUpstream("""{"nodes":{"10.0.0.1:80":1},"checks":{"active":{}},"fail_traffic_on_panic":true}""");
        Picked(upstream).ShouldBe([0]);

        upstream.Nodes[0].State.Health.Report(HealthEvent.TcpFailure, new HealthThresholds(1, 1, 1, 1));
        upstream.RefreshUsable();

        Picked(upstream).ShouldBeEmpty();
    }

    [Fact]
    public void Pick_WithdrawnNodes_AreNeitherUsedNorCounted()
    {
        UpstreamSnapshot upstream = Put("\"panic_threshold\":50");
        upstream.Nodes[0].State.Exclude(NodeExclusions.Draining);
        upstream.Nodes[1].State.Exclude(NodeExclusions.ForcedDown);
        upstream.Nodes[2].State.Exclude(NodeExclusions.Ejected);
        upstream.RefreshUsable();
        upstream.IsInPanic.ShouldBeFalse(); // one of the two that are present is half
        Picked(upstream).ShouldBe([3]);

        upstream.Nodes[3].State.Exclude(NodeExclusions.Ejected);
        upstream.RefreshUsable();
        upstream.IsInPanic.ShouldBeTrue();
        Picked(upstream).ShouldBe([2, 3]);
    }

    private UpstreamSnapshot Put(string field)
    {
        string nodes = "\"nodes\":{\"10.0.0.1:80\":1,\"10.0.0.2:80\":1,\"10.0.0.3:80\":1,\"10.0.0.4:80\":1}";
        return _gateway.PutUpstream($"{{{nodes},\"outlier_detection\":{{\"consecutive_5xx\":5}},{field}}}");
    }

    private static int[] Picked(UpstreamSnapshot upstream)
    {
        var picked = new SortedSet<int>();
        for (int i = 0; i < 40; i++)
        {
            TriedNodes none = default;
            var context = new PickContext(in none, new TestRequest("a.test", "/a"));
            if (upstream.Pick(ref context) is { } node)
                picked.Add(node.Index);
        }

        return [.. picked];
    }
}
