using Headgate.Core.Routing;
using Headgate.Core.Upstreams;
using Headgate.Testing;

namespace Headgate.Core.Tests.Routing;

/// <summary>The counters of what an upstream gets of a route.</summary>
public sealed class RouteUpstreamTrafficTests
{
    private static readonly TimeSpan Latency = TimeSpan.FromMilliseconds(20);

    [Fact]
    public void Count_IsApartByUpstream_AndALatencyNeedNotBe()
    {
        var route = new RouteTraffic();
        route.To("upstreams/1")!.Count(1, failed: false, Latency);
        route.To("upstreams/" + 1)!.Count(RouteTraffic.SharedWriter, failed: true, latency: null); // another string, the same upstream
        route.To("upstreams/2")!.Count(1, failed: true, Latency * 2);

        route.Upstreams.Select(static one => one.Owner).ShouldBe(["upstreams/1", "upstreams/2"]);
        Read(route.Upstreams[0]).ShouldBe((2u, 1u, 1u));
        Read(route.Upstreams[1]).ShouldBe((1u, 1u, 0u));
    }

    [Fact]
    public async Task Count_ByAllWritersAtOnce_LosesNothing()
    {
        const int Each = 50_000;
        var route = new RouteTraffic();
        int loops = Environment.ProcessorCount;

        await Task.WhenAll(Enumerable.Range(0, loops + 4).Select(thread => Task.Run(
            () =>
            {
                for (int i = 0; i < Each; i++)
                    route.To("upstreams/1")!.Count(Math.Max(0, thread - 3), failed: true, Latency);
            },
            TestContext.Current.CancellationToken)));

        uint all = (uint)(loops + 4) * Each;
        Read(route.Upstreams.ShouldHaveSingleItem()).ShouldBe((all, all, all));
    }

    [Fact]
    public void Count_AfterTheFirst_AllocatesNothing()
    {
        var route = new RouteTraffic();
        route.To("upstreams/1");
        Allocation.Of(() =>
        {
            for (int i = 0; i < 10_000; i++)
                route.To("upstreams/2")!.Count(i & 1, failed: true, TimeSpan.FromMicroseconds(i * 100));
        }).ShouldBe(0);
    }

    [Fact]
    public void To_MoreUpstreamsThanAreCounted_IsNull_UntilOneIsForgotten()
    {
        var route = new RouteTraffic();
        for (int i = 0; i < RouteUpstreamTraffic.PerRouteMax; i++)
            route.To($"upstreams/{i}").ShouldNotBeNull();

        route.To("upstreams/more").ShouldBeNull();
        route.Forget(route.Upstreams[3]);
        route.To("upstreams/more").ShouldNotBeNull();
        route.Upstreams.Count.ShouldBe(RouteUpstreamTraffic.PerRouteMax);
    }

    private static (uint Tries, uint Failures, uint Latencies) Read(RouteUpstreamTraffic upstream)
    {
        uint[] numbers = new uint[RouteUpstreamTraffic.Numbers];
        upstream.ReadTo(numbers);
        (uint tries, uint failures) = RouteUpstreamTraffic.Parts(numbers, out ReadOnlySpan<uint> latencies);
        return (tries, failures, latencies[LatencyBuckets.IndexOf(Latency)]);
    }
}
