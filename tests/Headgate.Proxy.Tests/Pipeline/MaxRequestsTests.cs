using System.Diagnostics;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using Headgate.Core.Snapshot;
using Headgate.Testing;

namespace Headgate.Proxy.Tests.Pipeline;

/// <summary>Limits of requests under way at nodes, and the queue before them, on real sockets.</summary>
public sealed class MaxRequestsTests
{
    private static readonly byte[] Get = "GET / HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray();

    private static CancellationToken Bound => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ManyClientsSomeOfWhichGoAway_NeverAboveTheLimitAndEveryOtherIsAnswered()
    {
        await using var a = new BusyNode { AnswersAtOnce = true, BusyMs = 2 };
        await using var b = new BusyNode { AnswersAtOnce = true, BusyMs = 2 };
        await using GatewayUnderTest gateway = await GatewayUnderTest.StartForAsync([a.Port, b.Port], ""","max_requests":3,"queue":{"size":1000}""");
        int answered = 0, gone = 0;
        await Task.WhenAll(Enumerable.Range(0, 24).Select(number => Task.Run(async () =>
        {
            var random = new Random(TestSeed.Value + number);
            for (int i = 0; i < 60; i++)
            {
                Socket socket = await gateway.ConnectAsync();
                using var client = new RawClient(socket);
                if (random.Next(5) == 0)
                {
                    // Some while they wait, some while the node is busy with them, some with the answer on its way.
                    await socket.SendAsync(Get);
                    for (int spins = random.Next(6); spins > 0; spins--)
                        await Task.Delay(1);
                    socket.LingerState = new LingerOption(true, 0);
                    Interlocked.Increment(ref gone);
                    continue;
                }

                for (int requests = 0; requests < 3; requests++)
                {
                    (await client.AskAsync(Get)).Status.ShouldBe(200);
                    Interlocked.Increment(ref answered);
                }
            }
        })));

        UpstreamSnapshot upstream = Upstream(gateway);
        await Eventually.HoldsAsync(() => upstream.Nodes.All(node => node.State.Permits.Taken == 0), "every permit is given back");
        a.Most.ShouldBeInRange(2, 3, $"HEADGATE_SEED={TestSeed.Value}");
        b.Most.ShouldBeInRange(2, 3, $"HEADGATE_SEED={TestSeed.Value}");
        answered.ShouldBe(((24 * 60) - gone) * 3);
        RequestQueue queue = upstream.Queue!;
        (queue.Count, queue.TimedOut, queue.Refused).ShouldBe((0, 0, 0));
        queue.Served.ShouldBeGreaterThan(100);
    }

    [Fact]
    public async Task RequestsThatWait_AreServedInTheOrderTheyCame()
    {
        await using var node = new BusyNode();
        await using GatewayUnderTest gateway = await GatewayUnderTest.StartForAsync([node.Port], ""","max_requests":1,"queue":{"size":10}""");
        Task<int>[] asked = [await AskAsync(gateway, "/0", () => node.Asked.Count == 1)];
        for (int i = 1; i <= 5; i++)
            asked = [.. asked, await AskAsync(gateway, $"/{i}", () => Upstream(gateway).Queue!.Count == i)];

        node.Answer(6);

        (await Task.WhenAll(asked)).ShouldAllBe(status => status == 200);
        node.Asked.ShouldBe([.. Enumerable.Range(0, 6).Select(i => $"GET /{i}")]);
        node.Most.ShouldBe(1);
    }

    [Fact]
    public async Task QueueIsFull_503AtOnceAndTheOthersAreServed()
    {
        await using var node = new BusyNode();
        await using GatewayUnderTest gateway = await GatewayUnderTest.StartForAsync([node.Port], ""","max_requests":1,"queue":{"size":1}""");
        Task<int> first = await AskAsync(gateway, "/first", () => node.Asked.Count == 1);
        Task<int> second = await AskAsync(gateway, "/second", () => Upstream(gateway).Queue!.Count == 1);

        string refused = await gateway.SendRawAsync("GET /third HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");

        refused.ShouldStartWith("HTTP/1.1 503 ");
        refused.ShouldNotContain("Retry-After");
        Upstream(gateway).Queue!.Refused.ShouldBe(1);
        node.Answer(2);
        (await first, await second).ShouldBe((200, 200));
        node.Asked.ShouldBe(["GET /first", "GET /second"]);
    }

