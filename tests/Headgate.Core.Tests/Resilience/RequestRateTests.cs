using FsCheck;
using FsCheck.Fluent;
using Headgate.Core.Resilience;
using Headgate.Testing;

namespace Headgate.Core.Tests.Resilience;

public sealed class RequestRateTests
{
    private const long Second = 1_000_000_000;

    [Theory]
    [InlineData(10, 0, 1)]
    [InlineData(10, 5, 6)]
    [InlineData(0.5, 2, 3)]
    public void TryPass_AllAtOnce_OneAndTheBurst(double rate, int burst, int passed)
    {
        var limit = Rate(rate, burst);

        Enumerable.Range(0, 100).Count(_ => limit.TryPass(5 * Second, out int _)).ShouldBe(passed);
        limit.Rejected.ShouldBe(100 - passed);
    }

    [Theory]
    [InlineData(100, 0)]
    [InlineData(100, 20)]
    [InlineData(0.25, 1)]
    public void TryPass_FarTooMany_TheRateIsLetThrough(double rate, int burst)
    {
        var limit = Rate(rate, burst);
        int passed = 0;

        // 80 s in steps of a millisecond: rate · 80, the one at the very end, and the burst once.
        for (long ms = 0; ms <= 80_000; ms++)
            passed += limit.TryPass(ms * 1_000_000, out _) ? 1 : 0;

        passed.ShouldBe((int)(rate * 80) + 1 + burst);
    }

    [Fact]
    public void TryPass_Refused_SaysWhenTheNextPasses()
    {
        var limit = Rate(0.1, 1);
        limit.TryPass(0, out int none).ShouldBeTrue();
        none.ShouldBe(0);
        limit.TryPass(0, out _).ShouldBeTrue();

        limit.TryPass(Second / 2, out int seconds).ShouldBeFalse();

        seconds.ShouldBe(10);
        limit.TryPass((Second / 2) + ((seconds - 1) * Second), out _).ShouldBeFalse();
        limit.TryPass((Second / 2) + (seconds * Second), out _).ShouldBeTrue();
    }

    [Fact]
    public void Set_SlowRateEditedAway_BindsNobody()
    {
        var limit = Rate(0.001, 0);
        limit.TryPass(0, out _).ShouldBeTrue();
        limit.TryPass(Second, out int seconds).ShouldBeFalse();
        seconds.ShouldBe(999);

        limit.Set(100, 0);

        limit.TryPass(Second, out seconds).ShouldBeFalse();
        seconds.ShouldBe(1);
        limit.TryPass(Second + (Second / 100), out _).ShouldBeTrue();
    }

    [Fact]
    public void TryPass_AnyTimesAndRates_NeverMoreThanRateAndBurstInAnyStretch() =>
        Prop.ForAll(
            Gen.Choose(1, 2000).ArrayOf().ToArbitrary(), Gen.Choose(1, 500).ToArbitrary(), Gen.Choose(0, 20).ToArbitrary(),
            (gapsMs, rate, burst) =>
            {
                var limit = Rate(rate, burst);
                var passed = new List<long>();
                long now = 0;
                foreach (int gap in gapsMs)
                {
                    now += gap * 100_000L;
                    for (int i = 0; i < 3; i++)
                    {
                        if (limit.TryPass(now, out _))
                            passed.Add(now);
                    }
                }

                for (int from = 0; from < passed.Count; from++)
                {
                    for (int to = from; to < passed.Count; to++)
                    {
                        double most = 1 + burst + ((passed[to] - passed[from]) * (double)rate / Second);
                        if (to - from + 1 > most + 1e-6)
                            return false;
                    }
                }

                return true;
            }).Check(FsCheck.Config.QuickThrowOnFailure.WithReplay((ulong)TestSeed.Value, 1UL));

    [Fact]
    public async Task TryPass_EightThreadsAtOneInstant_ExactlyTheBurstPasses()
    {
        var limit = Rate(1, 999);
        int passed = 0;

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Factory.StartNew(
            () =>
            {
                for (int i = 0; i < 10_000; i++)
                {
                    if (limit.TryPass(Second, out int _))
                        Interlocked.Increment(ref passed);
                }
            },
            TestContext.Current.CancellationToken,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default)));

        passed.ShouldBe(1000);
    }

    private static RequestRate Rate(double rate, int burst)
    {
        var limit = new RequestRate();
        limit.Set(rate, burst);
        return limit;
    }
}
