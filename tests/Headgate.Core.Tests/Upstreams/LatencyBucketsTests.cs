using Headgate.Core.Upstreams;
using Headgate.Testing;

namespace Headgate.Core.Tests.Upstreams;

public sealed class LatencyBucketsTests
{
    [Fact]
    public void IndexOf_LatenciesOfAllSizes_AreKnownToASixteenth()
    {
        var random = new Random(TestSeed.Value);
        for (int run = 0; run < 10_000; run++)
        {
            double ms = Math.Pow(10, (random.NextDouble() * 7) - 2); // 10 µs to 100 s
            int bucket = LatencyBuckets.IndexOf(TimeSpan.FromMicroseconds(ms * 1000));
            bucket.ShouldBeInRange(0, LatencyBuckets.Count - 1);
            Math.Abs(LatencyBuckets.MiddleMs(bucket) - ms).ShouldBeLessThanOrEqualTo(Math.Max(0.0041, ms / 15.9), $"HEADGATE_SEED={TestSeed.Value}");
        }
    }

    [Theory]
    [InlineData(-5, 0)]
    [InlineData(0, 0)]
    [InlineData(7.9, 0)]
    [InlineData(8, 1)]
    [InlineData(134_217_727, 175)]
    [InlineData(1e15, 175)]
    public void IndexOf_EndsOfTheRange(double microseconds, int bucket)
    {
        LatencyBuckets.IndexOf(TimeSpan.FromMicroseconds(microseconds)).ShouldBe(bucket);
        LatencyBuckets.Count.ShouldBe(176);
    }

    [Fact]
    public void IndexOf_GrowsWithTheLatency_AndLeavesNoneOut()
    {
        int last = 0;
        for (double us = 1; us < 200_000_000; us *= 1.01)
        {
            int bucket = LatencyBuckets.IndexOf(TimeSpan.FromMicroseconds(us));
            bucket.ShouldBeInRange(last, last + 1);
            last = bucket;
        }

        last.ShouldBe(175);
    }
}