    [Fact]
    public async Task NoQueue_503AtOnceAndFreeAgainAfterwards()
    {
        await using var node = new BusyNode();
        await using GatewayUnderTest gateway = await GatewayUnderTest.StartForAsync([node.Port], ""","max_requests":1""");
        Task<int> first = await AskAsync(gateway, "/first", () => node.Asked.Count == 1);

        (await (await AskAsync(gateway, "/second"))).ShouldBe(503);
        node.Answer(2);
        (await first).ShouldBe(200);
        (await (await AskAsync(gateway, "/third"))).ShouldBe(200);
    }

    [Fact]
    public async Task WaitingTooLong_503AfterTheTimeoutAndItsPlaceIsFree()
    {
        await using var node = new BusyNode();
        await using GatewayUnderTest gateway = await GatewayUnderTest.StartForAsync([node.Port], ""","max_requests":1,"queue":{"size":1,"timeout":0.2}""");
        Task<int> first = await AskAsync(gateway, "/first", () => node.Asked.Count == 1);

        long begun = Stopwatch.GetTimestamp();
        (await (await AskAsync(gateway, "/second"))).ShouldBe(503);

        Stopwatch.GetElapsedTime(begun).TotalSeconds.ShouldBeGreaterThan(0.15);
        RequestQueue queue = Upstream(gateway).Queue!;
        (queue.Count, queue.TimedOut, queue.Refused).ShouldBe((0, 1, 0));
        node.Answer();
        (await first).ShouldBe(200);
        node.Asked.ShouldBe(["GET /first"]);
    }

    [Fact]
    public async Task ClientThatGoesAway_LeavesTheQueueAtOnce()
    {
        await using var node = new BusyNode();
        await using GatewayUnderTest gateway = await GatewayUnderTest.StartForAsync([node.Port], ""","max_requests":1,"queue":{"size":10}""");
        Task<int> first = await AskAsync(gateway, "/first", () => node.Asked.Count == 1);
        RequestQueue queue = Upstream(gateway).Queue!;
        using (Socket client = await gateway.ConnectAsync())
        {
            await client.SendAsync(Get);
            await Eventually.HoldsAsync(() => queue.Count == 1, "it waits");
            client.LingerState = new LingerOption(true, 0);
        }

        await Eventually.HoldsAsync(() => queue.Count == 0 && gateway.Plane.Counters.ClientsGone == 1, "it has left");
        queue.Left.ShouldBe(1);
        node.Answer();
        (await first).ShouldBe(200);
        node.Asked.Count.ShouldBe(1);
        await Eventually.HoldsAsync(() => Upstream(gateway).Nodes[0].State.Permits.Taken == 0, "the permit is back");
    }

    [Fact]
    public async Task ClientThatOnlyFinishedSending_IsServed()
    {
        await using var node = new BusyNode();
        await using GatewayUnderTest gateway = await GatewayUnderTest.StartForAsync([node.Port], ""","max_requests":1,"queue":{"size":10}""");
        Task<int> first = await AskAsync(gateway, "/first", () => node.Asked.Count == 1);

        Task<string> second = gateway.SendRawAsync("GET /second HTTP/1.1\r\nHost: x\r\n\r\n", finish: true);
        await Eventually.HoldsAsync(() => Upstream(gateway).Queue!.Count == 1, "it waits");
        node.Answer(2);

        (await second).ShouldStartWith("HTTP/1.1 200 ");
        (await first).ShouldBe(200);
    }

    [Fact]
    public async Task Tunnel_HoldsItsPermitUntilItEnds()
    {
        await using ScriptedNode node = WebSocketNode.StartEcho();
        await using GatewayUnderTest gateway = await GatewayUnderTest.StartForAsync([node.Port], ""","max_requests":1,"queue":{"size":10}""", routeMore: ",\"enable_websocket\":true");
        var uri = new Uri($"ws://127.0.0.1:{gateway.Port}/");
        using var first = new ClientWebSocket();
        await first.ConnectAsync(uri, Bound);
        using var second = new ClientWebSocket();
        Task connecting = second.ConnectAsync(uri, Bound);
        await Eventually.HoldsAsync(() => Upstream(gateway).Queue!.Count == 1, "the second waits");

        await first.CloseAsync(WebSocketCloseStatus.NormalClosure, "done", Bound);

        await connecting.WaitAsync(TimeSpan.FromSeconds(10), Bound);
        Upstream(gateway).Nodes[0].State.Permits.Taken.ShouldBe(1);
        await second.CloseAsync(WebSocketCloseStatus.NormalClosure, "done", Bound);
        await Eventually.HoldsAsync(() => Upstream(gateway).Nodes[0].State.Permits.Taken == 0, "the permit is back");
    }

