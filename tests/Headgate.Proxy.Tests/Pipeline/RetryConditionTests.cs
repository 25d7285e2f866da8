using Headgate.Testing;

namespace Headgate.Proxy.Tests.Pipeline;

/// <summary>What is tried again, and which answer the client gets in the end. The first node is asked first.</summary>
public sealed class RetryConditionTests : IAsyncDisposable
{
    private const string Get = "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
    private const string Post = "POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 4\r\n\r\nbody";
    private const string Busy = "HTTP/1.1 503 Busy\r\nContent-Length: 4\r\n\r\nbusy";
    private readonly List<ScriptedNode> _nodes = [];
    private int _asked;

    public async ValueTask DisposeAsync()
    {
        foreach (ScriptedNode node in _nodes)
            await node.DisposeAsync();
    }

    [Theory]
    [InlineData("\"retry_on\":[\"5xx\"]", "503 Busy")]
    [InlineData("\"retry_on\":[\"5xx\"]", "599 Odd")]
    [InlineData("\"retry_on\":[\"gateway-error\"]", "502 Bad")]
    [InlineData("\"retriable_status_codes\":[404,429]", "429 Slow")]
    public async Task Status_AskedFor_IsTriedElsewhere(string more, string status)
    {
        await using GatewayUnderTest gateway = await StartAsync([Answering($"HTTP/1.1 {status}\r\nContent-Length: 4\r\n\r\nnope"), Good()], more);
        string answer = await gateway.SendRawAsync(Get);
        answer.ShouldStartWith("HTTP/1.1 200 OK\r\n");
        answer.ShouldEndWith("good");
        answer.ShouldNotContain("nope");
        _asked.ShouldBe(2);
    }

    [Theory]
    [InlineData("\"retry_on\":[\"gateway-error\"]", "500 Mine")]
    [InlineData("\"retry_on\":[\"reset\"]", "503 Busy")]
    [InlineData("\"retriable_status_codes\":[404]", "503 Busy")]
    public async Task Status_NotAskedFor_IsPassedOn(string more, string status)
    {
        await using GatewayUnderTest gateway = await StartAsync([Answering($"HTTP/1.1 {status}\r\nContent-Length: 4\r\n\r\nnope"), Good()], more);
        string answer = await gateway.SendRawAsync(Get);
        answer.ShouldStartWith($"HTTP/1.1 {status}\r\n");
        answer.ShouldEndWith("nope");
        _asked.ShouldBe(1);
    }

    [Fact]
    public async Task Status_OfEveryNode_LastAnswerIsPassedOnAsItIs()
    {
        await using GatewayUnderTest gateway = await StartAsync(
            [Answering("HTTP/1.1 503 First\r\nContent-Length: 5\r\n\r\nfirst"), Answering("HTTP/1.1 500 Second\r\nX-Own: 1\r\nContent-Length: 6\r\n\r\nsecond")],
            "\"retry_on\":[\"5xx\"]");
        string answer = await gateway.SendRawAsync(Get);
        answer.ShouldStartWith("HTTP/1.1 500 Second\r\n");
        answer.ShouldContain("X-Own: 1\r\n");
        answer.ShouldContain("X-APISIX-Upstream-Status: 503, 500\r\n");
        answer.ShouldEndWith("second");
    }

    [Theory]
    [InlineData("", 1, "503 Busy")]
    [InlineData(",\"retry_non_idempotent\":true", 2, "200 OK")]
    public async Task StatusToAPost_IsTriedAgainOnlyWhenAskedFor(string more, int asked, string status)
    {
        await using GatewayUnderTest gateway = await StartAsync([Answering(Busy), Good()], "\"retry_on\":[\"5xx\"]" + more);
        (await gateway.SendRawAsync(Post)).ShouldStartWith($"HTTP/1.1 {status}\r\n");
        _asked.ShouldBe(asked);
    }

    [Theory]
    [InlineData("", 1)]
    [InlineData("\"retry_non_idempotent\":true", 2)]
    public async Task PostWhoseNodeClosed_IsTriedAgainOnlyWhenAskedFor(string more, int asked)
    {
        await using GatewayUnderTest gateway = await StartAsync([Answering(""), Answering("")], more);
        (await gateway.SendRawAsync(Post)).ShouldStartWith("HTTP/1.1 502 ");
        _asked.ShouldBe(asked);
    }

    [Theory]
    [InlineData("\"retry_on\":[\"timeout\"]", "")]
    [InlineData("\"retry_on\":[\"connect-failure\"]", "")]
    [InlineData("\"retry_on\":[\"connect-failure\"]", "HTTP/2 what\r\n\r\n")]
    public async Task Reset_NotAskedFor_IsNotTriedAgain(string more, string answer)
    {
        await using GatewayUnderTest gateway = await StartAsync([Answering(answer), Good()], more);
        (await gateway.SendRawAsync(Get)).ShouldStartWith("HTTP/1.1 502 ");
        _asked.ShouldBe(1);
    }

