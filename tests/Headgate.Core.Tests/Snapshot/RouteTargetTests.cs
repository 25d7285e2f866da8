using Headgate.Core.Routing;

namespace Headgate.Core.Tests.Snapshot;

/// <summary>What a route is served by: its own upstream, its service's, or which error; and that it follows every change of what it names.</summary>
public sealed class RouteTargetTests : IDisposable
{
    private readonly Gateway _gateway = new("known");

    public void Dispose() => _gateway.Dispose();

    [Fact]
    public void Match_NothingConfigured_IsNull() => _gateway.Match("/").ShouldBeNull();

    [Fact]
    public void Apply_RouteBeforeItsUpstreamAndService_LinksThemAll()
    {
        _gateway.Put(
            ("routes/1", """{"uri":"/a","service_id":"s"}"""),
            ("services/s", """{"upstream_id":"u"}"""),
            ("upstreams/u", Gateway.NodesJson("10.0.0.1:80")));

        _gateway.Upstream("/a").Config.Id.ShouldBe("u");
    }

    [Fact]
    public void Apply_NamedUpstreamComesAndGoes_RouteIsMissingItThenServed()
    {
        _gateway.Put("routes/1", """{"uri":"/a","upstream_id":"u"}""");
        _gateway.Match("/a")!.Target.ShouldBe(RouteTarget.MissingUpstream);

        _gateway.Put("upstreams/u", Gateway.NodesJson("10.0.0.1:80"));
        _gateway.Upstream("/a").Nodes.Count.ShouldBe(1);

        _gateway.Put("upstreams/u", null);
        _gateway.Match("/a")!.Target.ShouldBe(RouteTarget.MissingUpstream);
        _gateway.Match("/a")!.UpstreamSlot.ShouldBe(-1);
    }

    [Fact]
    public void Apply_UpstreamOfAServiceComesAndGoes_TheServicesRoutesFollow()
    {
        _gateway.Put(("services/s", """{"upstream_id":"u"}"""), ("routes/1", """{"uri":"/a","service_id":"s"}"""));
        _gateway.Match("/a")!.Target.ShouldBe(RouteTarget.MissingUpstream);

        _gateway.Put("upstreams/u", Gateway.NodesJson("10.0.0.1:80"));
        _gateway.Upstream("/a").Config.Id.ShouldBe("u");

        _gateway.Put("upstreams/u", null);
        _gateway.Match("/a")!.Target.ShouldBe(RouteTarget.MissingUpstream);
    }

    [Fact]
    public void Apply_ServiceComesAndGoes_RouteIsMissingItEvenWithAnUpstreamOfItsOwn()
    {
        _gateway.Put("routes/1", """{"uri":"/a","service_id":"s","upstream":{"nodes":{"10.0.0.1:80":1}}}""");
        _gateway.Match("/a")!.Target.ShouldBe(RouteTarget.MissingService);

        _gateway.Put("services/s", """{"name":"empty"}""");
        _gateway.Upstream("/a").Config.Id.ShouldBe("routes/1");

        _gateway.Put("services/s", null);
        _gateway.Match("/a")!.Target.ShouldBe(RouteTarget.MissingService);
    }

    [Fact]
    public void Apply_NoUpstreamAnywhere_IsNoUpstream()
    {
        _gateway.Put(("routes/1", """{"uri":"/a","plugins":{}}"""), ("services/s", """{"name":"x"}"""), ("routes/2", """{"uri":"/b","service_id":"s"}"""));

        _gateway.Match("/a")!.Target.ShouldBe(RouteTarget.NoUpstream);
        _gateway.Match("/b")!.Target.ShouldBe(RouteTarget.NoUpstream);
    }

    [Theory]
    [InlineData("""{"uri":"/a","upstream_id":"u","plugins":{"other":{}}}""")]
    [InlineData("""{"uri":"/a","upstream_id":"u","plugins":{"known":{},"other":{}}}""")]
    [InlineData("""{"uri":"/a","service_id":"s","upstream_id":"u"}""")]
    [InlineData("""{"uri":"/a","upstream_id":"u","plugin_config_id":"7"}""")]
    public void Apply_PluginThatIsNotThere_IsNeverSkipped(string route)
    {
        _gateway.Put(("upstreams/u", Gateway.NodesJson("10.0.0.1:80")), ("services/s", """{"plugins":{"other":{}}}"""), ("routes/1", route));

        _gateway.Match("/a")!.Target.ShouldBe(RouteTarget.MissingPlugin);
    }

