using Headgate.Core.Routing;

namespace Headgate.Core.Tests.Snapshot;

/// <summary>What was counted of a route outlives its edits and those of what it uses, and not the route.</summary>
public sealed class RouteTrafficKeptTests : IDisposable
{
    private readonly Gateway _gateway = new();

    public void Dispose() => _gateway.Dispose();

    [Fact]
    public void Traffic_IsKeptByEdits_AndGoesWithTheRoute()
    {
        _gateway.Put(("upstreams/1", Gateway.NodesJson("10.0.0.1:80")), ("services/s", """{"upstream_id":"1"}"""), ("routes/1", """{"uri":"/a","service_id":"s"}"""));
        RouteTraffic traffic = _gateway.Match("/a").ShouldNotBeNull().Traffic;
        traffic.Count(0);

        _gateway.Put("routes/1", """{"uris":["/a","/b"],"service_id":"s","priority":3}""");
        _gateway.Put("services/s", """{"upstream_id":"1","hosts":["any.test"]}""");
        _gateway.Put("upstreams/1", Gateway.NodesJson("10.0.0.2:80"));

        _gateway.Match("/b").ShouldNotBeNull().Traffic.ShouldBeSameAs(traffic);
        _gateway.Compiler.RouteTraffic.Find("1").ShouldBeSameAs(traffic);
        _gateway.Put("routes/1", null);
        _gateway.Compiler.RouteTraffic.Find("1").ShouldBeNull();
        _gateway.Put("routes/1", """{"uri":"/a","service_id":"s"}""");
        _gateway.Match("/a").ShouldNotBeNull().Traffic.Requests.ShouldBe(0);
    }
}