    [Theory]
    [InlineData("\"retry_on\":[\"reset\",\"timeout\"]", 502)]
    [InlineData("\"retry_on\":[\"connect-failure\"]", 200)]
    public async Task ConnectFailure_IsTriedAgainWhenAskedFor(string more, int status)
    {
        int dead = ScriptedNode.RefusingPort(out IDisposable held);
        using IDisposable _ = held;
        await using GatewayUnderTest gateway = await GatewayUnderTest.StartForAsync([dead, Good().Port], "," + more);
        (await gateway.SendRawAsync(Post)).ShouldStartWith($"HTTP/1.1 {status} ");
    }

    [Fact]
    public async Task NewRound_LeavesOutNodesThatRefusedConnections()
    {
        int dead = ScriptedNode.RefusingPort(out IDisposable held);
        using IDisposable _ = held;
        await using GatewayUnderTest gateway = await GatewayUnderTest.StartForAsync([dead, Answering("").Port], ",\"retries\":4,\"retry_budget\":{\"min_retry_concurrency\":9}");
        string answer = await gateway.SendRawAsync(Get);
        answer.ShouldContain("X-APISIX-Upstream-Status: 502, 502, 502, 502, 502\r\n");
        _asked.ShouldBe(4); // and one refused connection
        gateway.Plane.Counters.Tries(Headgate.Proxy.Upstream.AttemptFailure.Refused).ShouldBe(1);
    }

    [Theory]
    [InlineData("Content-Length: 4\r\n\r\nbusy")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n4\r\nbusy\r\n0\r\nX-Trailer: 1\r\n\r\n")]
    [InlineData("Content-Length: 0\r\n\r\n")]
    public async Task DroppedAnswer_ReadToItsEnd_KeepsTheConnection(string rest)
    {
        ScriptedNode busy = Answering("HTTP/1.1 503 Busy\r\n" + rest);
        await using GatewayUnderTest gateway = await StartAsync([busy, Good()], "\"retry_on\":[\"5xx\"]");
        (await ClosedLoop.RunAsync(gateway, 1, 20)).ShouldBe([new(200, 20)]);
        busy.Accepted.ShouldBe(1);
        gateway.Plane.Counters.Retries.ShouldBe(10);
    }

    [Theory]
    [InlineData("Content-Length: 100000000\r\n\r\n")]
    [InlineData("Content-Length: 4\r\n\r\nb")] // and no more
    [InlineData("Connection: close\r\n\r\nuntil the end")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\nzz")]
    public async Task DroppedAnswer_NotReadToItsEnd_CostsTheConnectionOnly(string rest)
    {
        ScriptedNode busy = Answering("HTTP/1.1 503 Busy\r\n" + rest);
        await using GatewayUnderTest gateway = await StartAsync([busy, Good()], "\"retry_on\":[\"5xx\"]");
        (await ClosedLoop.RunAsync(gateway, 1, 6)).ShouldBe([new(200, 6)]);
        busy.Accepted.ShouldBe(3);
    }

    [Fact]
    public async Task AnswerBeforeTheWholeBody_IsPassedOn()
    {
        // The rest of the body is still with the client: it could not be sent to another node.
        ScriptedNode early = Add(ScriptedNode.Start(async peer =>
        {
            await peer.ReadHeadAsync();
            Interlocked.Increment(ref _asked);
            await peer.SendAsync(Busy);
            await peer.WaitForEndAsync();
        }));
        await using GatewayUnderTest gateway = await StartAsync([early, Good()], "\"retry_on\":[\"5xx\"]");
        string answer = await gateway.SendRawAsync("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhalf");
        answer.ShouldStartWith("HTTP/1.1 503 Busy\r\n");
        _asked.ShouldBe(1);
    }

    private Task<GatewayUnderTest> StartAsync(ScriptedNode[] nodes, string more) =>
        GatewayUnderTest.StartForAsync(nodes.Select(node => node.Port), more.Length == 0 ? "" : "," + more);

    private ScriptedNode Good() => Answering("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ngood");

    /// <summary>Gives that answer to everything; closes instead when it is empty.</summary>
    private ScriptedNode Answering(string answer) => Add(ScriptedNode.Start(async peer =>
    {
        while (await peer.ReadHeadAsync() is { } head)
        {
            if (head.Contains("Content-Length: "))
                (await peer.ReadBytesAsync(4)).ShouldBe("body"u8.ToArray());
            Interlocked.Increment(ref _asked);
            if (answer.Length == 0)
                return;
            await peer.SendAsync(answer);
            if (answer.Contains("close"))
                return;
        }
    }));

    private ScriptedNode Add(ScriptedNode node)
    {
        _nodes.Add(node);
        return node;
    }
}