    [Theory]
    [InlineData("""{"uri":"/a","service_id":"both"}""", "u")]
    [InlineData("""{"uri":"/a","service_id":"inline"}""", "services/inline")]
    [InlineData("""{"uri":"/a","service_id":"both","upstream_id":"v"}""", "v")]
    [InlineData("""{"uri":"/a","service_id":"both","upstream":{"nodes":{"10.0.0.9:80":1}}}""", "routes/1")]
    [InlineData("""{"uri":"/a","service_id":"inline","upstream_id":"v"}""", "v")]
    [InlineData("""{"uri":"/a","upstream_id":"v","upstream":{"nodes":{"10.0.0.9:80":1}}}""", "v")]
    public void Apply_SeveralUpstreams_TheRoutesOwnWinsThenTheNamedOne(string route, string served)
    {
        _gateway.Put(
            ("upstreams/u", Gateway.NodesJson("10.0.0.1:80")),
            ("upstreams/v", Gateway.NodesJson("10.0.0.2:80")),
            ("services/both", """{"upstream_id":"u","upstream":{"nodes":{"10.0.0.3:80":1}}}"""),
            ("services/inline", """{"upstream":{"nodes":{"10.0.0.4:80":1}}}"""),
            ("routes/1", route));

        _gateway.Compiler.Rejected.ShouldBeEmpty();
        _gateway.Upstream("/a").Config.Id.ShouldBe(served);
    }

    [Fact]
    public void Apply_ServiceHostsAndWebsocket_AreTheRoutesUnlessItHasItsOwn()
    {
        _gateway.Put(
            ("services/s", """{"hosts":["s.test"],"enable_websocket":true,"upstream":{"nodes":{"10.0.0.4:80":1}}}"""),
            ("routes/1", """{"uri":"/a","service_id":"s"}"""),
            ("routes/2", """{"uri":"/b","service_id":"s","host":"r.test","enable_websocket":false}"""));

        _gateway.Match("/a", "s.test")!.EnableWebsocket.ShouldBeTrue();
        _gateway.Match("/a", "r.test").ShouldBeNull();
        _gateway.Match("/b", "r.test")!.EnableWebsocket.ShouldBeFalse();
        _gateway.Match("/b", "s.test").ShouldBeNull();

        _gateway.Put("services/s", """{"hosts":["t.test"],"upstream":{"nodes":{"10.0.0.4:80":1}}}""");
        _gateway.Match("/a", "s.test").ShouldBeNull();
        _gateway.Match("/a", "t.test")!.EnableWebsocket.ShouldBeFalse();
        _gateway.Match("/b", "r.test").ShouldNotBeNull();
    }

    [Fact]
    public void Apply_RoutesOfAServiceWithAnInlineUpstream_ShareOne()
    {
        _gateway.Put(
            ("services/s", """{"upstream":{"nodes":{"10.0.0.4:80":1,"10.0.0.5:80":1}}}"""),
            ("routes/1", """{"uri":"/a","service_id":"s"}"""),
            ("routes/2", """{"uri":"/b","service_id":"s"}"""));

        _gateway.Upstream("/a").ShouldBeSameAs(_gateway.Upstream("/b"));
    }

    [Fact]
    public void Apply_DisabledAndDeletedRoutes_MatchNothing()
    {
        _gateway.Put(("upstreams/u", Gateway.NodesJson("10.0.0.1:80")), ("routes/1", """{"uri":"/a","upstream_id":"u"}"""));
        _gateway.Match("/a").ShouldNotBeNull();

        _gateway.Put("routes/1", """{"uri":"/a","upstream_id":"u","status":0}""");
        _gateway.Match("/a").ShouldBeNull();

        _gateway.Put("routes/1", """{"uri":"/a","upstream_id":"u","status":1}""");
        _gateway.Match("/a").ShouldNotBeNull();

        _gateway.Put("routes/1", null);
        _gateway.Match("/a").ShouldBeNull();
    }

    [Fact]
    public void Apply_RouteMovesToAnotherPath_LeavesTheOldOne()
    {
        _gateway.Put(("upstreams/u", Gateway.NodesJson("10.0.0.1:80")), ("routes/1", """{"uri":"/a","upstream_id":"u"}"""));

        _gateway.Put("routes/1", """{"uri":"/b","upstream_id":"u"}""");

        _gateway.Match("/a").ShouldBeNull();
        _gateway.Match("/b").ShouldNotBeNull();
    }
}
