using System.Net.Sockets;
using System.Text;
using Headgate.Core.Config;
using Headgate.Core.LoadBalancing;
using Headgate.Core.Snapshot.Explain;
using Headgate.Core.Upstreams;
using Headgate.Proxy.Explain;
using Headgate.Proxy.Tests.Pipeline;
using Headgate.Testing;

namespace Headgate.Proxy.Tests.Explain;

/// <summary>What is kept of requests that were sent.</summary>
public sealed class DecisionRingTests
{
    [Fact]
    public async Task ThousandRequests_EveryOneKept_NamesTheNodeThatAnsweredIt()
    {
        int refusing = ScriptedNode.RefusingPort(out IDisposable holder);
        ScriptedNode[] nodes = [.. Enumerable.Range(0, 3).Select(i => ScriptedNode.StartAnswering($"{i}"))];
        await using GatewayUnderTest gateway = await StartAsync(recent: 1000, sample: 1, [.. nodes.Select(node => node.Port), refusing]);
        using var client = new RawClient(await gateway.ConnectAsync());
        var answered = new List<int>();
        for (int i = 0; i < 1000; i++)
        {
            (int status, ReadOnlyMemory<byte> body) = await client.AskAsync(Encoding.ASCII.GetBytes($"GET /r{i}?secret=1 HTTP/1.1\r\nHost: x.test:80\r\n\r\n"));
            status.ShouldBe(200);
            answered.Add(nodes[body.Span[0] - '0'].Port);
        }

        await Eventually.HoldsAsync(() => gateway.Plane.RecentDecisions!.Latest(2000).Count == 1000, "all are kept, the last after its answer");
        IReadOnlyList<RecentDecision> kept = gateway.Plane.RecentDecisions!.Latest(2000);
        kept.Select(decision => decision.Path).ShouldBe(Enumerable.Range(0, 1000).Reverse().Select(i => $"/r{i}"));
        kept.Select(decision => decision.Tries[^1].Node).ShouldBe(answered.AsEnumerable().Reverse().Select(port => $"127.0.0.1:{port}"));
        kept.Select(decision => decision.Tries[^1]).ShouldAllBe(last => last.Outcome == "answered" && last.Status == 200);
        kept.SelectMany(decision => decision.Tries.SkipLast(1)).ShouldAllBe(earlier => earlier.Outcome == "refused" && earlier.Node == $"127.0.0.1:{refusing}");
        kept.Count(decision => decision.TriesCount == 2).ShouldBe(250);
        RecentDecision last = kept[0];
        (last.Method, last.Host, last.RouteId, last.Upstream, last.Status).ShouldBe(("GET", "x.test", "r", "upstreams/u", 200));
        holder.Dispose();
        foreach (ScriptedNode node in nodes)
            await node.DisposeAsync();
    }

    [Fact]
    public async Task Sampled_OneInMany_KeepsEveryFailureAllTheSame()
    {
        int refusing = ScriptedNode.RefusingPort(out IDisposable holder);
        await using ScriptedNode node = ScriptedNode.StartAnswering("a");
        await using GatewayUnderTest gateway = await StartAsync(recent: 100, sample: 50, node.Port, refusing);
        gateway.Put(ResourceKind.Upstream, "empty", """{"nodes":{}}""");
        gateway.Put(ResourceKind.Route, "empty", """{"uri":"/empty","upstream_id":"empty"}""");
        using var client = new RawClient(await gateway.ConnectAsync());
        for (int i = 0; i < 100; i++)
            await client.AskAsync(Encoding.ASCII.GetBytes($"GET /{(i % 10 == 9 ? "empty" : "a")} HTTP/1.1\r\nHost: x\r\n\r\n"));

        // 90 to the two nodes, of which the one that refuses fails every other; 10 without a node; and the 50th and 100th.
        await Eventually.HoldsAsync(() => gateway.Plane.RecentDecisions!.Latest(100).Count >= 55, "the failures");
        IReadOnlyList<RecentDecision> kept = gateway.Plane.RecentDecisions!.Latest(100);
        kept.Count(decision => decision.TriesCount == 2).ShouldBe(45);
        kept.Count(decision => decision is { TriesCount: 0, RouteId: "empty", Status: 503 }).ShouldBe(10);
        kept.Count(decision => decision.TriesCount == 1).ShouldBeLessThanOrEqualTo(2);
        holder.Dispose();
    }

    [Fact]
    public async Task MoreThanFit_TheLatestAreKept_AndLongPathsAreCut()
    {
        await using ScriptedNode node = ScriptedNode.StartAnswering("a");
        await using GatewayUnderTest gateway = await StartAsync(recent: 4, sample: 1, node.Port);
        using var client = new RawClient(await gateway.ConnectAsync());
        for (int i = 0; i < 10; i++)
            await client.AskAsync(Encoding.ASCII.GetBytes($"GET /{i}{new string('p', 500)} HTTP/1.1\r\nHost: x\r\n\r\n"));

        await Eventually.HoldsAsync(() => gateway.Plane.RecentDecisions!.Latest(1)[0].Path[1] == '9', "the last");
        IReadOnlyList<RecentDecision> kept = gateway.Plane.RecentDecisions!.Latest(100);
        kept.Select(decision => decision.Path[1]).ShouldBe("9876".ToCharArray());
        kept.ShouldAllBe(decision => decision.Path.Length == IRecentDecisions.TextBytesMax);
        gateway.Plane.RecentDecisions.Latest(2).Count.ShouldBe(2);
        (gateway.Plane.RecentDecisions.Capacity, gateway.Plane.RecentDecisions.Sample).ShouldBe((4, 1));
    }

