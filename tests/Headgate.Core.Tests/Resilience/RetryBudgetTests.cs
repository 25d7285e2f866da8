using FsCheck;
using FsCheck.Fluent;
using Headgate.Core.Config;
using Headgate.Core.Resilience;
using Headgate.Core.Upstreams;
using Headgate.Testing;
using FsConfig = FsCheck.Config;

namespace Headgate.Core.Tests.Resilience;

public sealed class RetryBudgetTests
{
    private static readonly RetryBudgetConfig Limits = RetryBudgetConfig.Default;
    private static readonly NodeState[] Nodes = [.. Enumerable.Range(1, 5).Select(i => new NodeState(new NodeKey("upstreams/1", $"10.0.0.{i}", 80)))];

    private readonly RetryBudget _budget = new();
    private long _now = 1_000_000;

    [Fact]
    public void TryTake_OneNodeFails_HasNoLimit()
    {
        for (int i = 0; i < 1000; i++)
            Take(0).ShouldBeTrue();
    }

    [Fact]
    public void TryTake_SecondNodeFails_TheLeastAndNoMore()
    {
        Take(0).ShouldBeTrue();
        Take(1).ShouldBeTrue();
        Take(0).ShouldBeTrue();
        Take(1).ShouldBeFalse();
    }

    [Theory]
    [InlineData(0, 3)]
    [InlineData(14, 3)]
    [InlineData(1000, 200)]
    public void TryTakeHedge_NothingHasFailed_AFifthOfTheRequestsAllTheSame(int requests, int hedges)
    {
        _budget.TryTakeHedge(Limits, _now).IsTaken.ShouldBeTrue(); // the time it counts begins
        for (int i = 0; i < requests; i++)
            _budget.OnRequest();
        Enumerable.Range(0, requests + 10).Count(_ => _budget.TryTakeHedge(Limits, _now).IsTaken).ShouldBe(hedges - 1);
    }

    [Fact]
    public void TryTakeHedge_Refused_SaysOnceThatItWasTheFirst()
    {
        for (int i = 0; i < Limits.MinRetryConcurrency; i++)
            _budget.TryTakeHedge(Limits, _now).IsTaken.ShouldBeTrue();
        _budget.TryTakeHedge(Limits, _now).ShouldBe(RetryPermit.RefusedFirst);
        _budget.TryTakeHedge(Limits, _now).ShouldBe(RetryPermit.Refused);
    }

    [Fact]
    public void TryTakeHedge_SharesItsPlacesWithRetries()
    {
        _budget.TryTakeHedge(Limits, _now).IsTaken.ShouldBeTrue();
        Take(0, hasOthers: false).ShouldBeTrue();
        RetryPermit last = _budget.TryTakeHedge(Limits, _now);
        last.IsTaken.ShouldBeTrue();
        Take(0, hasOthers: false).ShouldBeFalse();
        _budget.GiveBack(last);
        Take(0, hasOthers: false).ShouldBeTrue();
    }

    [Fact]
    public void TryTake_OnlyNode_TheLeastAndNoMore()
    {
        for (int i = 0; i < Limits.MinRetryConcurrency; i++)
            Take(0, hasOthers: false).ShouldBeTrue();
        Take(0, hasOthers: false).ShouldBeFalse();
    }

    [Fact]
    public void TryTake_RetryThatFailedToo_EndsTheFreedomOfTheOnlyFailingNode()
    {
        for (int i = 0; i < 10; i++)
            Take(0).ShouldBeTrue();
        _budget.OnWasted(Nodes[0], _now); // the same node: the others cannot be connected to
        Take(0).ShouldBeFalse();
    }

    [Theory]
    [InlineData(14, 3)]
    [InlineData(20, 4)]
    [InlineData(1000, 200)]
    public void TryTake_RequestsSinceTheTroubleBegan_AFifthOfThem(int requests, int retries)
    {
        BeginTrouble();
        for (int i = 0; i < requests; i++)
            _budget.OnRequest();
        Enumerable.Range(0, requests).Count(_ => Take(0)).ShouldBe(retries);
    }

    [Fact]
    public void TryTake_RequestsOfQuietTimes_AreNotSavedUp()
    {
        for (int i = 0; i < 100_000; i++)
            _budget.OnRequest();
        BeginTrouble();
        Enumerable.Range(0, 1000).Count(_ => Take(1)).ShouldBe(Limits.MinRetryConcurrency);
    }

    [Fact]
    public void GiveBack_RetryThatHelped_MakesRoom()
    {
        BeginTrouble();
        for (int i = 0; i < 1000; i++)
        {
            RetryPermit permit = _budget.TryTake(Limits, Nodes[i % 2], true, _now);
            permit.IsTaken.ShouldBeTrue();
            _budget.GiveBack(permit);
        }
    }

    [Fact]
    public void GiveBack_PermitOfAnAgeNobodyCounts_MakesNoRoom()
    {
        BeginTrouble();
        RetryPermit old = _budget.TryTake(Limits, Nodes[0], true, _now);
        Pass(2 * RetryBudget.WindowMs);
        BeginTrouble();
        Enumerable.Range(0, 10).Count(_ => Take(0)).ShouldBe(3);
        _budget.GiveBack(old);
        Take(1).ShouldBeFalse();
    }

