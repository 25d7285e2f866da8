using Headgate.Core.Primitives;
using Headgate.Core.Routing;
using Headgate.Core.Snapshot;
using Headgate.Core.Snapshot.Explain;
using Headgate.Core.Upstreams;
using Headgate.Testing;

namespace Headgate.Core.Tests.Snapshot;

/// <summary>The upstreams that plugins send requests to are served with them, whichever plugins they are.</summary>
public sealed class PluginUpstreamsTests : IDisposable
{
    private readonly Gateway _gateway = new(BalancingSettings.Default, [new SendingPlugin()]);

    public void Dispose() => _gateway.Dispose();

    [Fact]
    public void Apply_NamedUpstreamComesAndGoes_RelinksTheRoute()
    {
        _gateway.Put("routes/1", """{"uri":"/a","plugins":{"sending":{"id":"7"}}}""");
        Slots().ShouldBe([-1]);
        _gateway.Put("upstreams/7", Gateway.NodesJson("10.0.0.1:80"));
        Served(0).ShouldNotBeNull().Owner.ShouldBe("upstreams/7");
        _gateway.Put("upstreams/7", null);
        Slots().ShouldBe([-1]);
    }

    [Fact]
    public void Apply_RouteItselfNamesTheSame_BothAreFollowed()
    {
        _gateway.Put(("routes/1", """{"uri":"/a","upstream_id":"7","plugins":{"sending":{"id":"7"}}}"""), ("upstreams/7", Gateway.NodesJson("10.0.0.1:80")));
        _gateway.Put("routes/1", """{"uri":"/a","plugins":{"sending":{"id":"7"}}}""");
        _gateway.Put("upstreams/7", null);
        Slots().ShouldBe([-1]);
    }

    [Fact]
    public void Apply_NamedByAServicesPlugin_RelinksItsRoutes()
    {
        _gateway.Put(("services/s", """{"plugins":{"sending":{"id":"7"}}}"""), ("routes/1", """{"uri":"/a","service_id":"s"}"""));
        _gateway.Put("upstreams/7", Gateway.NodesJson("10.0.0.1:80"));
        Served(0).ShouldNotBeNull();
        _gateway.Put("services/s", """{"plugins":{"sending":{}}}""");
        Slots().ShouldBeEmpty();
    }

    [Theory]
    [InlineData("routes/1")]
    [InlineData("services/s")]
    public void Apply_OwnUpstream_IsServedKeepsWhatIsLearntAndGoes(string carrier)
    {
        if (carrier != "routes/1")
            _gateway.Put("routes/1", """{"uri":"/a","service_id":"s"}""");
        Put("10.0.0.1:80", "10.0.0.2:80");
        UpstreamSnapshot before = Served(0).ShouldNotBeNull();
        (before.Owner, before.Config.Id).ShouldBe(($"{carrier}/sending/here", $"{carrier}/sending/here"));
        NodeState kept = before.Nodes[0].State;
        int slot = Slots()[0];

        Put("10.0.0.1:80", "10.0.0.3:80");
        Served(0)!.Nodes[0].State.ShouldBeSameAs(kept);
        Slots().ShouldBe([slot]);

        _gateway.Put(carrier, carrier == "routes/1" ? """{"uri":"/a","plugins":{"sending":{"_meta":{"disable":true},"own":{"nodes":{"10.0.0.1:80":1}}}}}""" : null);
        _gateway.Snapshot.Upstream(slot).ShouldBeNull();

        void Put(string first, string second)
        {
            string plugins = $$$$"""{"sending":{"own":{{{{Gateway.NodesJson(first, second)}}}}}}""";
            _gateway.Put(carrier, carrier == "routes/1" ? $$"""{"uri":"/a","plugins":{{plugins}}}""" : $$"""{"plugins":{{plugins}}}""");
        }
    }

    [Fact]
    public void Apply_RouteReplacesTheServicesPlugin_EachHasItsOwn()
    {
        _gateway.Put(
            ("services/s", """{"plugins":{"sending":{"own":{"nodes":{"10.0.0.1:80":1}}}}}"""),
            ("routes/1", """{"uri":"/a","service_id":"s","plugins":{"sending":{"own":{"nodes":{"10.0.0.2:80":1}}}}}"""),
            ("routes/2", """{"uri":"/b","service_id":"s"}"""));
        Served(0)!.Owner.ShouldBe("routes/1/sending/here");
        _gateway.Snapshot.Upstream(_gateway.Match("/b")!.PluginUpstreamSlots[0])!.Owner.ShouldBe("services/s/sending/here");
    }

    [Fact]
    public void Explain_PluginMayChoose_NamesItAndNoUpstream()
    {
        _gateway.Put(("upstreams/7", Gateway.NodesJson("10.0.0.1:80")), ("routes/1", """{"uri":"/a","upstream_id":"7","plugins":{"sending":{"id":"7"}}}"""));
        RequestExplanation explanation = _gateway.Snapshot.Explain(new TestRequest("a.test", "/a"), 0);
        (explanation.ChosenBy, explanation.Upstream, explanation.Status).ShouldBe(("sending", null, null));
    }

    private EquatableArray<int> Slots() => Route().PluginUpstreamSlots;

    private UpstreamSnapshot? Served(int index) => _gateway.Snapshot.Upstream(Route().PluginUpstreamSlots[index]);

    private RouteSnapshot Route() => _gateway.Match("/a").ShouldNotBeNull();
}
