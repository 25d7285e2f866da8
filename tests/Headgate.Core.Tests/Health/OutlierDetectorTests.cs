using Headgate.Core.Config;
using Headgate.Core.Health;
using Headgate.Core.Upstreams;

namespace Headgate.Core.Tests.Health;

public sealed class OutlierDetectorTests
{
    private static readonly OutlierDetectionConfig InRow = new() { Consecutive5xx = 3 };

    [Fact]
    public void Try_FailuresInARow_EjectAtOnce()
    {
        var pool = new OutlierPool(4, InRow);

        pool.Try(1, TryVerdict.Error, 2);
        pool.Ejected.ShouldBeEmpty();
        pool.Try(1, TryVerdict.GatewayFailure);

        pool.Ejected.ShouldBe([1]);
        EjectionChange change = pool.Take().ShouldHaveSingleItem();
        (change.Node, change.Kind, change.Why).ShouldBe((pool.Nodes[1], EjectionChangeKind.Ejected, EjectionReason.Consecutive5xx));
        change.Reason.ShouldBe("3 failures in a row; out for 30 s");
        pool.Nodes[1].IsUsable.ShouldBeFalse();
    }

    [Fact]
    public void Try_SuccessBetween_BeginsTheRowAnew()
    {
        var pool = new OutlierPool(4, InRow);

        for (int i = 0; i < 10; i++)
        {
            pool.Try(1, TryVerdict.Error, 2);
            pool.Try(1, TryVerdict.Success);
        }

        pool.Ejected.ShouldBeEmpty();
    }

    [Fact]
    public void Try_ErrorBetweenGatewayFailures_BeginsTheirRowAnew()
    {
        var pool = new OutlierPool(4, new OutlierDetectionConfig { ConsecutiveGatewayFailure = 3 });

        pool.Try(0, TryVerdict.GatewayFailure, 2);
        pool.Try(0, TryVerdict.Error, 20);
        pool.Try(0, TryVerdict.GatewayFailure, 2);
        pool.Ejected.ShouldBeEmpty();
        pool.Try(0, TryVerdict.GatewayFailure);

        pool.Ejected.ShouldBe([0]);
        pool.Take()[0].Why.ShouldBe(EjectionReason.ConsecutiveGatewayFailure);
    }

    [Fact]
    public void Ejection_TimeGrowsWithEachInARow_UpToTheMaximumAndShrinksAgain()
    {
        var config = InRow with { BaseEjectionTime = TimeSpan.FromSeconds(10), MaxEjectionTime = TimeSpan.FromSeconds(35) };
        var pool = new OutlierPool(4, config);

        // 10, 20, 30 s, then the maximum.
        int[] lengths = [.. Enumerable.Range(0, 5).Select(_ => EjectAndWait(pool))];
        lengths.ShouldBe([10, 20, 30, 35, 35]);

        // Five in a row; two base times without one are taken off, and one is added.
        pool.Advance(TimeSpan.FromSeconds(29));
        pool.Nodes[0].Outlier.InRow.ShouldBe(5);
        EjectAndWait(pool).ShouldBe(35);
        pool.Nodes[0].Outlier.InRow.ShouldBe(4);
        pool.Advance(TimeSpan.FromHours(1));
        EjectAndWait(pool).ShouldBe(10);
    }

    [Fact]
    public void Run_EjectionOver_ReturnsTheNodeAtItsTime()
    {
        var pool = new OutlierPool(4, InRow);
        pool.Advance(TimeSpan.FromSeconds(7));
        pool.Try(2, TryVerdict.Error, 3);
        pool.Take();

        pool.Advance(TimeSpan.FromSeconds(29.999));
        pool.Ejected.ShouldBe([2]);
        pool.Advance(TimeSpan.FromSeconds(0.001));

        pool.Ejected.ShouldBeEmpty();
        EjectionChange change = pool.Take().ShouldHaveSingleItem();
        (change.Node, change.Kind, change.Reason).ShouldBe((pool.Nodes[2], EjectionChangeKind.Returned, "its time is over"));
    }

    [Fact]
    public void Try_OnTrial_TwoFailuresInARowEjectAgain()
    {
        var pool = new OutlierPool(4, InRow with { Consecutive5xx = 50 });
        pool.Try(0, TryVerdict.Error, 50);
        pool.Advance(TimeSpan.FromSeconds(30));
        pool.Nodes[0].Outlier.OnTrial.ShouldBeTrue();
        pool.Take();

        pool.Try(0, TryVerdict.Error, 2);

        pool.Take().ShouldHaveSingleItem().Reason.ShouldBe("2 failures in a row after its return; out for 60 s");
    }

