using Headgate.Core.Routing;
using Headgate.Testing;

namespace Headgate.Core.Tests.Routing;

/// <summary>The counter of a route's requests.</summary>
public sealed class RouteTrafficTests
{
    [Fact]
    public async Task Count_ByAllWritersAtOnce_LosesNothing()
    {
        const int Each = 100_000;
        var traffic = new RouteTraffic();
        traffic.Requests.ShouldBe(0);
        int loops = Environment.ProcessorCount;

        // One thread a loop, and four that share the writer of threads that are no loop's.
        await Task.WhenAll(Enumerable.Range(0, loops + 4).Select(thread => Task.Run(
            () =>
            {
                for (int i = 0; i < Each; i++)
                    traffic.Count(Math.Max(0, thread - 3));
            },
            TestContext.Current.CancellationToken)));

        traffic.Requests.ShouldBe((loops + 4L) * Each);
    }

    [Fact]
    public void Count_AfterTheFirst_AllocatesNothing()
    {
        var traffic = new RouteTraffic();
        Allocation.Of(() =>
        {
            for (int i = 0; i < 10_000; i++)
                traffic.Count(i & 1);
        }).ShouldBe(0);
    }
}
