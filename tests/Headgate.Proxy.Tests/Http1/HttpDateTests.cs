using Headgate.Proxy.Http1;
using Headgate.Testing;

namespace Headgate.Proxy.Tests.Http1;

public sealed class HttpDateTests
{
    [Fact]
    public void Bytes_WithinASecondAndBehindIt_IsTheClocksSecond()
    {
        Clock clock = new() { Time = new DateTimeOffset(1994, 11, 6, 10, 49, 37, 100, TimeSpan.FromHours(2)) };
        HttpDate date = new(clock);
        Heads.Text(date.Bytes).ShouldBe("Sun, 06 Nov 1994 08:49:37 GMT");
        date.Bytes.Length.ShouldBe(HttpDate.ByteCount);

        clock.Time += TimeSpan.FromMilliseconds(899);
        Heads.Text(date.Bytes).ShouldBe("Sun, 06 Nov 1994 08:49:37 GMT");
        clock.Time += TimeSpan.FromMilliseconds(1);
        Heads.Text(date.Bytes).ShouldBe("Sun, 06 Nov 1994 08:49:38 GMT");
        clock.Time -= TimeSpan.FromDays(1);
        Heads.Text(date.Bytes).ShouldBe("Sat, 05 Nov 1994 08:49:38 GMT");
    }

    [Fact]
    public void Bytes_WithinASecond_AllocatesNothing()
    {
        HttpDate date = new(new Clock { Time = DateTimeOffset.UnixEpoch });
        int shortest = int.MaxValue;

        Allocation.Of(() =>
        {
            for (int i = 0; i < 100_000; i++)
                shortest = Math.Min(shortest, date.Bytes.Length);
        }).ShouldBe(0);

        shortest.ShouldBe(HttpDate.ByteCount);
    }

    private sealed class Clock : TimeProvider
    {
        internal DateTimeOffset Time { get; set; }

        public override DateTimeOffset GetUtcNow() => Time.ToUniversalTime();
    }
}
