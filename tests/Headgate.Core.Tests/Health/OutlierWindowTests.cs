using Headgate.Core.Config;
using Headgate.Core.Health;
using Headgate.Core.Upstreams;

namespace Headgate.Core.Tests.Health;

/// <summary>What is judged at the end of a window.</summary>
public sealed class OutlierWindowTests
{
    private static readonly OutlierDetectionConfig Percentage = new() { FailurePercentage = new FailurePercentageConfig(60, 2, 50) };
    private static readonly OutlierDetectionConfig SuccessRate = new() { SuccessRate = new SuccessRateConfig(1900, 5, 100) };
    private static readonly OutlierDetectionConfig Latency = new() { Latency = new LatencyOutlierConfig(3, 3, 50, 2, TimeSpan.FromMilliseconds(1)) };

    [Theory]
    [InlineData(40, 60, true)] // 60 % of 100
    [InlineData(41, 59, false)]
    [InlineData(20, 30, true)] // the least volume
    [InlineData(0, 49, false)] // one less
    public void FailurePercentage_AtTheThresholdWithTheVolume_Ejects(int successes, int failures, bool ejects)
    {
        var pool = new OutlierPool(4, Percentage);
        pool.Mix(0, 100, 0);
        pool.Mix(1, 100, 0);
        pool.Mix(2, successes, failures);

        pool.EndWindow();

        pool.Ejected.ShouldBe(ejects ? [2] : []);
        if (ejects)
            pool.Take()[0].Reason.ShouldBe($"{failures} of {successes + failures} requests failed, 60 %; the threshold is 60 %; out for 30 s");
    }

    [Fact]
    public void FailurePercentage_TooFewNodesWithVolume_JudgesNobody()
    {
        var pool = new OutlierPool(4, Percentage);
        pool.Mix(0, 0, 100);
        pool.Mix(1, 49, 0);
        pool.EndWindow();
        pool.Ejected.ShouldBeEmpty();
    }

    [Fact]
    public void FailurePercentage_CountsOneWindowOnly()
    {
        var pool = new OutlierPool(4, Percentage);
        for (int window = 0; window < 10; window++)
        {
            pool.Mix(0, 100, 0);
            pool.Mix(1, 0, 40);
            pool.EndWindow();
        }

        pool.Take().ShouldBeEmpty(); // not even for a while
    }

    [Fact]
    public void FailurePercentage_MoreThanMayGo_TakesTheWorst()
    {
        var pool = new OutlierPool(4, Percentage with { MaxEjectionPercent = 25 });
        pool.Mix(0, 30, 70);
        pool.Mix(1, 0, 100);
        pool.Mix(2, 20, 80);
        pool.EndWindow();
        pool.Ejected.ShouldBe([1]);
    }

    [Fact]
    public void SuccessRate_OneFarBelowTheOthers_IsEjected()
    {
        var pool = new OutlierPool(5, SuccessRate);
        for (int i = 0; i < 4; i++)
            pool.Mix(i, 99, 1);
        pool.Mix(4, 80, 20);

        pool.EndWindow();

        // Rates 0.99 four times and 0.80: mean 0.952, deviation 0.076, limit 0.952 − 1.9 · 0.076 = 0.8076.
        pool.Ejected.ShouldBe([4]);
        pool.Take()[0].Reason.ShouldBe("80 % of 100 requests succeeded; the mean of 5 nodes is 95.2 % and the limit 80.76 %; out for 30 s");
    }

    [Theory]
    [InlineData(8, false)] // all failures at one of five nodes: 0.2^8 is 2.6 in a million
    [InlineData(9, true)] // and 0.2^9 half of one
    public void SuccessRate_WhatChanceExplains_IsNoFinding(int failures, bool ejects)
    {
        var pool = new OutlierPool(5, SuccessRate);
        for (int i = 0; i < 4; i++)
            pool.Mix(i, 100, 0);
        pool.Mix(4, 100 - failures, failures);
        pool.EndWindow();
        pool.Ejected.ShouldBe(ejects ? [4] : []);
    }

    [Fact]
    public void SuccessRate_AllEquallyBad_EjectsNobody()
    {
        var pool = new OutlierPool(5, SuccessRate);
        for (int i = 0; i < 5; i++)
            pool.Mix(i, 20, 80);
        pool.EndWindow();
        pool.Ejected.ShouldBeEmpty();
    }

    [Fact]
    public void SuccessRate_NodesWithLittleTraffic_AreLeftAside()
    {
        var pool = new OutlierPool(6, SuccessRate);
        for (int i = 0; i < 5; i++)
            pool.Mix(i, 200, 0);
        pool.Mix(5, 0, 99);
        pool.EndWindow();
        pool.Ejected.ShouldBeEmpty();
    }

