using System.Text;
using System.Text.Json;
using Headgate.Core.Config;
using Headgate.Core.Snapshot.Explain;
using Headgate.Proxy.Explain;
using Headgate.Proxy.Tests.Explain;
using Headgate.Proxy.Tests.Upstream;
using Headgate.Proxy.Upstream;
using Headgate.Testing;

namespace Headgate.Proxy.Tests.Pipeline;

/// <summary>What bounds hedging, and what is learnt from tries that were overtaken.</summary>
public sealed class HedgingLimitsTests : HedgingScenario
{
    [Fact]
    public async Task Overtaken_HasTakenAtLeastTheDelay()
    {
        // On a machine that stands still for a moment the good node may take longer than the delay, and overtake a hedge to the silent one: that says nothing of the delay.
        for (int run = 0; run < 5; run++)
        {
            if (await IsSilentOvertakenByAHedgeAsync())
                return;
        }

        Assert.Fail("no hedge has overtaken the silent node");
    }

    private async Task<bool> IsSilentOvertakenByAHedgeAsync()
    {
        (ScriptedNode silent, ScriptedNode good) = (Silent(), Answering("good"));
        await using GatewayUnderTest gateway = await GatewayUnderTest.StartAsync();
        gateway.Put(ResourceKind.Upstream, "u", $$"""
            {"type":"ewma","nodes":[{"host":"127.0.0.1","port":{{silent.Port}},"weight":1},{"host":"127.0.0.1","port":{{good.Port}},"weight":1}],"hedging_policy":{"hedging_delay":0.3},
             "outlier_detection":{"latency_factor":3,"interval":3600} }
            """);
        gateway.Put(ResourceKind.Route, "r", """{"uri":"/*","upstream_id":"u"}""");
        float atLeastMs = 0;
        // A try that was still connecting when it was overtaken teaches nothing.
        for (int i = 0; i < 1000 && !gateway.Nodes[0].Latency.TryGetMs(NodeLatency.NowMs, out atLeastMs); i++)
            (await gateway.SendRawAsync(Get)).ShouldEndWith("\r\n\r\ngood");
        if (gateway.Plane.Counters.HedgesWon == 0)
            return false;
        atLeastMs.ShouldBeGreaterThan(250); // 300 ms, by a clock that is precise to 10
        gateway.Nodes[0].Outlier.Latencies.Count.ShouldBe(1);
        gateway.Nodes[1].Latency.TryGetMs(NodeLatency.NowMs, out _).ShouldBeTrue();
        return true;
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
        Asked.ShouldBe(5);
        (gateway.Plane.Counters.Hedges, gateway.Plane.Counters.HedgesRefused).ShouldBe((1, 3));
        await Eventually.HoldsAsync(() => log.Lines.Any(line => line.StartsWith("1356 ", StringComparison.Ordinal)), "the event");
        log.Lines.Count(line => line.StartsWith("1356 ", StringComparison.Ordinal)).ShouldBe(1);
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
        Asked.ShouldBe(3);

        gateway.PutUpstream("u", [Nodes[0].Port], ",\"sticky\":{\"cookie\":{\"name\":\"s\"}}");
        string ofSlower = Cookie(await gateway.SendRawAsync(Get));
        gateway.PutUpstream("u", Nodes.Select(node => node.Port), $",{Soon},\"sticky\":{{\"cookie\":{{\"name\":\"s\"}}}}");
        (await gateway.SendRawAsync(Get.Replace("Connection", $"Cookie: {ofSlower}\r\nConnection"))).ShouldEndWith("\r\n\r\na");
        Asked.ShouldBe(5);

        static string Cookie(string answer) => answer.Split("Set-Cookie: ")[1].Split(';')[0];
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
            CountAsked();
            await release.Task;
            await peer.AnswerAsync("ok");
        })))];
        await using GatewayUnderTest gateway = await StartAsync(nodes, Never + ",\"max_requests\":1");
        Task<string> other = gateway.SendRawAsync(Get);
        await Eventually.HoldsAsync(() => Asked == 1, "the first is full");
        gateway.PutUpstream("u", nodes.Select(node => node.Port), $",{Soon},\"max_requests\":1,\"queue\":{{\"size\":5,\"timeout\":20}}");
        Task<string> asking = gateway.SendRawAsync(Get);
        await Eventually.HoldsAsync(() => Asked == 2, "so is the second");
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
        (Asked, gateway.Plane.Counters.Hedges).ShouldBe((1, 0));
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

    [Theory]
    [InlineData(true, "overtaken", "answered")]
    [InlineData(false, "answered", "overtaken")]
    public async Task ExplainHeader_ShowsBothTries_WhicheverWins(bool furtherIsFaster, string first, string further)
    {
        ScriptedNode[] nodes = furtherIsFaster ? [Silent(), Answering("good")] : [Answering("good", delayMs: 200), Silent()];
        await using ExplainedGateway gateway = await ExplainedGateway.StartAsync(nodes.Select(node => node.Port), "," + Soon);
        JsonElement told = await gateway.ExplainAsync();
        (told.GetProperty("from").GetString(), told.GetProperty("tries_count").GetInt32()).ShouldBe(("node", 2));
        told.GetProperty("tries").EnumerateArray().Select(one => (one.GetProperty("node").GetString(), one.GetProperty("outcome").GetString())).ShouldBe(
            [($"127.0.0.1:{nodes[0].Port}", first), ($"127.0.0.1:{nodes[1].Port}", further)]);
    }
}
