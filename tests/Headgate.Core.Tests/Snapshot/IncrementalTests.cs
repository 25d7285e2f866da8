using Headgate.Core.LoadBalancing;
using Headgate.Core.Routing;
using Headgate.Core.Snapshot;
using Headgate.Core.Upstreams;
using Headgate.Testing;

namespace Headgate.Core.Tests.Snapshot;

/// <summary>What an edit does not concern stays the same object: asserted by reference, because times prove nothing.</summary>
public sealed class IncrementalTests : IDisposable
{
    private const int Upstreams = 1000;
    private readonly Gateway _gateway = new();

    public IncrementalTests() => _gateway.Put([
        .. Enumerable.Range(0, Upstreams).Select(i => ($"upstreams/{i}", (string?)Gateway.NodesJson($"10.0.0.1:{i + 1}", $"10.0.0.2:{i + 1}"))),
        ("services/s", """{"upstream":{"nodes":{"10.0.0.1:80":1}}}"""),
        .. Enumerable.Range(0, 500).Select(i => ($"routes/{i}", (string?)$$"""{"uri":"/{{i}}","upstream_id":"{{(i < 400 ? 7 : i)}}"}""")),
        .. Enumerable.Range(500, 50).Select(i => ($"routes/{i}", (string?)$$"""{"uri":"/{{i}}","service_id":"s"}"""))]);

    public void Dispose() => _gateway.Dispose();

    [Fact]
    public void Apply_UpstreamEdit_CopiesOnePageAndTouchesNoRoute()
    {
        GatewaySnapshot before = _gateway.Snapshot;
        RouteSnapshot route = _gateway.Match("/3")!;

        GatewaySnapshot after = _gateway.Put("upstreams/7", Gateway.NodesJson("10.0.0.9:1"));

        after.Routes.ShouldBeSameAs(before.Routes);
        ChangedPages(before, after).ShouldBe([route.UpstreamSlot / UpstreamTable.SlotsPerPage]);
        Enumerable.Range(0, Upstreams + 1).Count(slot => before.Upstream(slot) != after.Upstream(slot)).ShouldBe(1);
        after.Upstream(route.UpstreamSlot)!.Nodes.Single().Config.Host.ShouldBe("10.0.0.9");
        before.Upstream(route.UpstreamSlot)!.Nodes.Count.ShouldBe(2); // a request under way still has its own
    }

    [Fact]
    public void Apply_RouteEdit_TouchesNoUpstreamAndNoOtherRoute()
    {
        GatewaySnapshot before = _gateway.Snapshot;
        RouteSnapshot[] others = Routes(except: 450);

        GatewaySnapshot after = _gateway.Put("routes/450", """{"uri":"/450","upstream_id":"3"}""");

        after.Upstreams.ShouldBeSameAs(before.Upstreams);
        Routes(except: 450).ShouldBe(others);
        after.Routes.ShouldNotBeSameAs(before.Routes);
    }

    [Fact]
    public void Apply_ServicesInlineUpstreamEdit_TouchesNoRoute()
    {
        GatewaySnapshot before = _gateway.Snapshot;

        GatewaySnapshot after = _gateway.Put("services/s", """{"upstream":{"nodes":{"10.0.0.1:80":1,"10.0.0.2:80":1}}}""");

        after.Routes.ShouldBeSameAs(before.Routes);
        _gateway.Upstream("/510").Nodes.Count.ShouldBe(2);
    }

    [Fact]
    public void Apply_ServiceEdit_RelinksItsRoutesOnly()
    {
        RouteSnapshot[] others = [.. Enumerable.Range(0, 500).Select(i => _gateway.Match($"/{i}")!)];

        _gateway.Put("services/s", """{"enable_websocket":true,"upstream":{"nodes":{"10.0.0.1:80":1}}}""");

        Enumerable.Range(0, 500).Select(i => _gateway.Match($"/{i}")!).ShouldBe(others);
        Enumerable.Range(500, 50).ShouldAllBe(i => _gateway.Match($"/{i}")!.EnableWebsocket);
    }

    [Fact]
    public void Apply_UpstreamGoes_RelinksTheRoutesThatNameItOnly()
    {
        RouteSnapshot[] others = [.. Enumerable.Range(400, 150).Select(i => _gateway.Match($"/{i}")!)];

        _gateway.Put("upstreams/7", null);

        Enumerable.Range(400, 150).Select(i => _gateway.Match($"/{i}")!).ShouldBe(others);
        Enumerable.Range(0, 400).ShouldAllBe(i => _gateway.Match($"/{i}")!.Target == RouteTarget.MissingUpstream);
    }

