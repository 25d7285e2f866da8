using FsCheck;
using FsCheck.Fluent;
using Headgate.Proxy.Plugins.LimitCount;

namespace Headgate.Proxy.Tests.Plugins.Limits;

/// <summary>The arithmetic of <c>limit-count</c>'s windows.</summary>
public sealed class CountWindowTests
{
    [Fact]
    public void Fixed_BeginsWithItsFirstRequest()
    {
        FixedWindow window = Fixed(2, 100);
        window.Enter(1050).ShouldBe(new CountResult(CountOutcome.Admitted, 1, 100));
        window.Enter(1149).ShouldBe(new CountResult(CountOutcome.Admitted, 0, 1));
        window.Enter(1149).ShouldBe(new CountResult(CountOutcome.Refused, 0, 1));
        window.Enter(1150).ShouldBe(new CountResult(CountOutcome.Admitted, 1, 100));
    }

    [Theory]
    [InlineData(1, 1000)]
    [InlineData(4_000_000, 1000)]
    [InlineData(int.MaxValue, 1000)]
    [InlineData(int.MaxValue, int.MaxValue * 1000L)]
    [InlineData(1, int.MaxValue * 1000L)]
    public void Fixed_AnyCountAndLength_FindRoom(int count, long windowMs)
    {
        const long Year = 365L * 24 * 3_600_000;
        var shape = new FixedWindow.Shape(count, windowMs);
        long endMs = shape.EndOf(30 * Year);
        (endMs - (30 * Year)).ShouldBeInRange(windowMs, windowMs + 1024);
        shape.Read(shape.Write(endMs, count)).ShouldBe((endMs, count));
        shape.Write(endMs, count).ShouldBePositive();
        if (count <= 4_000_000 && windowMs == 1000)
            endMs.ShouldBe((30 * Year) + windowMs);
    }

    [Fact]
    public void TryRetire_OnlyWhenNothingCountsAnyMore()
    {
        foreach (CountWindow window in (CountWindow[])[Fixed(9, 320), new SlidingWindow(9, 320)])
        {
            window.Enter(0).Outcome.ShouldBe(CountOutcome.Admitted);
            window.TryRetire(319, always: false).ShouldBeFalse();
            window.Enter(319).Outcome.ShouldBe(CountOutcome.Admitted);
            window.TryRetire(700, always: false).ShouldBeTrue();
            window.Enter(700).Outcome.ShouldBe(CountOutcome.Retired);
        }

        CountWindow used = Fixed(9, 320);
        used.Enter(0);
        used.TryRetire(0, always: true).ShouldBeTrue();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Enter_64TasksAtOneTime_AdmitsTheCountExactly(bool isSliding)
    {
        CountWindow window = isSliding ? new SlidingWindow(5000, 1000) : Fixed(5000, 1000);
        int admitted = 0;
        Parallel.For(0, 64, new ParallelOptions { MaxDegreeOfParallelism = 64 }, _ =>
        {
            for (int i = 0; i < 1000; i++)
            {
                if (window.Enter(500).Outcome == CountOutcome.Admitted)
                    Interlocked.Increment(ref admitted);
            }
        });
        admitted.ShouldBe(5000);
    }

    // Whatever the pauses: no window of the length holds more requests than allowed, and one that is refused has that many within a window and a slice before it.
    [Fact]
    public void Sliding_AnyPauses_NeverMoreInAnyWindow_AndNoneRefusedTooLong()
    {
        Gen<(int, int, int[])> cases = from count in Gen.Choose(1, 20)
                                       from windowMs in Gen.Choose(1, 3000)
                                       from pauses in Gen.Choose(0, 200).ArrayOf(300)
                                       select (count, windowMs, pauses);
        Prop.ForAll(cases.ToArbitrary(), drawn =>
        {
            (int count, int windowMs, int[] pauses) = drawn;
            var window = new SlidingWindow(count, windowMs);
            var admitted = new List<long>();
            long now = 0;
            foreach (int pause in pauses)
            {
                now += pause;
                CountResult result = window.Enter(now);
                long within = admitted.Count(at => at >= now - windowMs);
                if (result.Outcome == CountOutcome.Admitted)
                {
                    admitted.Add(now);
                    within.ShouldBeLessThan(count);
                }
                else
                {
                    admitted.Count(at => at >= now - windowMs - (windowMs / SlidingWindow.Slices) - 1).ShouldBeGreaterThanOrEqualTo(count);
                    result.ResetMs.ShouldBeInRange(1, windowMs + (windowMs / SlidingWindow.Slices) + 1);
                }
            }
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Sliding_Reset_IsWhenTheNextFindsRoom()
    {
        var window = new SlidingWindow(3, 1000);
        foreach (long at in (long[])[3, 77, 640])
            window.Enter(at);
        long resetMs = window.Enter(800).ResetMs;
        window.Enter(800 + resetMs - 1).Outcome.ShouldBe(CountOutcome.Refused);
        window.Enter(800 + resetMs).Outcome.ShouldBe(CountOutcome.Admitted);
    }

    private static FixedWindow Fixed(int count, long windowMs) => new(new FixedWindow.Shape(count, windowMs));
}
