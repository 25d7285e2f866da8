using System.Net.WebSockets;
using System.Text;
using Headgate.Core.Upstreams;
using Headgate.Proxy.Tests.Pipeline;
using Headgate.Proxy.Upstream;
using Headgate.Testing;

namespace Headgate.Proxy.Tests.Overrides;

/// <summary>Drains and forces through a whole data plane, on real sockets.</summary>
public sealed class DrainTests
{
    private static CancellationToken Bound => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Drain_UnderLoad_NoRequestFailsAndNoneGoesThereAnyMore()
    {
        await using ScriptedNode a = ScriptedNode.StartAnswering("a");
        await using ScriptedNode b = ScriptedNode.StartAnswering("b");
        await using ScriptedNode c = ScriptedNode.StartAnswering("c");
        await using DrainedGateway gateway = await DrainedGateway.StartAsync([a.Port, b.Port, c.Port]);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Bound);
        Task<int>[] load = [.. Enumerable.Range(0, 8).Select(_ => Task.Run(() => LoadAsync(gateway, stop.Token)))];
        await Eventually.HoldsAsync(() => b.Open > 0, "requests at the node");

        for (int round = 0; round < 3; round++)
        {
            gateway.Put(b.Port, "drain");
            (await gateway.AskAsync(30)).ShouldNotContain('b');
            await Eventually.HoldsAsync(() => gateway.Override(b.Port).DrainedAt is not null, "drained");
            await Eventually.HoldsAsync(() => b.Open == 0, "no connection left, idle ones included");
            int accepted = b.Accepted;
            (await gateway.AskAsync(30)).ShouldNotContain('b');
            b.Accepted.ShouldBe(accepted);

            gateway.Put(b.Port, null);
            (await gateway.AskAsync(30)).ShouldContain('b');
        }

