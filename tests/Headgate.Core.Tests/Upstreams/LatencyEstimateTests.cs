using Headgate.Core.Upstreams;

namespace Headgate.Core.Tests.Upstreams;

public class LatencyEstimateTests
{
    [Fact]
    public void ReadMs_NothingObserved_IsWhatIsExpected()
    {
        LatencyEstimate latency = default;

        latency.TryGetMs(0, out _).ShouldBeFalse();
        latency.ReadMs(expectedMs: 7, nowMs: 123).ShouldBe(7);
    }

    [Fact]
    public void Observe_LongerThanTheEstimate_CountsAtOnce()
    {
        LatencyEstimate latency = default;
        latency.Observe(10, nowMs: 0);
        latency.Observe(80, nowMs: 1);

        latency.ReadMs(1, nowMs: 1).ShouldBe(80);
    }

    [Theory]
    [InlineData(0, 100)] // no time has passed, and time is what counts
    [InlineData(10_000, 20 + (80 / Math.E))]
    [InlineData(20_000, 20 + (80 / Math.E / Math.E))]
    public void Observe_ShorterThanTheEstimate_PullsItDownByTheTimeBetween(long afterMs, double expectedMs)
    {
        LatencyEstimate latency = default;
        latency.Observe(100, nowMs: 5);
        latency.Observe(20, nowMs: 5 + afterMs);

        ((double)latency.ReadMs(1, nowMs: 5 + afterMs)).ShouldBe(expectedMs, 0.01);
    }

    [Fact]
    public void ReadMs_NotRefreshed_DriftsToTheExpectedFromBothSides()
    {
        LatencyEstimate slow = default, fast = default;
        slow.Observe(100, nowMs: 0);
        fast.Observe(1, nowMs: 0);

        ((double)slow.ReadMs(10, LatencyEstimate.DecayMs)).ShouldBe(10 + (90 / Math.E), 0.01);
        ((double)fast.ReadMs(10, LatencyEstimate.DecayMs)).ShouldBe(10 - (9 / Math.E), 0.01);
        slow.TryGetMs(LatencyEstimate.ForgottenMs - 1, out _).ShouldBeTrue();
        slow.TryGetMs(LatencyEstimate.ForgottenMs, out _).ShouldBeFalse();
        slow.ReadMs(10, LatencyEstimate.ForgottenMs).ShouldBe(10);
    }

    [Fact]
    public void Observe_AfterItWasForgotten_BeginsAnew()
    {
        LatencyEstimate latency = default;
        latency.Observe(1_000, nowMs: 0);
        latency.Observe(5, nowMs: LatencyEstimate.ForgottenMs);

        latency.ReadMs(1, LatencyEstimate.ForgottenMs).ShouldBe(5);
    }

    [Fact]
    public void ObserveFailure_FastOnes_CountAsASecondAndDoubleUpToAMinute()
    {
        LatencyEstimate latency = default;
        var seen = new List<float>();
        for (int i = 0; i < 8; i++)
        {
            latency.ObserveFailure(elapsedMs: 0.1, nowMs: 0);
            seen.Add(latency.ReadMs(1, nowMs: 0));
        }

        seen.ShouldBe([1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000]);
    }

    [Fact]
    public void ObserveFailure_LongerThanAnyPenalty_CountsAsItTook()
    {
        LatencyEstimate latency = default;
        latency.ObserveFailure(elapsedMs: 300_000, nowMs: 0);

        latency.ReadMs(1, nowMs: 0).ShouldBe(300_000);
    }

    [Fact]
    public void ObserveError_Fast_NeverMakesTheNodeLookFaster()
    {
        LatencyEstimate cold = default, known = default;
        cold.ObserveError(0.1, nowMs: 0);
        cold.TryGetMs(0, out _).ShouldBeFalse();

        known.Observe(50, nowMs: 0);
        known.ObserveError(0.1, nowMs: 20_000);
        known.ReadMs(1, nowMs: 20_000).ShouldBe(50);
        known.ObserveError(90, nowMs: 20_000);
        known.ReadMs(1, nowMs: 20_000).ShouldBe(90);
    }

    [Fact]
    public void Observe_ClockPassesThirtyTwoBitsOrStepsBack_GoesOn()
    {
        LatencyEstimate latency = default;
        latency.Observe(100, nowMs: uint.MaxValue - 4_999L);
        latency.Observe(20, nowMs: uint.MaxValue + 5_001L);
        ((double)latency.ReadMs(1, nowMs: uint.MaxValue + 5_001L)).ShouldBe(20 + (80 / Math.E), 0.01);

        latency.Observe(200, nowMs: uint.MaxValue + 4_000L);
        latency.ReadMs(1, nowMs: uint.MaxValue + 3_000L).ShouldBe(200);
    }

    [Fact]
    public async Task Observe_EightThreads_NeverTearsTheWord()
    {
        var node = new NodeState(new NodeKey("upstreams/1", "10.0.0.1", 80));
        await Task.WhenAll(Enumerable.Range(0, 8).Select(thread => Task.Run(() =>
        {
            for (int i = 0; i < 50_000; i++)
            {
                node.Latency.Observe(5 + thread, nowMs: i);
                node.Latency.ReadMs(5, nowMs: i).ShouldBeInRange(5, 12);
            }
        })));
    }
}
