using Headgate.Proxy.Plugins.LimitReq;

namespace Headgate.Proxy.Tests.Plugins.Limits;

/// <summary>The arithmetic of <c>limit-req</c>; 10 requests a second.</summary>
public sealed class LeakyBucketTests
{
    private const long Interval = 100_000_000;
    private readonly LeakyBucket _bucket = new(Interval);

    [Fact]
    public void Enter_WithinBurst_WaitsForItsTime()
    {
        long[] waits = [.. Enumerable.Range(0, 4).Select(_ => _bucket.Enter(0, 2 * Interval))];
        waits.ShouldBe([0, Interval, 2 * Interval, LeakyBucket.Full]);
        _bucket.Enter(Interval, 2 * Interval).ShouldBe(2 * Interval);
        _bucket.Enter(10 * Interval, 2 * Interval).ShouldBe(0);
    }

    [Fact]
    public void Enter_OneATime_NeverWaits()
    {
        for (int i = 0; i < 100; i++)
            _bucket.Enter(i * Interval, 0).ShouldBe(0);
        _bucket.Enter((99 * Interval) + 1, 0).ShouldBe(LeakyBucket.Full);
    }

    [Fact]
    public void TryRetire_OnlyWhenNothingCountsAnyMore()
    {
        _bucket.Enter(0, 0).ShouldBe(0);
        _bucket.TryRetire(Interval - 1, always: false).ShouldBeFalse();
        _bucket.TryRetire(Interval, always: false).ShouldBeTrue();
        _bucket.Enter(Interval, 0).ShouldBe(LeakyBucket.Retired);
    }

    [Fact]
    public void Enter_EightThreadsAtOneTime_LetsTheBurstInExactly()
    {
        int inside = 0;
        Thread[] threads = [.. Enumerable.Range(0, 8).Select(_ => new Thread(() =>
        {
            for (int i = 0; i < 10_000; i++)
            {
                if (_bucket.Enter(0, 999 * Interval) >= 0)
                    Interlocked.Increment(ref inside);
            }
        }))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        inside.ShouldBe(1000);
    }
}