        await stop.CancelAsync();
        (await Task.WhenAll(load)).Sum().ShouldBeGreaterThan(0); // each fails on any answer but 200
        gateway.Lines(1320).Length.ShouldBe(3);
        await Eventually.HoldsAsync(() => gateway.Lines(1321).Length == 3, "each drain is told of, the last a moment after it is over");
        gateway.Lines(1321)[0].ShouldBe($"1321 Node 127.0.0.1:{b.Port} of upstreams/u is drained: nothing is under way any more.");
    }

    [Fact]
    public async Task Drain_RequestUnderWay_EndsAndThenTheNodeIsDrained()
    {
        using var asked = new SemaphoreSlim(0);
        using var answer = new SemaphoreSlim(0);
        await using ScriptedNode slow = ScriptedNode.Start(async peer =>
        {
            while (await peer.ReadHeadAsync() is not null)
            {
                asked.Release();
                await answer.WaitAsync(peer.Stopping);
                await peer.AnswerAsync("slow");
            }
        });
        await using ScriptedNode other = ScriptedNode.StartAnswering("other");
        await using DrainedGateway gateway = await DrainedGateway.StartAsync([slow.Port]);
        Task<string> underWay = gateway.AskAsync(1);
        await asked.WaitAsync(Bound);
        gateway.Gateway.PutUpstream("u", [slow.Port, other.Port]);

        gateway.Put(slow.Port, "drain");

        (await gateway.AskAsync(10)).ShouldBe(string.Concat(Enumerable.Repeat("other", 10)));
        gateway.Node(slow.Port).InFlight.ShouldBe(1);
        gateway.Override(slow.Port).DrainedAt.ShouldBeNull();
        answer.Release();
        (await underWay).ShouldBe("slow");
        await Eventually.HoldsAsync(() => gateway.Override(slow.Port).DrainedAt is not null, "drained");
        await Eventually.HoldsAsync(() => slow.Open == 0, "its connection is not kept");
    }

    [Fact]
    public async Task Drain_WebSocket_IsCountedAndGoesOn()
    {
        await using ScriptedNode a = WebSocketNode.StartEcho();
        await using ScriptedNode b = ScriptedNode.StartAnswering("b");
        await using DrainedGateway gateway = await DrainedGateway.StartAsync([a.Port]);
        using ClientWebSocket client = await ChatAsync(gateway);
        gateway.Gateway.PutUpstream("u", [a.Port, b.Port]);

        gateway.Put(a.Port, "drain");
        (await gateway.AskAsync(5)).ShouldBe("bbbbb");

        await EchoAsync(client);
        gateway.Node(a.Port).InFlight.ShouldBe(1);
        gateway.Lines(1321).ShouldBeEmpty();
        await client.CloseAsync(WebSocketCloseStatus.NormalClosure, "done", Bound);
        await Eventually.HoldsAsync(() => gateway.Lines(1321).Length == 1, "drained");
        gateway.Node(a.Port).InFlight.ShouldBe(0);
        gateway.Node(a.Port).Timeline.Changes.Select(change => change.Kind).ShouldBe([NodeChangeKind.DrainBegun, NodeChangeKind.Drained]);
    }

    [Fact]
    public async Task Drain_Deadline_EndsTheTunnelAndTheNodeIsDrained()
    {
        await using ScriptedNode a = WebSocketNode.StartEcho();
        await using DrainedGateway gateway = await DrainedGateway.StartAsync([a.Port]);
        using ClientWebSocket client = await ChatAsync(gateway);

        gateway.Put(a.Port, "drain", ",\"deadline\":2");
        await EchoAsync(client);

        await Should.ThrowAsync<WebSocketException>(() => client.ReceiveAsync(new byte[10], Bound));
        await Eventually.HoldsAsync(() => gateway.Lines(1321).Length == 1, "drained");
        gateway.Lines(1321)[0].ShouldEndWith("is drained: connections cut off at the deadline: 1.");
        gateway.Override(a.Port).CutOff.ShouldBe(1);
        await Eventually.HoldsAsync(() => a.Open == 0 && gateway.Gateway.Plane.NodeConnectionsOpen == 0, "its connection is closed");
    }

    [Theory]
    [InlineData("GET", false, 200)]
    [InlineData("GET", true, 200)]
    [InlineData("POST", false, 502)]
    public async Task Drain_DeadlineWithRequestUnderWay_IsAskedElsewhereWhereThatIsSafe(string method, bool onKeptConnection, int expected)
    {
        using var asked = new SemaphoreSlim(0);
        (int first, int second) = (0, 0);
        await using ScriptedNode hung = ScriptedNode.Start(async peer =>
        {
            while (await peer.ReadHeadAsync() is { } head)
            {
                if (head.StartsWith("GET /first", StringComparison.Ordinal))
                {
                    first = peer.Number;
                    await peer.AnswerAsync("first");
                    continue;
                }

                second = peer.Number;
                asked.Release();
                await peer.WaitForEndAsync();
            }
        });
        await using ScriptedNode other = ScriptedNode.StartAnswering("other");
        await using DrainedGateway gateway = await DrainedGateway.StartAsync(
            [hung.Port, other.Port], ",\"type\":\"chash\",\"key\":\"arg_k\",\"checks\":{\"active\":{\"type\":\"tcp\"},\"passive\":{\"unhealthy\":{\"tcp_failures\":1}}},\"outlier_detection\":{\"consecutive_5xx\":1}");
        using var client = new RawClient(await gateway.Gateway.ConnectAsync()); // one: connections to nodes are kept by the loop that has the client
        string key = await KeyOfAsync(client, "first");
        if (!onKeptConnection)
            NodeConnections.Drop(gateway.Node(hung.Port).SoleEndpoint!);

        Task<(int Status, ReadOnlyMemory<byte> Body)> underWay = client.AskAsync(Encoding.ASCII.GetBytes($"{method} /?k={key} HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n"));
        await asked.WaitAsync(Bound);
        (first == second).ShouldBe(onKeptConnection);
        gateway.Put(hung.Port, "drain", ",\"deadline\":0.2");

        (int status, ReadOnlyMemory<byte> body) = await underWay;
        status.ShouldBe(expected);
        if (method == "GET")
            Encoding.ASCII.GetString(body.Span).ShouldBe("other");
        asked.CurrentCount.ShouldBe(0); // it was not asked again
        await Eventually.HoldsAsync(() => gateway.Override(hung.Port).DrainedAt is not null, "drained");
        gateway.Node(hung.Port).Exclusions.ShouldBe(NodeExclusions.Draining); // what the gateway cut off itself is no verdict on the node
        gateway.Node(hung.Port).Health.Counters.TcpFailures.ShouldBe(0);
    }

    [Fact]
    public async Task Drain_NodeLeavesItsUpstream_ItsTunnelEndsAtTheDeadlineAllTheSame()
    {
        await using ScriptedNode a = WebSocketNode.StartEcho();
        await using ScriptedNode b = ScriptedNode.StartAnswering("b");
        await using DrainedGateway gateway = await DrainedGateway.StartAsync([a.Port]);
        using ClientWebSocket client = await ChatAsync(gateway);
        gateway.Put(a.Port, "drain", ",\"deadline\":2");

        gateway.Gateway.PutUpstream("u", [b.Port]);
        await EchoAsync(client);

        await Should.ThrowAsync<WebSocketException>(() => client.ReceiveAsync(new byte[10], Bound));
        await Eventually.HoldsAsync(() => a.Open == 0 && gateway.Gateway.Plane.NodeConnectionsOpen == 0, "its connection is closed");
    }

    [Theory]
    [InlineData("drain", "")]
    [InlineData("force_down", "")]
    [InlineData("drain", ",\"max_requests\":1")]
    [InlineData("drain", ",\"type\":\"chash\",\"key\":\"uri\"")]
    public async Task Retry_NodeWithdrawnSinceTheRequestBegan_IsPassedOver(string kind, string more)
    {
        using var asked = new SemaphoreSlim(0);
        using var go = new SemaphoreSlim(0);
        await using ScriptedNode first = ScriptedNode.Start(CloseAsync);
        await using ScriptedNode second = ScriptedNode.Start(CloseAsync);
        ScriptedNode[] nodes = [first, second, ScriptedNode.Start(CloseAsync)];
        await using DrainedGateway gateway = await DrainedGateway.StartAsync(nodes.Select(node => node.Port), more);
        using var client = new RawClient(await gateway.Gateway.ConnectAsync());
        Task<(int Status, ReadOnlyMemory<byte> Body)> underWay = client.AskAsync("GET / HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray());
        await asked.WaitAsync(Bound);
        ScriptedNode[] others = [.. nodes.Where(node => node.Accepted == 0)];

        // From the edit on the request has an upstream of its own: what is served is another, and that alone follows what becomes of nodes.
        gateway.Gateway.PutUpstream("u", nodes.Select(node => node.Port), more + ",\"retry_timeout\":60");
        foreach (ScriptedNode other in others)
            gateway.Put(other.Port, kind);
        go.Release(10);

        (await underWay).Status.ShouldBe(502);
        others.Length.ShouldBe(2);
        others.ShouldAllBe(node => node.Accepted == 0);
        await Eventually.HoldsAsync(() => nodes.All(node => gateway.Node(node.Port).InFlight == 0 && gateway.Node(node.Port).Permits.Taken == 0), "nothing is held");
        await nodes[2].DisposeAsync();

        async Task CloseAsync(ScriptedPeer peer)
        {
            await peer.ReadHeadAsync();
            asked.Release();
            await go.WaitAsync(peer.Stopping);
        }
    }

    [Fact]
    public async Task Retry_OneNodeWithdrawnSinceTheRequestBegan_AnotherAnswers()
    {
        using var asked = new SemaphoreSlim(0);
        using var go = new SemaphoreSlim(0);
        await using ScriptedNode dying = ScriptedNode.Start(async peer =>
        {
            await peer.ReadHeadAsync();
            asked.Release();
            await go.WaitAsync(peer.Stopping);
        });
        await using ScriptedNode withdrawn = ScriptedNode.StartAnswering("withdrawn");
        await using ScriptedNode left = ScriptedNode.StartAnswering("left");
        int[] ports = [dying.Port, withdrawn.Port, left.Port];
        await using DrainedGateway gateway = await DrainedGateway.StartAsync(ports);
        Task<string> underWay = gateway.AskAsync(1);
        await asked.WaitAsync(Bound);
        gateway.Gateway.PutUpstream("u", ports, ",\"retry_timeout\":60");

        gateway.Put(withdrawn.Port, "drain");
        go.Release();

        (await underWay).ShouldBe("left");
        withdrawn.Accepted.ShouldBe(0);
    }

    [Fact]
    public async Task ForceUpAndDown_OverruleChecks()
    {
        await using ScriptedNode good = ScriptedNode.StartAnswering("a");
        await using ScriptedNode failing = ScriptedNode.Start(async peer =>
        {
            while (await peer.ReadHeadAsync() is { } head)
                await peer.SendAsync($"HTTP/1.1 {(head.StartsWith("GET /probe", StringComparison.Ordinal) ? 500 : 200)} -\r\nContent-Length: 1\r\n\r\nb");
        });
        await using DrainedGateway gateway = await DrainedGateway.StartAsync(
            [good.Port, failing.Port], ",\"checks\":{\"active\":{\"http_path\":\"/probe\",\"unhealthy\":{\"http_failures\":1}}}");
        await Eventually.HoldsAsync(async () => await gateway.AskAsync(4) == "aaaa", "found unhealthy");

        gateway.Put(failing.Port, "force_up");
        (await gateway.AskAsync(10)).Count(c => c == 'b').ShouldBe(5);
        gateway.Put(good.Port, "force_down");
        (await gateway.AskAsync(5)).ShouldBe("bbbbb");
        gateway.Put(good.Port, null);
        gateway.Put(failing.Port, null);

        (await gateway.AskAsync(10)).ShouldBe("aaaaaaaaaa");
        int[] ids = [1323, 1324, 1325];
        ids.Select(id => gateway.Lines(id).Length).ShouldBe([1, 1, 2]);
    }

    [Fact]
    public async Task ForceDown_OnlyNode_Is503()
    {
        await using ScriptedNode node = ScriptedNode.StartAnswering("a");
        await using DrainedGateway gateway = await DrainedGateway.StartAsync([node.Port]);
        (await gateway.AskAsync(1)).ShouldBe("a");

        gateway.Put(node.Port, "force_down");

        (await gateway.Gateway.SendRawAsync("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")).ShouldStartWith("HTTP/1.1 503 ");
        await Eventually.HoldsAsync(() => node.Open == 0, "its idle connection is closed");
    }

    /// <summary>A key that falls on the node which answers so.</summary>
    private static async Task<string> KeyOfAsync(RawClient client, string body)
    {
        for (int key = 0; ; key++)
        {
            (_, ReadOnlyMemory<byte> answer) = await client.AskAsync(Encoding.ASCII.GetBytes($"GET /first?k={key} HTTP/1.1\r\nHost: x\r\n\r\n"));
            if (Encoding.ASCII.GetString(answer.Span) == body)
                return $"{key}";
        }
    }

    private static async Task<ClientWebSocket> ChatAsync(DrainedGateway gateway)
    {
        var client = new ClientWebSocket();
        await client.ConnectAsync(new Uri($"ws://127.0.0.1:{gateway.Gateway.Port}/chat"), Bound);
        await EchoAsync(client);
        return client;
    }

    private static async Task EchoAsync(ClientWebSocket client)
    {
        await client.SendAsync("hi"u8.ToArray(), WebSocketMessageType.Text, true, Bound);
        byte[] received = new byte[10];
        WebSocketReceiveResult piece = await client.ReceiveAsync(received, Bound);
        Encoding.ASCII.GetString(received, 0, piece.Count).ShouldBe("hi");
    }

    private static async Task<int> LoadAsync(DrainedGateway gateway, CancellationToken stop)
    {
        int asked = 0;
        for (; !stop.IsCancellationRequested; asked += 20)
            await gateway.AskAsync(20);
        return asked;
    }
}