    [Fact]
    public void Try_TrialPassed_TheConfiguredNumberCountsAgain()
    {
        var pool = new OutlierPool(4, InRow with { Consecutive5xx = 50 });
        pool.Try(0, TryVerdict.Error, 50);
        pool.Advance(TimeSpan.FromMinutes(5));

        pool.Try(0, TryVerdict.Error, 49);

        pool.Nodes[0].Outlier.OnTrial.ShouldBeFalse();
        pool.Ejected.ShouldBeEmpty();
        pool.Detector.DueMs.ShouldBe(long.MaxValue); // and nothing is left to do
    }

    [Theory]
    [InlineData(10, new[] { 1000, 2000, 4000, 8000 })]
    [InlineData(60, new[] { 6000 })]
    [InlineData(100, new int[0])]
    public void Return_ShareOfPicks_DoublesWithEveryWindow(int percent, int[] shares)
    {
        var pool = new OutlierPool(4, InRow with { ReturnPercent = percent });
        pool.Advance(TimeSpan.FromSeconds(3));
        pool.Try(0, TryVerdict.Error, 3);
        pool.Nodes[0].Share.Effective.ShouldBe(PickShare.Full); // should panic use it
        pool.Advance(TimeSpan.FromSeconds(30));

        // Back at 33 s: the first whole window ends at 50 s, then one every ten.
        foreach (int share in shares)
        {
            pool.Nodes[0].Share.Of(PickShareCause.Trial).ShouldBe(share);
            pool.Nodes[0].Outlier.OnTrial.ShouldBeTrue();
            pool.Advance(TimeSpan.FromSeconds(share == shares[0] ? 17 : 10));
        }

        pool.Advance(TimeSpan.FromSeconds(shares.Length == 0 ? 17 : 0));
        pool.Nodes[0].Share.Of(PickShareCause.Trial).ShouldBe(PickShare.Full);
        pool.Nodes[0].Outlier.OnTrial.ShouldBeFalse();
    }

    [Fact]
    public void Return_EjectedAgain_BeginsItsShareAnew()
    {
        var pool = new OutlierPool(4, InRow);
        pool.Try(0, TryVerdict.Error, 3);
        pool.Advance(TimeSpan.FromSeconds(55));
        pool.Nodes[0].Share.Of(PickShareCause.Trial).ShouldBe(4000);

        pool.Try(0, TryVerdict.Error, 2);
        pool.Advance(TimeSpan.FromSeconds(60));

        pool.Nodes[0].Share.Of(PickShareCause.Trial).ShouldBe(1000);
    }

    [Fact]
    public void Try_FailuresThatEndDuringTheEjection_DoNotCountAfterIt()
    {
        var pool = new OutlierPool(4, InRow);
        pool.Try(0, TryVerdict.Error, 3);
        pool.Try(0, TryVerdict.Error, 2); // were under way

        pool.Advance(TimeSpan.FromSeconds(30));
        pool.Try(0, TryVerdict.Error);

        pool.Ejected.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(5, 40, 1, 2)] // 40 % of five are two
    [InlineData(5, 39, 1, 1)]
    [InlineData(5, 100, 3, 2)] // three must stay
    [InlineData(3, 100, 1, 2)]
    [InlineData(3, 50, 1, 1)]
    public void Eject_BeyondTheLimits_IsRefused(int nodes, int percent, int remaining, int ejected)
    {
        var pool = new OutlierPool(nodes, InRow with { MaxEjectionPercent = percent, MinRemainingHosts = remaining });

        for (int i = 0; i < nodes; i++)
            pool.Try(i, TryVerdict.Error, 3);

        pool.Ejected.ShouldBe(Enumerable.Range(0, ejected));
        pool.Take().Count(change => change.Kind == EjectionChangeKind.Refused).ShouldBe(nodes - ejected);
    }

