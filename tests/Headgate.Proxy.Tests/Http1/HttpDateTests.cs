using Headgate.Proxy.Http1;

namespace Headgate.Proxy.Tests.Http1;

public sealed class HttpDateTests
{
    [Fact]
    public void Now_WithinASecondAndBehindIt_IsTheClocksSecond()
    {
        Clock clock = new() { Time = new DateTimeOffset(1994, 11, 6, 10, 49, 37, 100, TimeSpan.FromHours(2)) };
        HttpDate date = new(clock);
        Heads.Text(date.Now).ShouldBe("Sun, 06 Nov 1994 08:49:37 GMT");
        date.Now.Length.ShouldBe(HttpDate.ByteCount);

        clock.Time += TimeSpan.FromMilliseconds(899);
        Heads.Text(date.Now).ShouldBe("Sun, 06 Nov 1994 08:49:37 GMT");
        clock.Time += TimeSpan.FromMilliseconds(1);
        Heads.Text(date.Now).ShouldBe("Sun, 06 Nov 1994 08:49:38 GMT");
        clock.Time -= TimeSpan.FromDays(1);
        Heads.Text(date.Now).ShouldBe("Sat, 05 Nov 1994 08:49:38 GMT");
    }

    private sealed class Clock : TimeProvider
    {
        internal DateTimeOffset Time { get; set; }

        public override DateTimeOffset GetUtcNow() => Time.ToUniversalTime();
    }
}
