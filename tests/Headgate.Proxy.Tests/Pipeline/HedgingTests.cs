using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Headgate.Core.Config;
using Headgate.Core.Snapshot.Explain;
using Headgate.Proxy.Explain;
using Headgate.Proxy.Tests.Upstream;
using Headgate.Proxy.Upstream;
using Headgate.Testing;

namespace Headgate.Proxy.Tests.Pipeline;

/// <summary>What a hedged request does to its client, its nodes and what is learnt of them.</summary>
public sealed class HedgingTests : IAsyncDisposable
{
    private const string Get = "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
    private const string Soon = "\"hedging_policy\":{\"hedging_delay\":0.03}";
    private const string Never = "\"hedging_policy\":{\"hedging_delay\":1000}";

    private readonly List<ScriptedNode> _nodes = [];
    private int _asked;
    private int _abandoned;

    public async ValueTask DisposeAsync()
    {
        foreach (ScriptedNode node in _nodes)
        {
            node.Errors.ShouldBeEmpty();
            await node.DisposeAsync();
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task SlowFirstNode_AnotherAnswers_NothingIsHeldAgainstTheFirst(bool http2)
    {
        const string Checks = """
            ,"checks":{"active":{"type":"tcp","healthy":{"interval":86400}},"passive":{"unhealthy":{"tcp_failures":1,"timeouts":1}}},
             "outlier_detection":{"consecutive_5xx":1,"consecutive_gateway_failure":1},"circuit_breaker":{"request_volume":1,"failure_percentage":1}
            """;
        await using GatewayUnderTest gateway = await StartAsync([Silent(), Answering("good")], Soon + Checks);
        if (http2)
        {
            using var client = new Http2Client(gateway.Port);
            using HttpResponseMessage answer = await client.GetAsync("/");
            (await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldBe("good");
            answer.Headers.Contains("X-APISIX-Upstream-Status").ShouldBeFalse();
        }
        else
        {
            string answer = await gateway.SendRawAsync(Get);
            answer.ShouldStartWith("HTTP/1.1 200 ");
            answer.ShouldEndWith("\r\n\r\ngood");
            answer.Split("HTTP/1.1 ").Length.ShouldBe(2);
        }

        await Eventually.HoldsAsync(() => _abandoned == 1, "the slow node's connection was closed");
        await Eventually.HoldsAsync(() => gateway.TriesInFlight == 0, "no try is under way");
        _asked.ShouldBe(2);
        (gateway.Plane.Counters.Hedges, gateway.Plane.Counters.HedgesWon, gateway.Plane.Counters.Retries).ShouldBe((1, 1, 0));
        gateway.Plane.Counters.Tries(AttemptFailure.Overtaken).ShouldBe(1);
        gateway.Plane.Counters.Tries(AttemptFailure.None).ShouldBe(1);
        gateway.Nodes.ShouldAllBe(node => node.IsUsable);
        gateway.Nodes[0].Health.IsHealthy.ShouldBeTrue();
    }

    [Fact]
    public async Task SlowFirstNode_BehindTls_AnotherAnswers()
    {
        using var certificates = new TestCertificates();
        using X509Certificate2 certificate = certificates.Issue("a.test");
        var tls = new SslServerAuthenticationOptions { ServerCertificate = certificate };
        ScriptedNode silent = Add(ScriptedNode.StartTls(tls, async peer =>
        {
            if (await peer.ReadHeadAsync() is null)
                return; // the handshake took longer than the delay: the connection was left, and kept for later
            Interlocked.Increment(ref _asked);
            await peer.WaitForEndAsync();
            Interlocked.Increment(ref _abandoned);
        }));
        ScriptedNode good = Add(ScriptedNode.StartTls(tls, peer => peer.AnswerAllAsync("good")));
        await using GatewayUnderTest gateway = await StartAsync([silent, good], "\"hedging_policy\":{\"hedging_delay\":0.2},\"scheme\":\"https\"");
        for (int i = 0; i < 4; i++)
            (await gateway.SendRawAsync(Get)).ShouldEndWith("\r\n\r\ngood");
        gateway.Plane.Counters.HedgesWon.ShouldBeGreaterThan(0);
        await Eventually.HoldsAsync(() => _abandoned == _asked, "the slow connections were closed");
        await Eventually.HoldsAsync(() => gateway.TriesInFlight == 0, "no try is under way");
    }

    [Fact]
    public async Task Overtaken_HasTakenAtLeastTheDelay()
    {
        (ScriptedNode silent, ScriptedNode good) = (Silent(), Answering("good"));
        await using GatewayUnderTest gateway = await GatewayUnderTest.StartAsync();
        gateway.Put(ResourceKind.Upstream, "u", $$"""
            {"type":"ewma","nodes":[{"host":"127.0.0.1","port":{{silent.Port}},"weight":1},{"host":"127.0.0.1","port":{{good.Port}},"weight":1}],{{Soon}},
             "outlier_detection":{"latency_factor":3,"interval":3600} }
            """);
        gateway.Put(ResourceKind.Route, "r", """{"uri":"/*","upstream_id":"u"}""");
        for (int i = 0; i < 1000 && gateway.Plane.Counters.HedgesWon == 0; i++)
            (await gateway.SendRawAsync(Get)).ShouldEndWith("\r\n\r\ngood");
        gateway.Nodes[0].Latency.TryGetMs(NodeLatency.NowMs, out float atLeastMs).ShouldBeTrue();
        atLeastMs.ShouldBeGreaterThan(15); // 30 ms, by a clock that is precise to 10
        gateway.Nodes[0].Outlier.Latencies.Count.ShouldBe(1);
        gateway.Nodes[1].Latency.TryGetMs(NodeLatency.NowMs, out _).ShouldBeTrue();
    }

    [Fact]
    public async Task FastNodes_OneRequestEach()
    {
        await using GatewayUnderTest gateway = await StartAsync([Answering("a"), Answering("b")], Never);
        (await ClosedLoop.RunAsync(gateway, 4, 200)).ShouldBe([new(200, 200)]);
        _asked.ShouldBe(200);
        gateway.Plane.Counters.Hedges.ShouldBe(0);
        _nodes.Sum(node => node.Accepted).ShouldBeLessThanOrEqualTo(8); // connections were kept
    }

    [Fact]
    public async Task Budget_UsedUp_RefusesAndSaysSoOnce()
    {
        using var log = new WrittenLines();
        ScriptedNode[] nodes = [Answering("a", delayMs: 150), Answering("b", delayMs: 150)];
        await using GatewayUnderTest gateway = await GatewayUnderTest.StartWithAsync(null, loggers: log);
        gateway.PutUpstream("u", nodes.Select(node => node.Port), $",{Soon},\"retry_budget\":{{\"budget_percent\":0,\"min_retry_concurrency\":1}}");
        gateway.Put(ResourceKind.Route, "r", """{"uri":"/*","upstream_id":"u"}""");
        for (int i = 0; i < 4; i++)
            (await gateway.SendRawAsync(Get)).ShouldStartWith("HTTP/1.1 200 ");
        _asked.ShouldBe(5);
        (gateway.Plane.Counters.Hedges, gateway.Plane.Counters.HedgesRefused).ShouldBe((1, 3));
        await Eventually.HoldsAsync(() => log.Lines.Any(line => line.StartsWith("1356 ", StringComparison.Ordinal)), "the event");
        log.Lines.Count(line => line.StartsWith("1356 ", StringComparison.Ordinal)).ShouldBe(1);
    }

    [Theory]
    [InlineData("POST", "", "", "", 1)]
    [InlineData("LOCK", "", "", "", 1)]
    [InlineData("PUT", "Content-Length: 4\r\n", "body", "", 1)] // only one node can be given it as it comes
    [InlineData("GET", "", "", "", 2)]
    [InlineData("DELETE", "", "", "", 2)]
    [InlineData("POST", "", "", ",\"retry_non_idempotent\":true", 2)]
    public async Task Requests_OnlyThoseThatMayBeRepeatedAndHaveNoBody(string method, string field, string body, string more, int asked)
    {
        await using GatewayUnderTest gateway = await StartAsync([Answering("a", delayMs: 200), Answering("b")], Soon + more);
        string answer = await gateway.SendRawAsync($"{method} / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n{field}\r\n{body}");
        answer.ShouldEndWith(asked == 1 ? "\r\n\r\na" : "\r\n\r\nb");
        _asked.ShouldBe(asked);
    }

    [Fact]
    public async Task Session_StaysWithItsNode_ANewOneGetsThatOfTheFaster()
    {
        await using GatewayUnderTest gateway = await StartAsync([Answering("a", delayMs: 200), Answering("b")], Soon + ",\"sticky\":{\"cookie\":{\"name\":\"s\"}}");
        string fresh = await gateway.SendRawAsync(Get);
        fresh.ShouldEndWith("\r\n\r\nb");
        string ofFaster = Cookie(fresh);
        string slow = await gateway.SendRawAsync(Get.Replace("Connection", $"Cookie: {ofFaster}\r\nConnection"));
        slow.ShouldEndWith("\r\n\r\nb");
        _asked.ShouldBe(3);

        gateway.PutUpstream("u", [_nodes[0].Port], ",\"sticky\":{\"cookie\":{\"name\":\"s\"}}");
        string ofSlower = Cookie(await gateway.SendRawAsync(Get));
        gateway.PutUpstream("u", _nodes.Select(node => node.Port), $",{Soon},\"sticky\":{{\"cookie\":{{\"name\":\"s\"}}}}");
        (await gateway.SendRawAsync(Get.Replace("Connection", $"Cookie: {ofSlower}\r\nConnection"))).ShouldEndWith("\r\n\r\na");
        _asked.ShouldBe(5);

        static string Cookie(string answer) => answer.Split("Set-Cookie: ")[1].Split(';')[0];
    }

    [Fact]
    public async Task AllFail_OneAnswer_AsAfterRetries()
    {
        await using GatewayUnderTest gateway = await StartAsync([Silent(), Silent()], Soon + ",\"retries\":1,\"timeout\":{\"connect\":5,\"send\":5,\"read\":0.2}");
        string answer = await gateway.SendRawAsync(Get);
        answer.ShouldStartWith("HTTP/1.1 504 ");
        answer.ShouldContain("X-APISIX-Upstream-Status: 504, 504\r\n");
        answer.Split("HTTP/1.1 ").Length.ShouldBe(2);
        _asked.ShouldBe(2); // the hedge was the one retry
        gateway.Plane.Counters.Tries(AttemptFailure.ReadTimeout).ShouldBe(2);
        gateway.TriesInFlight.ShouldBe(0);
    }

    [Fact]
    public async Task AllFail_RetriesLeft_AreMade()
    {
        await using GatewayUnderTest gateway = await StartAsync([Silent(), Silent(), Answering("c")], Soon + ",\"per_try_timeout\":0.2");
        (await gateway.SendRawAsync(Get)).ShouldEndWith("\r\n\r\nc");
        _asked.ShouldBe(3);
        (gateway.Plane.Counters.Hedges, gateway.Plane.Counters.Retries).ShouldBe((1, 1));
    }

    [Fact]
    public async Task MaxAttempts_Three_AsksTheThirdAfterAnotherDelay()
    {
        await using GatewayUnderTest gateway = await StartAsync([Silent(), Silent(), Answering("c"), Answering("c")], "\"hedging_policy\":{\"hedging_delay\":0.03,\"max_attempts\":3}");
        (await gateway.SendRawAsync(Get)).ShouldEndWith("\r\n\r\nc");
        await Eventually.HoldsAsync(() => _abandoned == 2, "both connections were closed");
        _asked.ShouldBe(3);
    }

    [Fact]
    public async Task MaxAttempts_MoreThanNodes_EachIsAskedOnce()
    {
        await using GatewayUnderTest gateway = await StartAsync([Answering("a", delayMs: 200), Silent()], "\"retries\":4,\"hedging_policy\":{\"hedging_delay\":0.02,\"max_attempts\":5}");
        (await gateway.SendRawAsync(Get)).ShouldEndWith("\r\n\r\na");
        _asked.ShouldBe(2);
        gateway.Plane.Counters.HedgesWon.ShouldBe(0);
    }

    [Fact]
    public async Task ClientGone_WhileTwoAreAsked_EndsBoth()
    {
        await using GatewayUnderTest gateway = await StartAsync([Silent(), Silent()], Soon);
        using (Socket socket = await gateway.ConnectAsync())
        {
            await socket.SendAsync(Encoding.ASCII.GetBytes(Get));
            await Eventually.HoldsAsync(() => Volatile.Read(ref _asked) == 2, "both are asked");
            socket.LingerState = new LingerOption(true, 0);
        }

        await Eventually.HoldsAsync(() => Volatile.Read(ref _abandoned) == 2, "both connections were closed");
        await Eventually.HoldsAsync(() => gateway.Plane.Counters.ClientsGone == 1, "the request ended with its client");
        await Eventually.HoldsAsync(() => gateway.TriesInFlight == 0, "no try is under way");
        gateway.Plane.Counters.Tries(AttemptFailure.ClientFailed).ShouldBe(2);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task LargeAnswer_HeadOfTheOtherComesMeanwhile_IsNotMixedIn(bool http2)
    {
        const int Length = 16 * 1024 * 1024;
        var streams = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        ScriptedNode late = Add(ScriptedNode.Start(async peer =>
        {
            await peer.ReadHeadAsync();
            await streams.Task;
            await peer.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nLATE");
        }));
        ScriptedNode large = Add(ScriptedNode.Start(async peer =>
        {
            await peer.ReadHeadAsync();
            await peer.SendAsync($"HTTP/1.1 200 OK\r\nContent-Length: {Length}\r\n\r\n");
            byte[] run = new byte[65_536];
            Array.Fill(run, (byte)'x');
            for (int sent = 0; sent < Length; sent += run.Length)
            {
                await peer.SendAsync(run);
                streams.TrySetResult();
            }
        }));
        await using GatewayUnderTest gateway = await StartAsync([late, large], Soon);
        byte[] body;
        if (http2)
        {
            using var client = new Http2Client(gateway.Port);
            using HttpResponseMessage answer = await client.GetAsync("/");
            body = await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        }
        else
        {
            string answer = await gateway.SendRawAsync(Get);
            body = Encoding.Latin1.GetBytes(answer[(answer.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..]);
        }

        body.Length.ShouldBe(Length);
        body.AsSpan().IndexOfAnyExcept((byte)'x').ShouldBe(-1);
    }

    [Fact]
    public async Task Connecting_LeftToItself_ItsFailureCountsAndNothingStays()
    {
        using FullListener away = await FullListener.StartAsync();
        ScriptedNode good = Answering("good");
        const string Checks = """
            ,"timeout":{"connect":0.4,"send":5,"read":5},"checks":{"active":{"type":"tcp","healthy":{"interval":86400}},"passive":{"unhealthy":{"timeouts":1}}}
            """;
        await using GatewayUnderTest gateway = await GatewayUnderTest.StartForAsync([away.EndPoint.Port, good.Port], "," + Soon + Checks);
        (await gateway.SendRawAsync(Get)).ShouldEndWith("\r\n\r\ngood");
        gateway.Plane.Counters.Tries(AttemptFailure.Overtaken).ShouldBe(1);
        await Eventually.HoldsAsync(() => !gateway.Nodes[0].Health.IsHealthy, "that it cannot be connected to");
        await Eventually.HoldsAsync(() => gateway.TriesInFlight == 0, "no try is under way");
    }

    [Fact]
    public async Task Permits_AreGivenBackByEveryTry()
    {
        await using GatewayUnderTest gateway = await StartAsync([Answering("a", delayMs: 60), Answering("b")], Soon + ",\"max_requests\":1,\"retry_budget\":{\"budget_percent\":100}");
        for (int i = 0; i < 10; i++)
        {
            (await gateway.SendRawAsync(Get)).ShouldStartWith("HTTP/1.1 200 ");
            await Eventually.HoldsAsync(() => gateway.Nodes.All(node => node.Permits.Taken == 0), "the permits are back");
        }

        gateway.Plane.Counters.Hedges.ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task Permits_NoneFreeElsewhere_NoHedge()
    {
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        ScriptedNode[] nodes = [.. Enumerable.Range(0, 2).Select(_ => Add(ScriptedNode.Start(async peer =>
        {
            await peer.ReadHeadAsync();
            Interlocked.Increment(ref _asked);
            await release.Task;
            await peer.AnswerAsync("ok");
        })))];
        await using GatewayUnderTest gateway = await StartAsync(nodes, Never + ",\"max_requests\":1");
        Task<string> other = gateway.SendRawAsync(Get);
        await Eventually.HoldsAsync(() => Volatile.Read(ref _asked) == 1, "the first is full");
        gateway.PutUpstream("u", nodes.Select(node => node.Port), $",{Soon},\"max_requests\":1,\"queue\":{{\"size\":5,\"timeout\":20}}");
        Task<string> asking = gateway.SendRawAsync(Get);
        await Eventually.HoldsAsync(() => Volatile.Read(ref _asked) == 2, "so is the second");
        await Task.Delay(150, TestContext.Current.CancellationToken); // several delays, in which a hedge would wait for a permit or be made
        gateway.Plane.Counters.Hedges.ShouldBe(0);
        release.SetResult();
        (await asking).ShouldStartWith("HTTP/1.1 200 ");
        (await other).ShouldStartWith("HTTP/1.1 200 ");
        gateway.Nodes.Count(node => node.Permits.Taken != 0).ShouldBe(0);
    }

    [Theory]
    [InlineData("\"priority\":-1,\"weight\":1")]
    [InlineData("\"weight\":0")]
    public async Task Reserves_AreNotAsked(string reserve)
    {
        (ScriptedNode slow, ScriptedNode sorry) = (Answering("a", delayMs: 150), Answering("sorry"));
        await using GatewayUnderTest gateway = await GatewayUnderTest.StartAsync();
        gateway.Put(ResourceKind.Upstream, "u", $$"""
            {"nodes":[{"host":"127.0.0.1","port":{{slow.Port}},"weight":1},{"host":"127.0.0.1","port":{{sorry.Port}},{{reserve}}}],{{Soon}}}
            """);
        gateway.Put(ResourceKind.Route, "r", """{"uri":"/*","upstream_id":"u"}""");
        (await gateway.SendRawAsync(Get)).ShouldEndWith("\r\n\r\na");
        (_asked, gateway.Plane.Counters.Hedges).ShouldBe((1, 0));
    }

    [Fact]
    public async Task StatusThatIsTriedAgain_OtherUnderWay_IsNotTaken()
    {
        ScriptedNode busy = Add(ScriptedNode.Start(async peer =>
        {
            while (await peer.ReadHeadAsync() is not null)
                await peer.SendAsync("HTTP/1.1 503 Busy\r\nContent-Length: 4\r\n\r\nbusy");
        }));
        await using GatewayUnderTest gateway = await StartAsync([Answering("a", delayMs: 200), busy], Soon + ",\"retriable_status_codes\":[503]");
        (await gateway.SendRawAsync(Get)).ShouldEndWith("\r\n\r\na");
        gateway.Plane.Counters.Tries(AttemptFailure.AnswerDropped).ShouldBe(1);
        gateway.TriesInFlight.ShouldBe(0);
    }

    [Fact]
    public async Task KeptConnection_ClosedByItsNode_IsReplacedWithinTheTry()
    {
        ScriptedNode[] nodes = [.. Enumerable.Range(0, 2).Select(_ => Add(ScriptedNode.Start(async peer =>
        {
            await peer.ReadHeadAsync();
            await peer.AnswerAsync("ok");
            await peer.ReadHeadAsync(); // and closes
        })))];
        await using GatewayUnderTest gateway = await StartAsync(nodes, Never);
        using var client = new RawClient(await gateway.ConnectAsync());
        for (int i = 0; i < 6; i++)
            (await client.AskAsync(Encoding.ASCII.GetBytes("GET / HTTP/1.1\r\nHost: a\r\n\r\n"))).Status.ShouldBe(200);
        gateway.Plane.Counters.Retries.ShouldBe(0);
        gateway.TriesInFlight.ShouldBe(0);
    }

    [Fact]
    public async Task RecentDecisions_ShowBothTries()
    {
        ScriptedNode[] nodes = [Silent(), Answering("good")];
        await using GatewayUnderTest gateway = await GatewayUnderTest.StartAsync(recent: new RecentDecisionOptions(10, Sample: 1));
        gateway.PutUpstream("u", nodes.Select(node => node.Port), "," + Soon);
        gateway.Put(ResourceKind.Route, "r", """{"uri":"/*","upstream_id":"u"}""");
        (await gateway.SendRawAsync(Get)).ShouldEndWith("\r\n\r\ngood");
        await Eventually.HoldsAsync(() => gateway.Plane.RecentDecisions!.Latest(10).Count == 1, "it is kept");
        RecentDecision decision = gateway.Plane.RecentDecisions!.Latest(10)[0];
        decision.Tries.Select(entry => (entry.Node, entry.Outcome, entry.Status)).ShouldBe(
            [($"127.0.0.1:{nodes[0].Port}", "overtaken", 0), ($"127.0.0.1:{nodes[1].Port}", "answered", 200)]);
    }

    private static Task<GatewayUnderTest> StartAsync(ScriptedNode[] nodes, string more) => GatewayUnderTest.StartForAsync(nodes.Select(node => node.Port), "," + more);

    private ScriptedNode Silent() => Add(ScriptedNode.Start(async peer =>
    {
        await peer.ReadHeadAsync();
        Interlocked.Increment(ref _asked);
        await peer.WaitForEndAsync();
        Interlocked.Increment(ref _abandoned);
    }));

    private ScriptedNode Answering(string body, int delayMs = 0) => Add(ScriptedNode.Start(async peer =>
    {
        while (await peer.ReadHeadAsync() is { } head)
        {
            if (head.Contains("Content-Length: 4"))
                await peer.ReadBytesAsync(4);
            Interlocked.Increment(ref _asked);
            if (delayMs > 0)
                await Task.Delay(delayMs, peer.Stopping);
            await peer.AnswerAsync(body);
        }
    }));

    private ScriptedNode Add(ScriptedNode node)
    {
        _nodes.Add(node);
        return node;
    }
}