    [Fact]
    public void Eject_OthersUnusable_CountsOnlyTheUsableAsRemaining()
    {
        var pool = new OutlierPool(4, InRow with { MinRemainingHosts = 2 });
        pool.Nodes[3].Exclude(NodeExclusions.ForcedDown);
        pool.Try(0, TryVerdict.Error, 3);
        pool.Ejected.ShouldBe([0]); // 1 and 2 stay

        pool.Nodes[2].Health.Report(HealthEvent.TcpFailure, new HealthThresholds(1, 1, 1, 1));
        pool.EndWindow();

        pool.Ejected.ShouldBeEmpty(); // or only one would stay
        pool.Try(0, TryVerdict.Error, 3);
        pool.Ejected.ShouldBeEmpty();
    }

    [Fact]
    public void Set_FewerNodes_ReturnsWhatIsTooManyThoseFirstWhoseTimeIsNearlyOver()
    {
        var pool = new OutlierPool(6, InRow);
        pool.Try(0, TryVerdict.Error, 3);
        pool.Advance(TimeSpan.FromSeconds(1));
        pool.Try(1, TryVerdict.Error, 3);
        pool.Try(2, TryVerdict.Error, 3);
        pool.Ejected.ShouldBe([0, 1, 2]);
        pool.Take();

        pool.Edit(InRow, pool.Nodes[..4]);

        pool.Ejected.ShouldBe([1, 2]);
        pool.Take().ShouldHaveSingleItem().Reason.ShouldBe("fewer nodes may be ejected now");
    }

    [Fact]
    public void Set_OtherSettings_ActAtOnce()
    {
        var pool = new OutlierPool(6, InRow);
        pool.Try(0, TryVerdict.Error, 3);
        pool.Advance(TimeSpan.FromSeconds(10));

        pool.Edit(InRow with { BaseEjectionTime = TimeSpan.FromSeconds(12) }, pool.Nodes);
        pool.Advance(TimeSpan.FromSeconds(1));
        pool.Ejected.ShouldBe([0]);
        pool.Advance(TimeSpan.FromSeconds(1));
        pool.Ejected.ShouldBeEmpty();

        pool.Try(1, TryVerdict.Error, 3);
        pool.Take();
        pool.Edit(new OutlierDetectionConfig { ConsecutiveGatewayFailure = 3 }, pool.Nodes);
        pool.Ejected.ShouldBeEmpty();
        pool.Take().ShouldHaveSingleItem().Reason.ShouldBe("what ejected it is no longer configured");
    }

    [Fact]
    public void Set_OtherSettings_KeepsRowsAndEjections()
    {
        var pool = new OutlierPool(6, InRow);
        pool.Try(0, TryVerdict.Error, 3);
        pool.Try(1, TryVerdict.Error, 2);

        pool.Edit(InRow with { MaxEjectionPercent = 100 }, pool.Nodes);
        pool.Try(1, TryVerdict.Error);

        pool.Ejected.ShouldBe([0, 1]);
    }

    [Fact]
    public void Set_OnANodeEjectedUnderAnotherDetector_GoesOnWithItsEjection()
    {
        var pool = new OutlierPool(4, InRow);
        pool.Try(0, TryVerdict.Error, 3);
        pool.Detector.Close();
        var next = new OutlierDetector(InRow, long.MaxValue);
        var changes = new List<EjectionChange>();

        next.Set(InRow, pool.Nodes, 20_000, changes);
        next.DueMs.ShouldBe(30_000);
        next.Run(30_000, changes);

        changes.ShouldHaveSingleItem().Kind.ShouldBe(EjectionChangeKind.Returned);
        pool.Ejected.ShouldBeEmpty();
    }

    [Fact]
    public void Closed_DoesNothing()
    {
        var pool = new OutlierPool(4, InRow);
        pool.Detector.Close();

        pool.Try(0, TryVerdict.Error, 3);
        pool.EndWindow();

        pool.Take().ShouldBeEmpty();
        pool.Detector.DueMs.ShouldBe(long.MaxValue);
    }

    [Fact]
    public void DueMs_NothingToJudgeAndNobodyOut_IsNever() => new OutlierPool(4, InRow).Detector.DueMs.ShouldBe(long.MaxValue);

    /// <summary>Ejects the first node and waits for its return; seconds.</summary>
    private static int EjectAndWait(OutlierPool pool)
    {
        pool.Try(0, TryVerdict.Error, 3);
        pool.Ejected.ShouldBe([0]);
        int seconds = 0;
        for (; pool.Ejected.Length > 0; seconds++)
            pool.Advance(TimeSpan.FromSeconds(1));
        return seconds;
    }
}
