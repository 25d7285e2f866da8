using Headgate.Core.Config;
using Headgate.Testing;

namespace Headgate.Proxy.Tests.Pipeline;

/// <summary>What retries cost when they cannot help, and that they help whenever they can.</summary>
public sealed class OutageTests : IAsyncDisposable
{
    private const int Clients = 16;
    private const string AllRetries = ""","retries":4,"retry_on":["connect-failure","reset","timeout","5xx"],"timeout":{"connect":5,"send":5,"read":0.1}""";
    private readonly List<ScriptedNode> _nodes = [];
    private readonly List<IDisposable> _held = [];
    private volatile bool _fails = true;
    private int _asked;

    public async ValueTask DisposeAsync()
    {
        foreach (ScriptedNode node in _nodes)
            await node.DisposeAsync();
        foreach (IDisposable held in _held)
            held.Dispose();
    }

    [Theory]
    [InlineData("close")]
    [InlineData("reset")]
    [InlineData("status")]
    [InlineData("silence")]
    [InlineData("garbage")]
    public async Task TotalOutage_AnyFailure_AtMostOneTryAndAFifth(string failure)
    {
        await using GatewayUnderTest gateway = await StartAsync(failure, nodes: 3, AllRetries);
        IReadOnlyDictionary<int, int> statuses = await ClosedLoop.RunAsync(gateway, Clients, 400);

        // A node may read what it was asked when the gateway has waited long enough already.
        await Eventually.HoldsAsync(() => Volatile.Read(ref _asked) == 400 + gateway.Plane.Counters.Retries, "every try reached its node");
        Judge(statuses, _asked, 400);
        gateway.Plane.Counters.RetriesRefused.ShouldBeGreaterThan(300);
    }

    [Theory]
    [InlineData("close")]
    [InlineData("reset")]
    [InlineData("status")]
    public async Task TotalOutage_AfterGoodTimes_AtMostOneTryAndAFifth(string failure)
    {
        await using GatewayUnderTest gateway = await StartAsync(failure, nodes: 3, AllRetries);
        _fails = false;
        (await ClosedLoop.RunAsync(gateway, Clients, 2000)).ShouldBe([new(200, 2000)]);
        _asked.ShouldBe(2000);
        (_fails, _asked) = (true, 0);
        IReadOnlyDictionary<int, int> statuses = await ClosedLoop.RunAsync(gateway, Clients, 600);

        // A kept connection that breaks under its request is replaced whatever the budget says, each once.
        Judge(statuses, _asked, 600, kept: Clients);
    }

    [Fact]
    public async Task TotalOutage_OneNodeAskedForRetries_AtMostOneTryAndAFifth()
    {
        await using GatewayUnderTest gateway = await StartAsync("close", nodes: 1, AllRetries);
        Judge(await ClosedLoop.RunAsync(gateway, Clients, 400), _asked, 400);
    }

    [Fact]
    public async Task OneNodeFails_OthersAnswer_NoRequestFails()
    {
        await using GatewayUnderTest gateway = await StartAsync("reset", nodes: 1, more: "", good: 2);
        (await ClosedLoop.RunAsync(gateway, Clients, 600)).ShouldBe([new(200, 600)]);
        _asked.ShouldBeInRange(180, 220); // its third, each tried again elsewhere
        gateway.Plane.Counters.RetriesRefused.ShouldBe(0);
    }