    [Fact]
    public void GiveBack_PermitOfTheWindowBefore_MakesRoom()
    {
        BeginTrouble();
        RetryPermit before = _budget.TryTake(Limits, Nodes[0], true, _now);
        Take(0);
        Take(0);
        Pass(RetryBudget.WindowMs);
        Take(1).ShouldBeFalse();
        _budget.GiveBack(before);
        Take(1).ShouldBeTrue();
    }

    [Fact]
    public void TryTake_RefusedAgain_IsTheFirstOnlyAfterAWhile()
    {
        BeginTrouble();
        for (int i = 0; i <= Limits.MinRetryConcurrency; i++)
            Take(0).ShouldBe(i < Limits.MinRetryConcurrency);
        _budget.TryTake(Limits, Nodes[0], true, _now).ShouldBe(RetryPermit.Refused);
        Pass(3 * RetryBudget.WindowMs);
        BeginTrouble();
        for (int i = 0; i < Limits.MinRetryConcurrency; i++)
            Take(0).ShouldBeTrue();
        _budget.TryTake(Limits, Nodes[0], true, _now).ShouldBe(RetryPermit.RefusedFirst);
    }

    [Fact]
    public void TryTake_AfterTwoQuietWindows_OneNodeIsFreeAgain()
    {
        BeginTrouble();
        Pass((2 * RetryBudget.WindowMs) + 1);
        Enumerable.Range(0, 100).ShouldAllBe(_ => Take(0));
    }

    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(0, 2, 2)]
    [InlineData(100, 0, 50)]
    [InlineData(50, 3, 25)]
    public void TryTake_OtherLimits_AreThose(int percent, int least, int retries)
    {
        BeginTrouble();
        for (int i = 0; i < 50; i++)
            _budget.OnRequest();
        var limits = new RetryBudgetConfig(percent, least);
        Enumerable.Range(0, 100).Count(_ => _budget.TryTake(limits, Nodes[0], true, _now).IsTaken).ShouldBe(retries);
    }

    /// <summary>
    /// Clients that ask again as soon as they were answered, nodes that all fail after a random time, healthy traffic before it or not. The extra load is the budget's share; a
    /// wave of requests that fail at one node before any other has is not held back, and it is no larger than what is under way.
    /// </summary>
    [Fact]
    public void TotalOutage_AnyLoad_CostsAFifth()
    {
        Gen<(int, int, int, int, int, int)> loads =
            from clients in Gen.Choose(1, 64)
            from nodes in Gen.Choose(1, 5)
            from latencyMs in Gen.Choose(1, 3000)
            from requests in Gen.Choose(100, 3000)
            from healthy in Gen.Choose(0, 5000)
            from seed in Gen.Choose(0, int.MaxValue)
            select (clients, nodes, latencyMs, requests, healthy, seed);
        FsConfig config = FsConfig.QuickThrowOnFailure.WithMaxTest(300).WithReplay((ulong)TestSeed.Value, 1UL);
        Prop.ForAll(loads.ToArbitrary(), load =>
        {
            (int clients, int nodes, int latencyMs, int requests, int healthy, int seed) = load;
            (int retries, long lastedMs) = OutageSimulation.Run(clients, nodes, latencyMs, requests, healthy, seed);
            long leastOfEachWindow = Limits.MinRetryConcurrency * (1 + (lastedMs / RetryBudget.WindowMs));
            return retries <= Math.Max(requests / 5, clients + 1) + leastOfEachWindow;
        }).Check(config);
    }

    [Theory]
    [InlineData(8, 300)]
    [InlineData(32, 500)]
    [InlineData(64, 2000)]
    public void TotalOutage_NodesThatFailAlike_AtMostOneTryAndAFifth(int clients, int requests) =>
        OutageSimulation.Run(clients, nodes: 3, latencyMs: 20, requests, healthy: 10_000, TestSeed.Value).Retries.ShouldBeLessThanOrEqualTo(requests / 5);

    [Fact]
    public void TryTake_ManyThreads_NeverMoreThanTheBudget()
    {
        BeginTrouble();
        for (int i = 0; i < 10_000; i++)
            _budget.OnRequest();
        int taken = 0;
        Parallel.For(0, 8, _ =>
        {
            for (int i = 0; i < 5_000; i++)
            {
                if (Take(i % 3))
                    Interlocked.Increment(ref taken);
            }
        });
        taken.ShouldBe(2_000);
    }

    private bool Take(int node, bool hasOthers = true) => _budget.TryTake(Limits, Nodes[node], hasOthers, _now).IsTaken;

    /// <summary>Two nodes have failed, and their retries were given back: only the budget counts.</summary>
    private void BeginTrouble()
    {
        _budget.GiveBack(_budget.TryTake(Limits, Nodes[3], true, _now));
        _budget.GiveBack(_budget.TryTake(Limits, Nodes[4], true, _now));
    }

    private void Pass(long ms) => _now += ms;
}