    [Fact]
    public void Latency_OneSlowNode_IsEjectedAfterTwoWindows()
    {
        var pool = new OutlierPool(5, Latency);

        Answer(pool, 10, 10, 10, 10, 50);
        pool.EndWindow();
        pool.Ejected.ShouldBeEmpty();
        Answer(pool, 10, 10, 10, 10, 50);
        pool.EndWindow();

        pool.Ejected.ShouldBe([4]);
        EjectionChange change = pool.Take()[0];
        change.Why.ShouldBe(EjectionReason.Latency);
        change.Reason.ShouldStartWith("half of 50 answers took ");
        change.Reason.ShouldEndWith(" times as long as with its peers (9.984 ms); the factor is 3, 2 window(s) in a row; out for 30 s");
    }

    [Fact]
    public void Latency_AGoodWindowBetween_BeginsAnew()
    {
        var pool = new OutlierPool(5, Latency);
        for (int i = 0; i < 6; i++)
        {
            Answer(pool, 10, 10, 10, 10, i % 2 == 0 ? 50 : 10);
            pool.EndWindow();
        }

        pool.Take().ShouldBeEmpty(); // not even for a while
    }

    [Theory]
    [InlineData(50.0, 50.0, 50.0, 50.0, 50.0)] // all
    [InlineData(10.0, 10.0, 50.0, 50.0, 50.0)] // most
    [InlineData(10.0, 10.0, 10.0, 25.0, 29.0)] // below the factor
    [InlineData(0.1, 0.1, 0.1, 0.1, 1.0)] // less than a millisecond
    public void Latency_WhatIsNoOutlier_Stays(params double[] latenciesMs)
    {
        var pool = new OutlierPool(5, Latency);
        for (int i = 0; i < 5; i++)
        {
            Answer(pool, latenciesMs);
            pool.EndWindow();
        }

        pool.Take().ShouldBeEmpty(); // not even for a while
    }

    [Fact]
    public void Latency_TwoOfFiveSlow_BothAreFound()
    {
        var pool = new OutlierPool(5, Latency);
        for (int i = 0; i < 2; i++)
        {
            Answer(pool, 60, 10, 11, 12, 50);
            pool.EndWindow();
        }

        pool.Ejected.ShouldBe([0, 4]);
        pool.Take().Select(change => change.Node).ShouldBe([pool.Nodes[0], pool.Nodes[4]]); // the slowest first
    }

    [Fact]
    public void Latency_HalfOfThreeNodes_NeedsBothPeersFaster()
    {
        var pool = new OutlierPool(3, Latency);
        for (int i = 0; i < 5; i++)
        {
            Answer(pool, 10, 50, 50);
            pool.EndWindow();
        }

        pool.Take().ShouldBeEmpty(); // not even for a while
    }

    [Fact]
    public void Latency_OnTrial_IsEjectedAtTheFirstSlowWindow()
    {
        var pool = new OutlierPool(5, Latency);
        for (int i = 0; i < 2; i++)
        {
            Answer(pool, 10, 10, 10, 10, 50);
            pool.EndWindow();
        }

        while (pool.Ejected.Length > 0)
        {
            Answer(pool, 10, 10, 10, 10);
            pool.EndWindow();
        }

        pool.Take();
        for (int i = 0; i < 2; i++) // it may have returned within a window; a whole one judges it
        {
            Answer(pool, 10, 10, 10, 10, 50);
            pool.EndWindow();
        }

        EjectionChange change = pool.Take().Single(change => change.Kind == EjectionChangeKind.Ejected);
        change.Node.ShouldBe(pool.Nodes[4]);
        change.Reason.ShouldEndWith("1 window(s) in a row; out for 60 s");
    }

    [Fact]
    public void Latency_OnTrialWithFewRequests_IsJudgedWhenThereAreEnough()
    {
        var pool = new OutlierPool(5, Latency);
        pool.Nodes[4].Exclude(NodeExclusions.Ejected);
        pool.Nodes[4].Outlier.Latencies.Take();
        pool.EndWindow(); // its time is over at once: nobody set one
        pool.Nodes[4].Outlier.OnTrial.ShouldBeTrue();
        pool.Take();

        int windows = 0;
        for (; pool.Ejected.Length == 0 && windows < 10; windows++)
        {
            Answer(pool, 10, 10, 10, 10);
            pool.Answer(4, Enumerable.Repeat(50.0, 20));
            pool.EndWindow();
        }

        windows.ShouldBe(3); // 60 answers are 50 or more
    }

    private static void Answer(OutlierPool pool, params double[] latenciesMs)
    {
        foreach ((int node, double latencyMs) in latenciesMs.Index())
            pool.Answer(node, Enumerable.Repeat(latencyMs, 50));
    }
}
