using Headgate.Core.Upstreams;
using Headgate.Testing;

namespace Headgate.Core.Tests.Upstreams;

public sealed class LatencyHistogramTests
{
    [Fact]
    public void Take_Empty_IsNothing() => new LatencyHistogram().Take().ShouldBe((0, 0));

    [Fact]
    public void Take_RandomLatenciesOfAllSizes_MedianIsWithinAThirtySecond()
    {
        var random = new Random(TestSeed.Value);
        for (int run = 0; run < 500; run++)
        {
            var histogram = new LatencyHistogram();
            double scale = Math.Pow(10, random.NextDouble() * 6); // up to a second
            double[] microseconds = [.. Enumerable.Range(0, random.Next(1, 200)).Select(_ => Math.Floor(random.NextDouble() * scale)).Order()];
            foreach (double latency in microseconds)
                histogram.Add(TimeSpan.FromMicroseconds(latency));
            histogram.Count.ShouldBe(microseconds.Length);

            (int count, double medianMs) = histogram.Take();

            count.ShouldBe(microseconds.Length);
            double exact = microseconds[(microseconds.Length - 1) / 2];
            Math.Abs((medianMs * 1000) - exact).ShouldBeLessThanOrEqualTo(Math.Max(1, exact / 31), $"HEADGATE_SEED={TestSeed.Value}");
            histogram.Take().ShouldBe((0, 0));
        }
    }

    [Theory]
    [InlineData(-5)]
    [InlineData(0)]
    [InlineData(4_294_967_295)]
    [InlineData(1e15)]
    public void Add_EndsOfTheRange_Count(double microseconds)
    {
        var histogram = new LatencyHistogram();
        histogram.Add(TimeSpan.FromMicroseconds(microseconds));
        (int count, double medianMs) = histogram.Take();
        count.ShouldBe(1);
        medianMs.ShouldBe(Math.Clamp(microseconds, 0, uint.MaxValue) / 1000, uint.MaxValue / 31_000.0);
    }

    [Fact]
    public void Add_ManyThreadsWhileTaken_LosesNothing()
    {
        var histogram = new LatencyHistogram();
        int taken = 0;
        Thread[] threads = [.. Enumerable.Range(0, 4).Select(i => new Thread(() =>
        {
            for (int n = 0; n < 50_000; n++)
                histogram.Add(TimeSpan.FromMilliseconds(n % 100));
        }))];
        foreach (Thread thread in threads)
            thread.Start();
        while (threads.Any(thread => thread.IsAlive))
            taken += histogram.Take().Count;
        taken += histogram.Take().Count;
        taken.ShouldBe(200_000);
    }
}