    [Fact]
    public async Task RefusedConnects_WithoutAnyBudget_AreTriedElsewhere()
    {
        int[] dead = [Refusing(), Refusing()];
        ScriptedNode good = Add(ScriptedNode.StartAnswering("ok"));
        await using GatewayUnderTest gateway = await GatewayUnderTest.StartForAsync(
            [.. dead, good.Port], ""","retry_budget":{"budget_percent":0,"min_retry_concurrency":0}""");
        (await ClosedLoop.RunAsync(gateway, Clients, 300)).ShouldBe([new(200, 300)]);
        gateway.Plane.Counters.RetriesRefused.ShouldBe(0);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Connection: close\r\n")] // no connection is kept: every request in flight at the node is lost with it
    public async Task HeaviestNodeKilled_UnderLoad_NoGetFails(string field)
    {
        Task AnswerAsync(ScriptedPeer peer) => AnswerSlowlyAsync(peer, field);
        ScriptedNode heavy = ScriptedNode.Start(AnswerAsync);
        int[] light = [Add(ScriptedNode.Start(AnswerAsync)).Port, Add(ScriptedNode.Start(AnswerAsync)).Port];
        await using GatewayUnderTest gateway = await GatewayUnderTest.StartAsync();
        gateway.Put(ResourceKind.Upstream, "u", $$"""{"nodes":{"127.0.0.1:{{heavy.Port}}":8,"127.0.0.1:{{light[0]}}":1,"127.0.0.1:{{light[1]}}":1} }""");
        gateway.Put(ResourceKind.Route, "r", """{"uri":"/*","upstream_id":"u"}""");
        Task dying = Task.CompletedTask;
        IReadOnlyDictionary<int, int> statuses = await ClosedLoop.RunAsync(gateway, 32, 4000, number =>
        {
            if (number == 2000)
                dying = heavy.DisposeAsync().AsTask();
            return Task.CompletedTask;
        });
        await dying;
        statuses.ShouldBe([new(200, 4000)]);
    }

    [Fact]
    public async Task BudgetUsedUp_IsLoggedOnce()
    {
        using var log = new WrittenLines();
        ScriptedNode node = Add(ScriptedNode.Start(FailAsync("close")));
        await using GatewayUnderTest gateway = await GatewayUnderTest.StartWithAsync(null, loggers: log);
        gateway.PutUpstream("u", [node.Port], ""","retries":1,"retry_budget":{"budget_percent":0,"min_retry_concurrency":0}""");
        gateway.Put(ResourceKind.Route, "r", """{"uri":"/*","upstream_id":"u"}""");
        (await ClosedLoop.RunAsync(gateway, 2, 20)).ShouldBe([new(502, 20)]);
        await Eventually.HoldsAsync(() => log.Lines.Count(line => line.StartsWith("1350 ", StringComparison.Ordinal)) == 1, "the event");
        gateway.Plane.Counters.RetriesRefused.ShouldBe(20);
        _asked.ShouldBe(20);
    }

    private static void Judge(IReadOnlyDictionary<int, int> statuses, int tries, int requests, int kept = 0)
    {
        statuses.Keys.ShouldAllBe(status => status >= 500);
        statuses.Values.Sum().ShouldBe(requests);
        TestContext.Current.SendDiagnosticMessage("{0} tries for {1} requests", tries, requests);
        tries.ShouldBeLessThanOrEqualTo((requests * 12 / 10) + kept);
        tries.ShouldBeGreaterThan(requests * 11 / 10); // the budget is there to be used
    }

    private async Task<GatewayUnderTest> StartAsync(string failure, int nodes, string more, int good = 0)
    {
        int[] failing = [.. Enumerable.Range(0, nodes).Select(_ => Add(ScriptedNode.Start(FailAsync(failure))).Port)];
        int[] answering = [.. Enumerable.Range(0, good).Select(_ => Add(ScriptedNode.StartAnswering("ok")).Port)];
        return await GatewayUnderTest.StartForAsync([.. failing, .. answering], more);
    }

    /// <summary>Answers for as long as all is well, and counts what it is asked.</summary>
    private Func<ScriptedPeer, Task> FailAsync(string failure) => async peer =>
    {
        while (await peer.ReadHeadAsync() is not null)
        {
            Interlocked.Increment(ref _asked);
            if (!_fails)
            {
                await peer.AnswerAsync("ok");
                continue;
            }

            switch (failure)
            {
                case "close":
                    return;
                case "reset":
                    peer.Reset();
                    return;
                case "status":
                    await peer.SendAsync("HTTP/1.1 503 Busy\r\nContent-Length: 4\r\n\r\nbusy");
                    continue;
                case "garbage":
                    await peer.SendAsync("SSH-2.0-none\r\n\r\n");
                    return;
                default:
                    await peer.ReadHeadAsync();
                    return;
            }
        }
    };

    private static async Task AnswerSlowlyAsync(ScriptedPeer peer, string field)
    {
        while (await peer.ReadHeadAsync() is not null)
        {
            await Task.Delay(2, peer.Stopping); // so that many requests are in flight when it dies
            await peer.SendAsync($"HTTP/1.1 200 OK\r\n{field}Content-Length: 2\r\n\r\nok");
            if (field.Length > 0)
                return;
        }
    }

    private ScriptedNode Add(ScriptedNode node)
    {
        _nodes.Add(node);
        return node;
    }

    private int Refusing()
    {
        int port = ScriptedNode.RefusingPort(out IDisposable held);
        _held.Add(held);
        return port;
    }
}
