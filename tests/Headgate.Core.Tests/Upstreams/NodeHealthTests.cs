using FsCheck;
using FsCheck.Fluent;
using Headgate.Core.Config;
using Headgate.Core.Upstreams;
using Headgate.Testing;

namespace Headgate.Core.Tests.Upstreams;

public class NodeHealthTests
{
    private static readonly HealthThresholds Limits = new(Successes: 2, HttpFailures: 3, TcpFailures: 2, Timeouts: 4);

    [Fact]
    public void New_IsHealthyWithNothingCounted() => default(NodeHealth).Counters.ShouldBe(new HealthCounters(HealthStatus.Healthy, 0, 0, 0, 0));

    [Theory]
    [InlineData(HealthEvent.HttpFailure, 3)]
    [InlineData(HealthEvent.TcpFailure, 2)]
    [InlineData(HealthEvent.Timeout, 4)]
    public void Report_FailuresUpToTheThreshold_TurnUnhealthyWithTheLastOnly(HealthEvent failure, int limit)
    {
        NodeHealth health = default;
        for (int i = 1; i < limit; i++)
        {
            health.Report(failure, Limits).ShouldBeFalse();
            health.Status.ShouldBe(HealthStatus.MostlyHealthy);
            health.IsHealthy.ShouldBeTrue();
        }

        health.Report(failure, Limits).ShouldBeTrue();
        health.Status.ShouldBe(HealthStatus.Unhealthy);
        health.Report(failure, Limits).ShouldBeFalse();
        Sum(health.Counters).ShouldBe(limit); // what would only confirm is not counted
    }

    [Fact]
    public void Report_SuccessesAfterThat_TurnHealthyWithTheLastOnly()
    {
        NodeHealth health = Unhealthy();

        health.Report(HealthEvent.Success, Limits).ShouldBeFalse();
        health.Counters.ShouldBe(new HealthCounters(HealthStatus.MostlyUnhealthy, 1, 0, 0, 0));
        health.IsHealthy.ShouldBeFalse();
        health.Report(HealthEvent.Success, Limits).ShouldBeTrue();
        health.Counters.ShouldBe(new HealthCounters(HealthStatus.Healthy, 2, 0, 0, 0));
    }

    [Fact]
    public void Report_FailureBetweenSuccesses_BeginsTheCountAnew()
    {
        NodeHealth health = Unhealthy();
        health.Report(HealthEvent.Success, Limits);

        health.Report(HealthEvent.HttpFailure, Limits).ShouldBeFalse();

        health.Counters.ShouldBe(new HealthCounters(HealthStatus.MostlyUnhealthy, 0, 1, 0, 0));
        health.Report(HealthEvent.Success, Limits).ShouldBeFalse();
        health.Report(HealthEvent.Success, Limits).ShouldBeTrue();
    }

    [Fact]
    public void Report_FailuresOfDifferentKinds_DoNotAddUp()
    {
        NodeHealth health = default;

        health.Report(HealthEvent.TcpFailure, Limits).ShouldBeFalse();
        health.Report(HealthEvent.HttpFailure, Limits).ShouldBeFalse();
        health.Report(HealthEvent.Timeout, Limits).ShouldBeFalse();
        health.Report(HealthEvent.HttpFailure, Limits).ShouldBeFalse();

        health.Counters.ShouldBe(new HealthCounters(HealthStatus.MostlyHealthy, 0, 2, 1, 1));
    }

    [Fact]
    public void Report_ThresholdZero_CountsNothing()
    {
        NodeHealth health = default;
        for (int i = 0; i < 300; i++)
            health.Report((HealthEvent)(i % 5), new HealthThresholds(0, 0, 0, 0)).ShouldBeFalse();
        health.Counters.ShouldBe(default);
    }

    [Fact]
    public void Report_ThresholdLoweredBelowTheCount_TurnsWithTheNext()
    {
        NodeHealth health = default;
        for (int i = 0; i < 200; i++)
            health.Report(HealthEvent.HttpFailure, Limits with { HttpFailures = 254 }).ShouldBeFalse();

        health.Report(HealthEvent.HttpFailure, Limits).ShouldBeTrue();
    }

    [Fact]
    public void Reset_Unhealthy_IsAsNew()
    {
        NodeHealth health = Unhealthy();
        health.Reset();
        health.Counters.ShouldBe(default);
    }

    // Written down a second time, the plain way: four integers and a state.
    [Fact]
    public void Report_AnyEvents_AsTheModelOfApisixsChecker() => Prop.ForAll<byte[], (byte, byte, byte, byte)>((events, limits) =>
    {
        var thresholds = new HealthThresholds(limits.Item1 % 5, limits.Item2 % 5, limits.Item3 % 5, limits.Item4 % 5);
        int[] limit = [0, thresholds.Successes, thresholds.HttpFailures, thresholds.TcpFailures, thresholds.Timeouts];
        int[] counters = new int[5];
        string state = "Healthy";
        NodeHealth health = default;
        foreach (byte b in events)
        {
            int what = b % 5;
            bool success = what == 1, usedToBeHealthy = state is "Healthy" or "MostlyHealthy";
            string wanted = success ? "Healthy" : "Unhealthy";
            if (limit[what] > 0 && state != wanted)
            {
                counters[what]++;
                for (int i = 1; i < 5; i++)
                    counters[i] = (i == 1) == success ? counters[i] : 0;
                state = counters[what] >= limit[what] ? wanted : state switch { "Healthy" => "MostlyHealthy", "Unhealthy" => "MostlyUnhealthy", _ => state };
            }

            health.Report((HealthEvent)what, thresholds).ShouldBe(usedToBeHealthy != state is "Healthy" or "MostlyHealthy");
            health.Counters.ShouldBe(new HealthCounters(Enum.Parse<HealthStatus>(state), counters[1], counters[2], counters[3], counters[4]));
        }
    }).Check(FsCheck.Config.QuickThrowOnFailure.WithReplay((ulong)TestSeed.Value, 1UL));

    [Fact]
    public void Report_FromEightThreads_LosesNoFlip()
    {
        var node = new NodeState(new NodeKey("upstreams/1", "10.0.0.1", 80));
        int down = 0, up = 0;
        Parallel.For(0, 8, worker =>
        {
            for (int i = 0; i < 20_000; i++)
            {
                bool success = (worker + i) % 2 == 0;
                if (node.Health.Report(success ? HealthEvent.Success : HealthEvent.TcpFailure, new HealthThresholds(1, 1, 1, 1)))
                    Interlocked.Increment(ref success ? ref up : ref down);
            }
        });
        (down - up).ShouldBe(node.Health.IsHealthy ? 0 : 1);
    }

    private static NodeHealth Unhealthy()
    {
        NodeHealth health = default;
        health.Report(HealthEvent.TcpFailure, Limits);
        health.Report(HealthEvent.TcpFailure, Limits).ShouldBeTrue();
        return health;
    }

    private static int Sum(HealthCounters counters) => counters.Successes + counters.HttpFailures + counters.TcpFailures + counters.Timeouts;
}
