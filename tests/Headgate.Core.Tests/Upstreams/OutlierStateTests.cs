using Headgate.Core.Config;
using Headgate.Core.Upstreams;
using Headgate.Testing;

namespace Headgate.Core.Tests.Upstreams;

public sealed class OutlierStateTests
{
    [Fact]
    public void Count_ThreadsFailTogether_EachRowIsFoundOnce()
    {
        var config = new OutlierDetectionConfig { Consecutive5xx = 10 };
        var state = new OutlierState();
        int found = 0;
        Thread[] threads = [.. Enumerable.Range(0, 4).Select(_ => new Thread(() =>
        {
            for (int i = 0; i < 25_000; i++)
            {
                if (state.Count(TryVerdict.Error, config) != EjectionReason.None)
                    Interlocked.Increment(ref found);
            }
        }))];
        foreach (Thread thread in threads)
            thread.Start();
        foreach (Thread thread in threads)
            thread.Join();

        // Failures that come between reaching the limit and beginning anew belong to the row that ends.
        found.ShouldBeInRange(1, 10_000);
        for (int i = 0; i < 10; i++)
            found += state.Count(TryVerdict.Error, config) != EjectionReason.None ? 1 : 0;
        found.ShouldBeInRange(2, 10_001);
    }

    [Fact]
    public void Count_Everything_AllocatesNothing()
    {
        var config = new OutlierDetectionConfig
        {
            Consecutive5xx = 1000,
            ConsecutiveGatewayFailure = 1000,
            FailurePercentage = new FailurePercentageConfig(50, 2, 50),
            Latency = new LatencyOutlierConfig(3, 3, 50, 2, TimeSpan.Zero),
        };
        var node = new NodeState(new NodeKey("upstreams/1", "10.0.0.1", 80));
        node.HasOutlier.ShouldBeFalse();

        Allocation.Of(() =>
        {
            for (int i = 0; i < 10_000; i++)
            {
                node.Outlier.Latencies.Add(TimeSpan.FromMilliseconds(i));
                node.Outlier.Count((TryVerdict)(i % 3), config);
            }
        }).ShouldBe(0);
    }

    [Fact]
    public void ForgetOutlier_EjectedNode_TakesRequestsAgainAndKnowsNothing()
    {
        var node = new NodeState(new NodeKey("upstreams/1", "10.0.0.1", 80));
        node.Outlier.Count(TryVerdict.Error, new OutlierDetectionConfig { Consecutive5xx = 5 });
        node.ForgetOutlier().ShouldBeFalse();
        node.HasOutlier.ShouldBeFalse();

        node.Exclude(NodeExclusions.Ejected);
        node.ForgetOutlier().ShouldBeTrue();
        node.IsUsable.ShouldBeTrue();
    }
}
