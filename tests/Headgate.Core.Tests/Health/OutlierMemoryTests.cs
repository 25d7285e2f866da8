using Headgate.Core.Config;
using Headgate.Core.Health;
using Headgate.Core.Upstreams;

namespace Headgate.Core.Tests.Health;

/// <summary>Ejections that are taken from one life of a node to the next, whose clock is another.</summary>
public sealed class OutlierMemoryTests
{
    private static readonly OutlierDetectionConfig Config = new() { Consecutive5xx = 3, FailurePercentage = new FailurePercentageConfig(85, 2, 50) };

    private readonly OutlierPool _pool = new(3, Config);

    [Fact]
    public void Of_NodeThatWasNeverEjected_KeepsNothing()
    {
        OutlierMemory.Of(_pool.Nodes[0], Config, 0).ShouldBeNull();
        _pool.Nodes[0].HasOutlier.ShouldBeFalse();
        _pool.Try(0, TryVerdict.Error, 2);
        OutlierMemory.Of(_pool.Nodes[0], Config, 0).ShouldBeNull();
    }

    [Fact]
    public void Restore_EjectedFor20Of30Seconds_ReturnsAfterTheOther10()
    {
        _pool.Try(0, TryVerdict.Error, 3);
        _pool.Advance(TimeSpan.FromSeconds(20));

        (NodeState node, OutlierDetector detector, List<EjectionChange> changes) = Again(downMs: 4_000);

        node.Exclusions.ShouldBe(NodeExclusions.Ejected);
        changes.ShouldBeEmpty();
        detector.DueMs.ShouldBe(100 + 6_000);
        detector.Run(100 + 5_999, changes);
        changes.ShouldBeEmpty();
        detector.Run(100 + 6_000, changes);
        changes.ShouldBe([new EjectionChange(node, EjectionChangeKind.Returned, EjectionReason.Consecutive5xx, "its time is over")]);
        node.Share.Of(PickShareCause.Trial).ShouldBe(1000);
    }

    [Fact]
    public void Restore_TimePassedMeanwhile_ReturnsAtOnce()
    {
        _pool.Try(0, TryVerdict.Error, 3);

        (NodeState node, OutlierDetector detector, List<EjectionChange> changes) = Again(downMs: 500_000);

        detector.DueMs.ShouldBeLessThanOrEqualTo(100);
        detector.Run(100, changes);
        node.Exclusions.ShouldBe(NodeExclusions.None);
    }

    [Fact]
    public void Restore_EjectedTwice_TheThirdEjectionIsThreeTimesAsLong()
    {
        _pool.Try(0, TryVerdict.Error, 3);
        _pool.Advance(TimeSpan.FromSeconds(30));
        _pool.Try(0, TryVerdict.Error, 2);

        (NodeState node, OutlierDetector detector, List<EjectionChange> changes) = Again(downMs: 0);
        detector.Run(100 + 59_999, changes);
        node.Exclusions.ShouldBe(NodeExclusions.Ejected);
        detector.Run(100 + 60_000, changes);
        detector.Eject(node, EjectionReason.Consecutive5xx, 100 + 60_001, changes);

        changes[^1].Reason.ShouldBe("2 failures in a row after its return; out for 90 s");
    }

    [Fact]
    public void Restore_OnTrial_GoesOnWithItsShareAndGrowsWithTheNextWindow()
    {
        _pool.Try(0, TryVerdict.Error, 3);
        _pool.Advance(TimeSpan.FromSeconds(30));
        for (int window = 0; window < 2; window++)
        {
            _pool.Mix(0, 100, 0);
            _pool.EndWindow();
        }

        int share = _pool.Nodes[0].Share.Of(PickShareCause.Trial);
        share.ShouldBeInRange(2000, 5000);

        (NodeState node, OutlierDetector detector, List<EjectionChange> changes) = Again(downMs: 1_000);

        node.Exclusions.ShouldBe(NodeExclusions.None);
        node.Outlier.OnTrial.ShouldBeTrue();
        node.Share.Of(PickShareCause.Trial).ShouldBe(share);
        detector.Run(detector.DueMs, changes);
        node.Share.Of(PickShareCause.Trial).ShouldBe(2 * share);
        changes.ShouldBeEmpty();
    }

    [Fact]
    public void Of_GoodForAsLongAsItWasBad_IsForgotten()
    {
        _pool.Try(0, TryVerdict.Error, 3);
        _pool.Advance(TimeSpan.FromSeconds(30));
        for (int window = 0; window < 10; window++)
        {
            _pool.Mix(0, 100, 0);
            _pool.EndWindow();
        }

        _pool.Nodes[0].Outlier.InRow.ShouldBe(1);
        OutlierMemory.Of(_pool.Nodes[0], Config, _pool.NowMs).ShouldBeNull();
    }

    [Fact]
    public void Restore_WhatEjectedItIsNoLongerConfigured_ReturnsWithTheFirstLook()
    {
        _pool.Try(0, TryVerdict.Error, 3);

        (NodeState node, _, List<EjectionChange> changes) = Again(downMs: 0, new OutlierDetectionConfig { FailurePercentage = new FailurePercentageConfig(85, 2, 50) });

        node.Exclusions.ShouldBe(NodeExclusions.None);
        changes.Select(change => change.Reason).ShouldBe(["what ejected it is no longer configured"]);
    }

    [Fact]
    public void Restore_NumbersThatNobodyWrote_DoNoHarm()
    {
        foreach (int inRow in (int[])[int.MinValue, 0, int.MaxValue])
        {
            var node = new NodeState(new NodeKey("upstreams/1", "10.0.0.1", 80));
            var memory = new OutlierMemory { IsEjected = true, Why = EjectionReason.Consecutive5xx, InRow = inRow, EjectedAgoMs = 0, TrialShare = inRow };
            memory.Restore(node, 100);
            var changes = new List<EjectionChange>();
            var detector = new OutlierDetector(Config, 1_000);
            detector.Set(Config, [node, new NodeState(new NodeKey("upstreams/1", "10.0.0.2", 80))], 100, changes);

            detector.DueMs.ShouldBeInRange(1_000, 100 + 300_000);
            detector.Run(100 + 300_000, changes);
            node.Exclusions.ShouldBe(NodeExclusions.None);
        }
    }

    /// <summary>The first node in the next process, which begins so long after, its clock at 100; and one more that is well.</summary>
    private (NodeState Node, OutlierDetector Detector, List<EjectionChange> Changes) Again(long downMs, OutlierDetectionConfig? config = null)
    {
        OutlierMemory memory = OutlierMemory.Of(_pool.Nodes[0], Config, _pool.NowMs)!.Value;
        memory = memory with { EjectedAgoMs = memory.EjectedAgoMs + downMs, ReturnedAgoMs = memory.ReturnedAgoMs == 0 ? 0 : memory.ReturnedAgoMs + downMs };
        var node = new NodeState(_pool.Nodes[0].Key);
        memory.Restore(node, 100);
        var detector = new OutlierDetector(config ?? Config, 100 + 10_000);
        var changes = new List<EjectionChange>();
        detector.Set(config ?? Config, [node, new NodeState(_pool.Nodes[1].Key)], 100, changes);
        return (node, detector, changes);
    }
}
