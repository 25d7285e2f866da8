using Headgate.Core.Upstreams;

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

    [Fact]
    public void Drain_NodeLeavesMeanwhile_IsNotCutOffAndGoesOnWhenItReturns()
    {
        NodeState node = _gateway.Node(2);
        node.BeginTry();
        _gateway.PutOverride(2, "drain", ",\"deadline\":5");
        _gateway.PutNodes(1);
        _gateway.Pass(60);
        _gateway.Closed.ShouldNotContain("cut 10.0.0.2");

        _gateway.PutNodes(1, 2);
        _gateway.Pass(0.1);

        _gateway.Closed.ShouldContain("cut 10.0.0.2");
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
}
