using Headgate.Control.Line;
using Headgate.Core.Routing;
using Headgate.Core.Snapshot;
using Headgate.Core.Upstreams;
using Headgate.Testing;

namespace Headgate.Control.Tests.Line;

/// <summary>Rates of routes and nodes, from their counters.</summary>
public sealed class TrafficMeterTests : IDisposable
{
    private readonly ManualTimeProvider _clock = new();
    private readonly NodeDirectory _directory = new(TimeProvider.System, new NodeObservers());
    private readonly ServedUpstreams _upstreams = new();
    private readonly SnapshotCompiler _compiler;
    private readonly TrafficMeter _meter;

    public TrafficMeterTests()
    {
        _compiler = new SnapshotCompiler(_directory, Core.Config.Plugins.PluginCatalog.Empty, _upstreams);
        Apply(1, """{"uri":"/a","upstream":{"nodes":{"10.0.0.1:80":1,"10.0.0.2:80":1}}}""");
        _meter = new TrafficMeter(_compiler.RouteTraffic, _upstreams, _clock);
    }

    private RouteTraffic Route => _compiler.RouteTraffic.Find("1")!;

    public void Dispose()
    {
        _meter.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public void Rates_AreThoseOfTheLastInterval()
    {
        _meter.Latest.ShouldBeNull();
        Count(requests: 5, tries: 6, failures: 1);
        _clock.Advance(TrafficMeter.Interval);
        _meter.Latest!.Routes.ShouldBe(new Dictionary<string, double> { ["1"] = 2.5 });
        _meter.Latest.Nodes.ShouldBe([new NodeTraffic("routes/1", "10.0.0.1:80", 3, 0.5)]);

        Count(requests: 1, tries: 1, failures: 0);
        _clock.Advance(TrafficMeter.Interval);
        _meter.Latest.Routes.ShouldBe(new Dictionary<string, double> { ["1"] = 0.5 });
        _meter.Latest.Nodes.ShouldBe([new NodeTraffic("routes/1", "10.0.0.1:80", 0.5, 0)]);

        _clock.Advance(TrafficMeter.Interval);
        (_meter.Latest.Routes.Count, _meter.Latest.Nodes.Count).ShouldBe((0, 0));
    }

    [Fact]
    public void Quiet_LooksAtNoNodes_AndSaysNothingNew()
    {
        Count(requests: 1, tries: 1, failures: 0);
        _clock.Advance(TrafficMeter.Interval * 3);
        TrafficReport quiet = _meter.Latest!;
        long looked = _meter.LookedAtForTest;
        _clock.Advance(TrafficMeter.Interval * 3);
        (_meter.LookedAtForTest, ReferenceEquals(_meter.Latest, quiet)).ShouldBe((looked, true));
        _clock.Advance(TrafficMeter.Interval * 6); // now and then all the same: what runs for long ends late
        _meter.LookedAtForTest.ShouldBe(looked + 4);

        Count(requests: 4, tries: 4, failures: 0);
        _clock.Advance(TrafficMeter.Interval);
        _meter.Latest!.Routes["1"].ShouldBe(2);
        _meter.Latest.Nodes.Single().Requests.ShouldBe(2);
    }

    [Fact]
    public void RouteMadeAnew_CountsFromItsBeginning()
    {
        Count(requests: 100, tries: 0, failures: 0);
        _clock.Advance(TrafficMeter.Interval);
        _compiler.Apply(2, [new ConfigChange(Core.Config.ResourceKind.Route, "1", null)]);
        _clock.Advance(TrafficMeter.Interval);
        _meter.Latest!.Routes.ShouldBeEmpty();

        Apply(3, """{"uri":"/b","upstream":{"nodes":{"10.0.0.1:80":1}}}""");
        Count(requests: 2, tries: 0, failures: 0);
        _clock.Advance(TrafficMeter.Interval);
        _meter.Latest.Routes["1"].ShouldBe(1);
    }

    [Fact]
    public void Upstreams_HaveTheLatenciesOfTheLastInterval()
    {
        RouteUpstreamTraffic counted = Route.To("routes/1")!;
        counted.Count(0, failed: false, TimeSpan.FromMilliseconds(1));
        counted.Count(1, failed: false, TimeSpan.FromMilliseconds(1));
        counted.Count(1, failed: true, TimeSpan.FromMilliseconds(50));
        counted.Count(1, failed: true, latency: null);
        Count(requests: 4, tries: 4, failures: 0);
        _clock.Advance(TrafficMeter.Interval);
        (int fast, int slow) = (LatencyBuckets.IndexOf(TimeSpan.FromMilliseconds(1)), LatencyBuckets.IndexOf(TimeSpan.FromMilliseconds(50)));
        Told().ShouldBe(["1 routes/1 2 1: " + $"{fast},2,{slow},1"]);

        counted.Count(0, failed: false, TimeSpan.FromMilliseconds(50));
        Route.To("upstreams/2")!.Count(0, failed: false, latency: null);
        Count(requests: 1, tries: 1, failures: 0);
        _clock.Advance(TrafficMeter.Interval);
        Told().ShouldBe([$"1 routes/1 0.5 0: {slow},1", "1 upstreams/2 0.5 0: "]);

        _clock.Advance(TrafficMeter.Interval);
        Told().ShouldBeEmpty();
    }

    [Fact]
    public void Upstream_ThatGetsNothingForLong_IsForgotten()
    {
        Route.To("upstreams/1")!.Count(0, failed: false, latency: null);
        Count(requests: 1, tries: 1, failures: 0);
        _clock.Advance(TrafficMeter.Interval);
        _clock.Advance(UpstreamTrafficMeter.KeptFor - TimeSpan.FromMinutes(1));
        Route.Upstreams.Count.ShouldBe(1);
        _clock.Advance(TimeSpan.FromMinutes(2));
        Route.Upstreams.ShouldBeEmpty();
        Told().ShouldBeEmpty();
    }

    private string[] Told() => [.. _meter.Latest!.Upstreams!.Select(static one => $"{one.Route} {one.Owner} {one.Requests} {one.Failures}: {string.Join(',', one.Latencies)}")];

    private void Count(int requests, int tries, int failures)
    {
        for (int i = 0; i < requests; i++)
            Route.Count(RouteTraffic.SharedWriter);
        NodeState node = _upstreams.Find("routes/1")!.Nodes[0].State;
        for (int i = 0; i < tries; i++)
            node.CountTry(failed: i < failures);
    }

    private void Apply(long revision, string route)
    {
        _compiler.Apply(revision, [new ConfigChange(Core.Config.ResourceKind.Route, "1", System.Text.Encoding.UTF8.GetBytes(route))]);
        _compiler.Rejected.ShouldBeEmpty();
    }
}
