using System.Diagnostics;
using Headgate.Proxy.Transport;
using Headgate.Testing;

namespace Headgate.Proxy.Tests.Transport;

public class DeadlineWheelTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(10)]
    [InlineData(11)]
    [InlineData(999)]
    [InlineData(1000)]
    [InlineData(1234)]
    [InlineData(60_000)]
    [InlineData(86_400_000)]
    public void Tick_DeadlineAhead_FiresAtTheFirstTickThatIsNotBeforeIt(long aheadMs)
    {
        using DeadlineWheel wheel = DeadlineWheel.Driven();
        long now = 5_003;
        wheel.AdvanceTo(now);
        var target = new Target { DeadlineMs = now + aheadMs };
        wheel.Add(target);

        // In steps of half a second where nothing can be due, then tick by tick.
        while (now + 1500 < target.DeadlineMs)
        {
            wheel.AdvanceTo(now += 500);
        }

        for (now = (now / 10 + 1) * 10; now < target.DeadlineMs; now += 10)
        {
            wheel.AdvanceTo(now);
            target.Fired.ShouldBe(0);
        }

        wheel.AdvanceTo(now);
        target.Fired.ShouldBe(1);
    }

    [Fact]
    public void Tick_DeadlineMovedAhead_DoesNotFire()
    {
        using DeadlineWheel wheel = DeadlineWheel.Driven();
        var target = new Target { DeadlineMs = 500 };
        wheel.Add(target);

        for (long now = 10; now < 20_000; now += 10)
        {
            target.DeadlineMs = now + 300;
            wheel.AdvanceTo(now);
        }

        target.Fired.ShouldBe(0);
    }

    [Fact]
    public void Tick_DeadlineSetASecondAheadWithoutTelling_FiresWithinATick()
    {
        using DeadlineWheel wheel = DeadlineWheel.Driven();
        var target = new Target();
        wheel.Add(target);
        for (long now = 10; now <= 12_340; now += 10)
        {
            wheel.AdvanceTo(now);
        }

        target.DeadlineMs = 13_345;
        for (long now = 12_350; now < 13_350; now += 10)
        {
            wheel.AdvanceTo(now);
        }

        target.Fired.ShouldBe(0);
        wheel.AdvanceTo(13_350);
        target.Fired.ShouldBe(1);
    }

    [Fact]
    public void Add_AgainAfterANearerDeadline_FiresAtIt()
    {
        using DeadlineWheel wheel = DeadlineWheel.Driven();
        var target = new Target { DeadlineMs = 60_000 };
        wheel.Add(target);
        wheel.AdvanceTo(100);

        target.DeadlineMs = 150;
        wheel.Add(target);
        wheel.AdvanceTo(140);
        target.Fired.ShouldBe(0);
        wheel.AdvanceTo(150);

        target.Fired.ShouldBe(1);
    }

    [Fact]
    public void Tick_AfterALongPause_FiresOnceWhatBecameDue()
    {
        using DeadlineWheel wheel = DeadlineWheel.Driven();
        Target[] targets = [.. Enumerable.Range(1, 500).Select(i => new Target { DeadlineMs = i * 7 })];
        foreach (Target target in targets)
        {
            wheel.Add(target);
        }

        wheel.AdvanceTo(1_000_000);

        targets.Count(t => t.Fired != 1).ShouldBe(0);
    }

    [Fact]
    public void Remove_BeforeTheDeadline_NeverFires()
    {
        using DeadlineWheel wheel = DeadlineWheel.Driven();
        var target = new Target { DeadlineMs = 100 };
        wheel.Add(target);
        wheel.Remove(target);
        wheel.Remove(target);

        wheel.AdvanceTo(5_000);

        target.Fired.ShouldBe(0);
    }

    [Fact]
    public void OnDeadline_RemovesAndAdds_WheelGoesOn()
    {
        using DeadlineWheel wheel = DeadlineWheel.Driven();
        var second = new Target { DeadlineMs = 200 };
        Target? first = null;
        first = new Target
        {
            DeadlineMs = 100,
            WhenFired = () =>
            {
                wheel.Remove(first!);
                wheel.Add(second);
            },
        };
        wheel.Add(first);

        wheel.AdvanceTo(100);
        wheel.AdvanceTo(200);
        wheel.AdvanceTo(3_000);

        first.Fired.ShouldBe(1);
        second.Fired.ShouldBe(2);
    }

    [Fact]
    public async Task RealTime_ManyDeadlines_NoneBeforeItsTimeAllSoonAfter()
    {
        using var wheel = new DeadlineWheel();
        long begin = wheel.NowMs;
        Target[] targets = [.. Enumerable.Range(0, 200).Select(i => new Target { DeadlineMs = begin + 20 + (i * 5), Now = () => wheel.NowMs })];
        foreach (Target target in targets)
        {
            wheel.Add(target);
        }

        await Eventually.HoldsAsync(() => targets.All(t => t.Fired > 0), "all fire");

        targets.Count(t => t.FiredAtMs < t.DeadlineMs).ShouldBe(0);
    }

    [Fact]
    public void Add_ManyTimesTheSameTarget_AllocatesNothing()
    {
        using DeadlineWheel wheel = DeadlineWheel.Driven();
        var target = new Target { DeadlineMs = 100 };
        Allocation.Of(() =>
        {
            for (int i = 0; i < 1000; i++)
                wheel.Add(target);
        }).ShouldBe(0);
    }

    [Fact]
    public async Task AddAndRemove_FromEightThreadsWhileItTurns_EveryoneIsFiredOrRemoved()
    {
        using var wheel = new DeadlineWheel();
        long until = Stopwatch.GetTimestamp() + Stopwatch.Frequency;

        await Task.WhenAll(Enumerable.Range(0, 8).Select(seed => Task.Run(() =>
        {
            var random = new Random(seed);
            var kept = new List<Target>();
            while (Stopwatch.GetTimestamp() < until)
            {
                var target = new Target { DeadlineMs = wheel.NowMs + random.Next(50) };
                wheel.Add(target);
                if (random.Next(2) == 0)
                {
                    wheel.Remove(target);
                }
                else if (kept.Count < 1000)
                {
                    kept.Add(target);
                }
            }

            SpinWait.SpinUntil(() => kept.All(t => t.Fired > 0), 30_000).ShouldBeTrue();
        })));
    }

    private sealed class Target : IDeadlineTarget
    {
        private long _deadlineMs;
        private int _fired;

        public long DeadlineMs
        {
            get => Volatile.Read(ref _deadlineMs);
            set => Volatile.Write(ref _deadlineMs, value);
        }

        public int Fired => Volatile.Read(ref _fired);

        public long FiredAtMs { get; private set; }

        public Func<long>? Now { get; init; }

        public Action? WhenFired { get; init; }

        public void OnDeadline()
        {
            if (Fired == 0 && Now is not null)
            {
                FiredAtMs = Now();
            }

            WhenFired?.Invoke();
            Interlocked.Increment(ref _fired);
        }
    }
}