    [Fact]
    public void Apply_SlotOfADeletedUpstreamIsReusedAtOnce_OldSnapshotsSeeTheOldOne()
    {
        GatewaySnapshot before = _gateway.Snapshot;
        RouteSnapshot old = _gateway.Match("/3")!;

        GatewaySnapshot after = _gateway.Put(("upstreams/7", null), ("upstreams/new", Gateway.NodesJson("10.9.9.9:1")), ("routes/new", """{"uri":"/new","upstream_id":"new"}"""));

        _gateway.Match("/new")!.UpstreamSlot.ShouldBe(old.UpstreamSlot);
        _gateway.Match("/3")!.Target.ShouldBe(RouteTarget.MissingUpstream);
        before.Upstream(old.UpstreamSlot)!.Config.Id.ShouldBe("7");
        after.Upstream(old.UpstreamSlot)!.Config.Id.ShouldBe("new");
    }

    [Fact]
    public void Apply_UpstreamsComeAndGo_SlotsDoNotAddUp()
    {
        int pages = _gateway.Snapshot.Upstreams.Pages.Count;

        for (int i = 0; i < 2000; i++)
        {
            _gateway.Put("routes/inline", "{\"uri\":\"/inline\",\"upstream\":" + Gateway.NodesJson($"10.0.0.1:{i + 1}") + "}");
            _gateway.Put("routes/inline", null);
        }

        _gateway.Snapshot.Upstreams.Pages.Count.ShouldBe(pages);
    }

    [Fact]
    public void Apply_TimeoutOnly_KeepsNodesAndPickers()
    {
        UpstreamSnapshot before = _gateway.Upstream("/3");

        _gateway.Put("upstreams/7", """{"nodes":{"10.0.0.1:8":1,"10.0.0.2:8":1},"timeout":{"connect":1,"send":1,"read":1}}""");

        UpstreamSnapshot after = _gateway.Upstream("/3");
        after.Timeout.Read.ShouldBe(TimeSpan.FromSeconds(1));
        after.Nodes.ShouldBe(before.Nodes);
        after.AllTiers.ShouldBeSameAs(before.AllTiers);
        after.Nodes.Select(node => node.Config).ShouldBe(after.Config.Nodes); // one record per node, not an old and a new one
        after.Config.Nodes[0].ShouldBeSameAs(before.Config.Nodes[0]);
    }

    [Fact]
    public void Apply_ObjectWrittenUnchanged_KeepsTheRouteTable()
    {
        GatewaySnapshot before = _gateway.Snapshot;

        GatewaySnapshot after = _gateway.Put(("routes/3", """{"uri":"/3","upstream_id":"7"}"""), ("services/s", """{"upstream":{"nodes":{"10.0.0.1:80":1}}}"""));

        after.Routes.ShouldBeSameAs(before.Routes);
    }

    [Fact]
    public void MatchAndPick_OnThePathOfEveryRequest_AllocateNothing()
    {
        TestRequest[] requests = [.. Enumerable.Range(0, 550).Select(i => new TestRequest("any.test", $"/{i}"))];

        Allocation.Of(() => Serve(requests)).ShouldBe(0);
    }

    private void Serve(TestRequest[] requests)
    {
        foreach (TestRequest request in requests)
        {
            GatewaySnapshot snapshot = _gateway.Snapshot;
            UpstreamSnapshot upstream = snapshot.Upstream(snapshot.Match(request)!.UpstreamSlot)!;
            TriedNodes tried = default;
            var context = new PickContext(in tried, request);
            for (NodeSnapshot? node = upstream.Pick(ref context); node is not null && tried.Count < upstream.TriesMax; node = upstream.Pick(ref context))
                tried.Add(node.Index);
        }
    }

    private RouteSnapshot[] Routes(int except) => [.. Enumerable.Range(0, 550).Where(i => i != except).Select(i => _gateway.Match($"/{i}")!)];

    private static int[] ChangedPages(GatewaySnapshot before, GatewaySnapshot after) =>
        [.. Enumerable.Range(0, after.Upstreams.Pages.Count).Where(page => after.Upstreams.Pages[page] != before.Upstreams.Pages[page])];
}