    [Fact]
    public async Task NodeLeftOut_IsNamedWithItsReason()
    {
        await using ScriptedNode node = ScriptedNode.StartAnswering("a");
        await using GatewayUnderTest gateway = await StartAsync(recent: 4, sample: 1, node.Port, 1);
        NodeState drained = gateway.Plane.Upstreams.Find("upstreams/u")!.Nodes[1].State;
        drained.Exclude(NodeExclusions.Draining);
        gateway.Plane.Upstreams.Find("upstreams/u")!.RefreshUsable();
        using var client = new RawClient(await gateway.ConnectAsync());
        await client.AskAsync("GET / HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray());

        await Eventually.HoldsAsync(() => gateway.Plane.RecentDecisions!.Latest(1).Count == 1, "the request");
        gateway.Plane.RecentDecisions!.Latest(1)[0].Excluded.ShouldBe([("127.0.0.1:1", NodeExclusions.Draining)]);
    }

    [Fact]
    public async Task ClientGone_Is499()
    {
        await using ScriptedNode hung = ScriptedNode.Start(peer => peer.IgnoreAsync());
        await using GatewayUnderTest gateway = await StartAsync(recent: 4, sample: 1, hung.Port);
        using (Socket socket = await gateway.ConnectAsync())
        {
            await socket.SendAsync("GET /gone HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray());
            await Eventually.HoldsAsync(() => gateway.TriesInFlight == 1, "the try");
            socket.LingerState = new LingerOption(true, 0);
        }

        await Eventually.HoldsAsync(() => gateway.Plane.RecentDecisions!.Latest(1).Count == 1, "the request");
        RecentDecision decision = gateway.Plane.RecentDecisions!.Latest(1)[0];
        (decision.Status, decision.Tries[0].Outcome).ShouldBe((499, "client_failed"));
    }

    [Theory]
    [InlineData("roundrobin", null, false, false)]
    [InlineData("least_conn", 1.0, false, false)]
    [InlineData("p2c", 0.0, true, false)]
    [InlineData("chash", null, false, true)]
    public async Task WhyThisNode_IsToldAsThePolicyPicks(string type, double? score, bool draws, bool hashes)
    {
        await using ScriptedNode first = ScriptedNode.StartAnswering("a");
        await using ScriptedNode second = ScriptedNode.StartAnswering("b");
        await using GatewayUnderTest gateway = await StartAsync(recent: 4, sample: 1);
        gateway.Put(ResourceKind.Upstream, "u", $$"""{"type":"{{type}}","key":"uri","nodes":[{"host":"127.0.0.1","port":{{first.Port}},"weight":1},{"host":"127.0.0.1","port":{{second.Port}},"weight":1}]}""");
        using var client = new RawClient(await gateway.ConnectAsync());
        await client.AskAsync("GET /key HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray());

        await Eventually.HoldsAsync(() => gateway.Plane.RecentDecisions!.Latest(1).Count == 1, "the request");
        RecentDecision decision = gateway.Plane.RecentDecisions!.Latest(1)[0];
        (decision.Type, decision.CandidatesCount, decision.UsesUnusable).ShouldBe((type, 2, false));
        RecentTry only = decision.Tries.ShouldHaveSingleItem();
        HashedKey? foretold = gateway.Plane.Explainer.Explain(new InventedRequest { Target = "/key", Host = "x" }).Upstream!.Key;
        (only.Score, only.Drawn is not null, only.Hash, only.Hash is not null).ShouldBe((score, draws, foretold?.Hash, hashes));
        if (only.Drawn is var (one, other))
            new[] { one, other }.Order().ShouldBe(new[] { $"127.0.0.1:{first.Port}", $"127.0.0.1:{second.Port}" }.Order());
    }

    [Fact]
    public async Task AskedForOneUpstream_TheLimitHoldsAfterTheOthersAreLeftOut()
    {
        await using ScriptedNode node = ScriptedNode.StartAnswering("a");
        await using GatewayUnderTest gateway = await StartAsync(recent: 10, sample: 1, node.Port);
        gateway.PutUpstream("v", [node.Port]);
        gateway.Put(ResourceKind.Route, "v", """{"uri":"/v","upstream_id":"v"}""");
        using var client = new RawClient(await gateway.ConnectAsync());
        foreach (string path in (string[])["/v", "/1", "/v", "/2", "/3"])
            await client.AskAsync(Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n"));

        await Eventually.HoldsAsync(() => gateway.Plane.RecentDecisions!.Latest(10).Count == 5, "the requests");
        IRecentDecisions recent = gateway.Plane.RecentDecisions!;
        recent.Latest(2, static (_, upstream) => upstream == "upstreams/v").Select(decision => decision.Path).ShouldBe(["/v", "/v"]);
        recent.Latest(2, static (route, _) => route == "r").Select(decision => decision.Path).ShouldBe(["/3", "/2"]);
    }

    [Fact]
    public async Task NotAskedFor_NothingIsKept()
    {
        await using GatewayUnderTest gateway = await GatewayUnderTest.StartForAsync([1]);

        gateway.Plane.RecentDecisions.ShouldBeNull();
    }

    private static async Task<GatewayUnderTest> StartAsync(int recent, int sample, params int[] ports)
    {
        GatewayUnderTest gateway = await GatewayUnderTest.StartAsync(recent: new RecentDecisionOptions(recent, sample));
        gateway.PutUpstream("u", ports);
        gateway.Put(ResourceKind.Route, "r", """{"uri":"/*","upstream_id":"u"}""");
        return gateway;
    }
}