    [Fact]
    public async Task LimitRaisedByAnEdit_ServesThoseThatWait()
    {
        await using var node = new BusyNode();
        await using GatewayUnderTest gateway = await GatewayUnderTest.StartForAsync([node.Port], ""","max_requests":1,"queue":{"size":10}""");
        Task<int> first = await AskAsync(gateway, "/0", () => node.Asked.Count == 1);
        Task<int> second = await AskAsync(gateway, "/1", () => Upstream(gateway).Queue!.Count == 1);
        Task<int> third = await AskAsync(gateway, "/2", () => Upstream(gateway).Queue!.Count == 2);

        gateway.PutUpstream("u", [node.Port], ""","max_requests":2,"queue":{"size":10}""");

        await Eventually.HoldsAsync(() => node.Asked.Count == 2, "the second is at the node");
        Upstream(gateway).Queue!.Count.ShouldBe(1);
        node.Answer(3);
        (await first, await second, await third).ShouldBe((200, 200, 200));
        node.Most.ShouldBe(2);
    }

    [Fact]
    public async Task RefusedConnections_GiveTheirPermitsBackAndARetryTakesItsOwn()
    {
        int refusing = ScriptedNode.RefusingPort(out IDisposable holder);
        using IDisposable held = holder;
        await using var node = new BusyNode { AnswersAtOnce = true };
        await using GatewayUnderTest gateway = await GatewayUnderTest.StartForAsync([refusing, node.Port], ""","max_requests":1,"queue":{"size":10}""");
        using var client = new RawClient(await gateway.ConnectAsync());

        for (int i = 0; i < 50; i++)
            (await client.AskAsync(Get)).Status.ShouldBe(200);

        await Eventually.HoldsAsync(() => Upstream(gateway).Nodes.All(n => n.State.Permits.Taken == 0), "every permit is back");
    }

    [Fact]
    public async Task RetryThatFindsNoRoom_AnswersTheFailureBefore()
    {
        int refusing = ScriptedNode.RefusingPort(out IDisposable holder);
        using IDisposable held = holder;
        await using var node = new BusyNode();
        await using GatewayUnderTest gateway = await GatewayUnderTest.StartForAsync([node.Port, refusing], ""","max_requests":1""");
        Task<int> first = await AskAsync(gateway, "/first", () => node.Asked.Count == 1);

        (await (await AskAsync(gateway, "/second"))).ShouldBe(502);

        node.Answer();
        (await first).ShouldBe(200);
    }

    [Fact]
    public async Task HttpTwoStreams_WaitAndLeaveLikeAnyOther()
    {
        await using var node = new BusyNode();
        await using GatewayUnderTest gateway = await GatewayUnderTest.StartForAsync([node.Port], ""","max_requests":1,"queue":{"size":10}""");
        using var client = new HttpClient { BaseAddress = gateway.Address, DefaultRequestVersion = new Version(2, 0), DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };
        Task<HttpResponseMessage> first = client.GetAsync(new Uri("/first", UriKind.Relative), Bound);
        await Eventually.HoldsAsync(() => node.Asked.Count == 1, "the first is at the node");
        using var cancel = new CancellationTokenSource();
        Task<HttpResponseMessage> leaves = client.GetAsync(new Uri("/leaves", UriKind.Relative), cancel.Token);
        await Eventually.HoldsAsync(() => Upstream(gateway).Queue!.Count == 1, "it waits");
        Task<int> http1 = await AskAsync(gateway, "/stays", () => Upstream(gateway).Queue!.Count == 2);

        await cancel.CancelAsync();
        await Eventually.HoldsAsync(() => Upstream(gateway).Queue!.Count == 1, "it has left");
        node.Answer(2);

        ((int)(await first).StatusCode, await http1).ShouldBe((200, 200));
        node.Asked.ShouldBe(["GET /first", "GET /stays"]);
        await Should.ThrowAsync<OperationCanceledException>(leaves);
    }

    private static UpstreamSnapshot Upstream(GatewayUnderTest gateway) => gateway.Plane.Upstreams.Find("upstreams/u")!;

    /// <summary>Sends a request on a connection of its own and, when it has come so far, gives the wait for its status.</summary>
    private static async Task<Task<int>> AskAsync(GatewayUnderTest gateway, string path, Func<bool>? arrived = null)
    {
        var client = new RawClient(await gateway.ConnectAsync());
        Task<int> status = RunAsync();
        if (arrived is not null)
            await Eventually.HoldsAsync(arrived, $"{path} has arrived");
        return status;

        async Task<int> RunAsync()
        {
            using RawClient owned = client;
            return (await owned.AskAsync(Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n"))).Status;
        }
    }
}
