using System.Text;
using Headgate.Core.LoadBalancing;
using Headgate.Core.Snapshot;
using Headgate.Core.Upstreams;
using Headgate.Testing;

namespace Headgate.Core.Tests.Snapshot;

/// <summary>How a drain ends.</summary>
public sealed class NodeDrainsTests : IDisposable
{
    private readonly OverriddenGateway _gateway = new();

    public NodeDrainsTests() => _gateway.PutNodes(1, 2);

    public void Dispose() => _gateway.Dispose();

    [Fact]
    public void Drain_TryUnderWay_IsDrainedOnceWhenItHasEnded()
    {
        NodeState node = _gateway.Node(2);
        node.BeginTry();
        _gateway.PutOverride(2, "drain");
        _gateway.Pass(3600);
        _gateway.Override(2).DrainedAt.ShouldBeNull();
        _gateway.Closed.ShouldBe(["idle 10.0.0.2"]); // without a deadline nothing is cut off

        node.EndTry();
        _gateway.Pass(1);

        _gateway.Override(2).DrainedAt.ShouldBe(_gateway.Time.GetUtcNow() - TimeSpan.FromSeconds(0.8)); // the second look that found nothing
        _gateway.Pass(3600);
        _gateway.Timeline(2).ShouldBe([NodeChangeKind.DrainBegun, NodeChangeKind.Drained]);
        _gateway.Node(2).Timeline.Latest!.Reason.ShouldBe("nothing is under way any more");
        _gateway.Closed.ShouldBe(["idle 10.0.0.2", "idle 10.0.0.2"]);
    }

    [Fact]
    public void Drain_NothingUnderWayForAMomentOnly_IsNotDrained()
    {
        NodeState node = _gateway.Node(2);
        _gateway.PutOverride(2, "drain");
        _gateway.Pass(0.1);
        node.BeginTry();
        _gateway.Pass(0.1);
        node.EndTry();
        _gateway.Pass(0.1);

        _gateway.Override(2).DrainedAt.ShouldBeNull();
    }

    [Fact]
    public void Drain_Deadline_CutsOffWhatIsLeftAndTheNodeIsDrained()
    {
        NodeState node = _gateway.Node(2);
        node.BeginTry();
        node.BeginTry();
        _gateway.PutOverride(2, "drain", ",\"deadline\":30");
        _gateway.Pass(29.9);
        _gateway.Closed.ShouldBe(["idle 10.0.0.2"]);

        _gateway.Pass(0.1);
        _gateway.Closed.ShouldBe(["idle 10.0.0.2", "cut 10.0.0.2"]);
        node.EndTry();
        node.EndTry();
        _gateway.Pass(0.1);

        _gateway.Timeline(2).ShouldBe([NodeChangeKind.DrainBegun, NodeChangeKind.Drained]);
        _gateway.Node(2).Timeline.Latest!.Reason.ShouldBe("connections cut off at the deadline: 2");
        _gateway.Override(2).CutOff.ShouldBe(2);
    }

    [Fact]
    public void Drain_WhatGetsItsConnectionAfterTheDeadline_IsCutOffTooAndTheEventDoesNotWait()
    {
        NodeState node = _gateway.Node(2);
        node.BeginTry(); // waits for its connection all the time
        _gateway.PutOverride(2, "drain", ",\"deadline\":1");
        _gateway.Pass(1.5);

        _gateway.Override(2).DrainedAt.ShouldNotBeNull();
        _gateway.Closed.Count(closed => closed == "cut 10.0.0.2").ShouldBe(6);
        node.EndTry();
        _gateway.Pass(10);
        _gateway.Closed.Count(closed => closed == "cut 10.0.0.2").ShouldBe(6);
        _gateway.Timeline(2).ShouldBe([NodeChangeKind.DrainBegun, NodeChangeKind.Drained]);
    }

