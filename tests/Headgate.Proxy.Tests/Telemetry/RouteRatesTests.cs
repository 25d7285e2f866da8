using System.Text;
using Headgate.Core.Config;
using Headgate.Core.Config.Plugins;
using Headgate.Core.Routing;
using Headgate.Core.Snapshot;
using Headgate.Core.Upstreams;
using Headgate.Proxy.Telemetry;
using Headgate.Testing;

namespace Headgate.Proxy.Tests.Telemetry;

/// <summary>Rates of routes: of the last seconds, and nothing where nothing is known.</summary>
public sealed class RouteRatesTests : IDisposable
{
    private readonly ManualTimeProvider _time = new();
    private readonly NodeDirectory _directory = new(TimeProvider.System, new NodeObservers());
    private readonly SnapshotCompiler _compiler;
    private readonly RouteRates _rates;
    private long _revision;

    public RouteRatesTests()
    {
        _compiler = new SnapshotCompiler(_directory, PluginCatalog.Empty);
        _rates = new RouteRates(_compiler.RouteTraffic, _time);
    }

    public void Dispose()
    {
        _rates.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public void OfRoute_BeforeItWasWatched_IsUnknown()
    {
        RouteTraffic traffic = Put("1");
        traffic.Count(0);

        _rates.OfRoute("1").ShouldBeNull();
        _rates.OfRoute("none").ShouldBeNull();
        _rates.OfAllRoutes.ShouldBeNull();
        _time.Advance(RouteRates.Interval);
        _rates.OfRoute("1").ShouldBeNull(); // noted just now
        _time.Advance(TimeSpan.FromSeconds(1));
        _rates.OfRoute("1").ShouldBe(0);
    }

    [Fact]
    public void OfRoute_UnderSteadyTraffic_IsItsRate()
    {
        RouteTraffic first = Put("1");
        RouteTraffic second = Put("2");
        for (int tenth = 0; tenth < 320; tenth++)
        {
            for (int i = 0; i < 12; i++)
                first.Count(i % 2);
            second.Count(1);
            _time.Advance(TimeSpan.FromMilliseconds(100));
            if (tenth > 100)
            {
                _rates.OfRoute("1")!.Value.ShouldBeInRange(119, 121);
                _rates.OfRoute("2")!.Value.ShouldBeInRange(9.9, 10.1);
            }
        }

        _rates.OfAllRoutes!.Value.ShouldBeInRange(129, 131);
        _time.Advance(RouteRates.Interval * 3);
        _rates.OfRoute("1").ShouldBe(0);
    }

    [Fact]
    public void OfRoute_ThatIsGoneOrNew_HasNoRateOfAnother()
    {
        RouteTraffic traffic = Put("1");
        _time.Advance(RouteRates.Interval);
        for (int i = 0; i < 100; i++)
            traffic.Count(0);
        _time.Advance(RouteRates.Interval);
        _rates.OfRoute("1")!.Value.ShouldBe(20, 0.1);

        _compiler.Apply(++_revision, [new ConfigChange(ResourceKind.Route, "1", null)]);
        _rates.OfRoute("1").ShouldBeNull();
        Put("1");
        _rates.OfRoute("1").ShouldBeNull();
        _time.Advance(RouteRates.Interval * 2);
        _rates.OfRoute("1").ShouldBe(0);
    }

    private RouteTraffic Put(string id)
    {
        byte[] json = Encoding.UTF8.GetBytes($"{{\"uri\":\"/{id}\",\"upstream\":{{\"nodes\":{{\"127.0.0.1:1\":1}}}}}}");
        _compiler.Apply(++_revision, [new ConfigChange(ResourceKind.Route, id, json)]);
        return _compiler.RouteTraffic.Find(id).ShouldNotBeNull();
    }
}
