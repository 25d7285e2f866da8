using Headgate.Core.Config;
using Headgate.Core.Resilience;
using Headgate.Testing;

namespace Headgate.Core.Tests.Resilience;

public sealed class BackOffTests
{
    private static readonly BackOffConfig Config = new(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(1), RetryAfter: false);

    // Full jitter: every time from 0 to the bound is as likely; of 2,000 draws the mean is half the bound to within 5 %, and the ends are nearly reached.
    [Theory]
    [InlineData(1, 100)]
    [InlineData(2, 200)]
    [InlineData(4, 800)]
    [InlineData(5, 1000)]
    [InlineData(64, 1000)]
    [InlineData(int.MaxValue, 1000)]
    public void DelayMs_AnyRetry_IsSpreadUpToItsBound(int retry, int boundMs)
    {
        int[] delays = [.. Enumerable.Range(0, 2000).Select(i => BackOff.DelayMs(Config, retry, (ulong)TestSeed.Value + (ulong)i))];
        delays.ShouldAllBe(delay => delay >= 0 && delay <= boundMs);
        delays.Average().ShouldBe(boundMs / 2.0, boundMs * 0.05);
        delays.Min().ShouldBeLessThan(boundMs / 20);
        delays.Max().ShouldBeGreaterThan(boundMs * 19 / 20);
    }

    [Fact]
    public void DelayMs_LongestTimes_StayPositive() =>
        BackOff.DelayMs(new BackOffConfig(TimeSpan.FromDays(24), TimeSpan.FromDays(24.8), false), 30, 7).ShouldBeGreaterThan(0);
}