    [Fact]
    public void Drain_NewDeadline_ReplacesTheFirstAndIsNoSecondDrain()
    {
        NodeState node = _gateway.Node(2);
        node.BeginTry();
        _gateway.PutOverride(2, "drain", ",\"deadline\":5");
        _gateway.Pass(4);
        _gateway.PutOverride(2, "drain", ",\"deadline\":60");
        _gateway.Pass(10);
        _gateway.Closed.ShouldNotContain("cut 10.0.0.2");

        node.EndTry();
        _gateway.Pass(1);
        _gateway.PutOverride(2, "drain", ",\"deadline\":1");
        _gateway.Pass(10);

        _gateway.Override(2).DrainedAt.ShouldNotBeNull();
        _gateway.Timeline(2).ShouldBe([NodeChangeKind.DrainBegun, NodeChangeKind.Drained]);
    }

    [Fact]
    public void Drain_TakenBack_NothingIsWatchedAnyMore()
    {
        int idle = _gateway.Time.ActiveTimers;
        _gateway.Node(2).BeginTry();
        _gateway.PutOverride(2, "drain", ",\"deadline\":5");
        _gateway.Time.ActiveTimers.ShouldBe(idle + 1);

        _gateway.PutOverride(2, null);
        _gateway.Pass(60);

        _gateway.Time.ActiveTimers.ShouldBe(idle);
        _gateway.Closed.ShouldBe(["idle 10.0.0.2"]);
        _gateway.Timeline(2).ShouldBe([NodeChangeKind.DrainBegun, NodeChangeKind.DrainEnded]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Drain_NodeLeavesMeanwhile_IsCutOffAtTheDeadlineAndWatchedNoLonger(bool upstreamToo)
    {
        NodeState node = _gateway.Node(2);
        node.BeginTry();
        _gateway.PutOverride(2, "drain", ",\"deadline\":5");
        Leave(upstreamToo);
        _gateway.Pass(4.9);
        _gateway.Closed.ShouldNotContain("cut 10.0.0.2");

        _gateway.Pass(0.1);
        _gateway.Closed.ShouldContain("cut 10.0.0.2");
        node.EndTry();
        _gateway.Pass(0.1);
        node.BeginTry(); // of another upstream's request, say
        int closed = _gateway.Closed.Count;
        _gateway.Pass(60);

        _gateway.Closed.Count.ShouldBe(closed);
        node.IsUsable.ShouldBeTrue();
        _gateway.Override(2).CutOff.ShouldBe(1);
    }

    [Fact]
    public void Drain_NodeThatLeftReturns_GoesOn()
    {
        NodeState node = _gateway.Node(2);
        node.BeginTry();
        _gateway.PutOverride(2, "drain", ",\"deadline\":5");
        Leave(upstreamToo: false);
        _gateway.Pass(3);
        _gateway.PutNodes(1, 2);
        _gateway.Pass(1.9);
        _gateway.Closed.ShouldNotContain("cut 10.0.0.2");

        _gateway.Pass(0.1);

        _gateway.Closed.Count(closed => closed == "cut 10.0.0.2").ShouldBe(1); // watched once
    }

    [Fact]
    public void Drain_TakenBackWhileTheNodeIsAway_NothingIsCutOff()
    {
        _gateway.Node(2).BeginTry();
        _gateway.PutOverride(2, "drain", ",\"deadline\":5");
        Leave(upstreamToo: false);
        _gateway.PutOverride(2, null);
        _gateway.Pass(60);

        _gateway.Closed.ShouldNotContain("cut 10.0.0.2");
    }

    [Fact]
    public void Drain_NewDeadlineWhileTheNodeIsAway_IsTheOneThatCounts()
    {
        _gateway.Node(2).BeginTry();
        _gateway.PutOverride(2, "drain", ",\"deadline\":5");
        Leave(upstreamToo: false);
        _gateway.PutOverride(2, "drain", ",\"deadline\":60");
        _gateway.Pass(59.9);
        _gateway.Closed.ShouldNotContain("cut 10.0.0.2");

        _gateway.Pass(0.1);

        _gateway.Closed.ShouldContain("cut 10.0.0.2");
    }

    [Fact]
    public void Drain_Deadline_EndsKeptSessionsThoughTheNodeWasDrainedBefore()
    {
        PutSticky();
        TestRequest session = SessionOn(2);
        _gateway.PutOverride(2, "drain", ",\"deadline\":30");
        _gateway.Pass(29.9);
        _gateway.Override(2).DrainedAt.ShouldNotBeNull();
        Pick(session).ShouldBe("10.0.0.2");

        _gateway.Pass(0.1);
        Pick(session).ShouldBe("10.0.0.1");

        PutSticky(",\"retries\":1"); // an edit changes nothing about it
        Pick(session).ShouldBe("10.0.0.1");
        _gateway.PutOverride(2, "drain", ",\"deadline\":60");
        Pick(session).ShouldBe("10.0.0.2");
        _gateway.PutOverride(2, "drain", ",\"deadline\":1");
        _gateway.Pass(1);
        Pick(session).ShouldBe("10.0.0.1");
        _gateway.PutOverride(2, null);
        Pick(session).ShouldBe("10.0.0.2");
    }

    [Fact]
    public void Drain_DeadlineLongPassedWhenItIsRead_KeepsNoSession()
    {
        PutSticky();
        TestRequest session = SessionOn(2);
        string word = _gateway.Word("drain", ",\"deadline\":30");
        _gateway.Pass(60);

        _gateway.Put((OverriddenGateway.Key(2), word));

        Pick(session).ShouldBe("10.0.0.1");
    }

    [Fact]
    public void Drain_WithoutDeadline_KeepsSessionsForGood()
    {
        PutSticky();
        TestRequest session = SessionOn(2);
        _gateway.PutOverride(2, "drain");
        _gateway.Pass(100_000);

        Pick(session).ShouldBe("10.0.0.2");
    }

    [Fact]
    public void Drain_ToldAlready_IsNotToldAgainByAGatewayThatStartsAnew()
    {
        _gateway.PutOverride(2, "drain");
        _gateway.Pass(1);
        IReadOnlyList<NodeChange> before = _gateway.Node(2).Timeline.Changes;
        using var again = new OverriddenGateway();
        again.PutNodes(1, 2);
        foreach (NodeChange change in before)
            again.Node(2).Timeline.Add(change);

        again.PutOverride(2, "drain"); // its clock says the same as the other's when that was given
        again.Override(2).DrainedAt.ShouldBe(before[^1].At);
        again.Pass(60);

        again.Timeline(2).ShouldBe([NodeChangeKind.DrainBegun, NodeChangeKind.Drained]);
    }

    private void Leave(bool upstreamToo)
    {
        if (upstreamToo)
            _gateway.Put(("upstreams/1", null));
        else
            _gateway.PutNodes(1);
    }

    private void PutSticky(string more = "") =>
        _gateway.Put(("upstreams/1", "{\"nodes\":{\"10.0.0.1:80\":1,\"10.0.0.2:80\":1},\"sticky\":{\"cookie\":{\"name\":\"s\"},\"keep_while_draining\":true}" + more + "}"));

    /// <summary>A request with the cookie of node 10.0.0.N.</summary>
    private TestRequest SessionOn(int node)
    {
        UpstreamSnapshot upstream = _gateway.Served.Find("upstreams/1")!;
        byte[] field = upstream.Policies!.Sticky!.CookieFor(new TestRequest("a.test", "/"), upstream.Nodes[node - 1])!;
        return new TestRequest("a.test", "/").With("cookie", Encoding.ASCII.GetString(field).Split(';')[0]);
    }

    private string Pick(TestRequest request)
    {
        TriedNodes none = default;
        var context = new PickContext(in none, request);
        return _gateway.Served.Find("upstreams/1")!.Pick(ref context)!.Config.Host;
    }
}
