using Headgate.Core.Config;
using Headgate.Core.Routing;
using Headgate.Core.Snapshot;

namespace Headgate.Core.Tests.Snapshot;

public sealed class RejectedObjectTests : IDisposable
{
    private readonly Gateway _gateway = new();

    public void Dispose() => _gateway.Dispose();

    [Theory]
    [InlineData("""{"nodes":{"10.0.0.2:80":-1}}""")]
    [InlineData("""{"nodes":{"10.0.0.2:80":1},"type":"no_such_type"}""")]
    [InlineData("""{"nodes":{"10.0.0.2:80":1}""")]
    [InlineData("[]")]
    [InlineData("7")]
    [InlineData("")]
    public void Apply_BadVersion_LastGoodOneServesAndIsReported(string bad)
    {
        _gateway.Put(("upstreams/u", Gateway.NodesJson("10.0.0.1:80")), ("routes/1", """{"uri":"/a","upstream_id":"u"}"""));
        UpstreamSnapshot good = _gateway.Upstream("/a");

        _gateway.Put(("upstreams/u", bad), ("routes/2", """{"uri":"/b","upstream_id":"u"}"""));

        _gateway.Upstream("/a").ShouldBeSameAs(good);
        _gateway.Match("/b").ShouldNotBeNull(); // one bad object stops no other
        RejectedObject rejected = _gateway.Compiler.Rejected.Single();
        rejected.Key.ShouldBe("upstreams/u");
        rejected.SinceRevision.ShouldBe(2);
        rejected.ServesLastGood.ShouldBeTrue();
        rejected.Errors.ShouldNotBeEmpty();
    }

    [Theory]
    [InlineData("upstreams/u", "{}", RouteTarget.MissingUpstream)]
    [InlineData("services/s", """{"upstream":7}""", RouteTarget.MissingService)]
    public void Apply_NeverValid_IsAbsent(string key, string bad, RouteTarget target)
    {
        string reference = key.StartsWith("services", StringComparison.Ordinal) ? "\"service_id\":\"s\"" : "\"upstream_id\":\"u\"";
        _gateway.Put((key, bad), ("routes/1", $$"""{"uri":"/a",{{reference}}}"""));

        _gateway.Match("/a")!.Target.ShouldBe(target);
        _gateway.Compiler.Rejected.Single().ServesLastGood.ShouldBeFalse();
    }

    [Fact]
    public void Apply_BadRoute_MatchesAsBefore()
    {
        _gateway.Put("routes/1", """{"uri":"/a","upstream":{"nodes":{"10.0.0.1:80":1}}}""");

        _gateway.Put("routes/1", """{"uri":"/b","upstream":{"nodes":"x"}}""");

        _gateway.Match("/a").ShouldNotBeNull();
        _gateway.Match("/b").ShouldBeNull();
    }

    [Fact]
    public void Apply_MadeGoodOrDeleted_IsNoLongerReported()
    {
        _gateway.Put(("upstreams/u", "{}"), ("upstreams/v", "{}"));
        _gateway.Compiler.Rejected.Count.ShouldBe(2);
        IReadOnlyList<RejectedObject> before = _gateway.Compiler.Rejected;

        _gateway.Put("upstreams/u", Gateway.NodesJson("10.0.0.1:80"));
        _gateway.Put("upstreams/v", null);

        _gateway.Compiler.Rejected.ShouldBeEmpty();
        before.Count.ShouldBe(2);
    }

    [Fact]
    public void Apply_LastGoodVersionDeleted_IsGone()
    {
        _gateway.Put(("upstreams/u", Gateway.NodesJson("10.0.0.1:80")), ("routes/1", """{"uri":"/a","upstream_id":"u"}"""));
        _gateway.Put("upstreams/u", "{}");

        _gateway.Put("upstreams/u", null);

        _gateway.Match("/a")!.Target.ShouldBe(RouteTarget.MissingUpstream);
        _gateway.Compiler.Rejected.ShouldBeEmpty();
    }

    [Fact]
    public void Apply_EverythingDeleted_LeavesNothingBehind()
    {
        _gateway.Put(
            ("upstreams/u", Gateway.NodesJson("10.0.0.1:80")),
            ("services/s", """{"upstream":{"nodes":{"10.0.0.2:80":1}}}"""),
            ("routes/1", """{"uri":"/a","service_id":"s"}"""),
            ("routes/2", """{"uri":"/b","upstream":{"nodes":{"10.0.0.3:80":1}}}"""));

        _gateway.Put(("upstreams/u", null), ("services/s", null), ("routes/1", null), ("routes/2", null), ("routes/none", null), ("services/none", null));

        _gateway.Snapshot.Routes.Count.ShouldBe(0);
        Enumerable.Range(0, 300).ShouldAllBe(slot => _gateway.Snapshot.Upstream(slot) == null);
        _gateway.Nodes.Take().Count(call => call.StartsWith("removed", StringComparison.Ordinal)).ShouldBe(3);
    }

    [Fact]
    public void Key_OfEachKind_IsThePluralAndTheId() =>
        new RejectedObject(ResourceKind.Route, "7", [], 1, false).Key.ShouldBe("routes/7");
}
