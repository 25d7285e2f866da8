using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using Headgate.Proxy.Upstream;
using Headgate.Testing;

namespace Headgate.Proxy.Tests.Pipeline;

/// <summary>
/// How long tries and the waits between them last. Only lower bounds are asserted, and upper ones that are far away; what must come in time has a second for it, which a busy
/// machine may need.
/// </summary>
public sealed class RetryTimingTests : IAsyncDisposable
{
    private const string Get = "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
    private readonly List<ScriptedNode> _nodes = [];
    private int _asked;

    public async ValueTask DisposeAsync()
    {
        foreach (ScriptedNode node in _nodes)
            await node.DisposeAsync();
    }

    [Fact]
    public async Task PerTryTimeout_SilentNode_AnotherIsTriedLongBeforeTheReadTimeout()
    {
        await using GatewayUnderTest gateway = await StartAsync([Silent(), Good()], "\"per_try_timeout\":1");
        long begin = Stopwatch.GetTimestamp();
        (await gateway.SendRawAsync(Get)).ShouldStartWith("HTTP/1.1 200 ");
        Stopwatch.GetElapsedTime(begin).TotalSeconds.ShouldBeLessThan(20); // timeout.read is 60 s
        _asked.ShouldBe(2);
    }

    [Fact]
    public async Task PerTryTimeout_HeadThatTricklesIn_IsNotWaitedFor()
    {
        ScriptedNode trickling = Add(ScriptedNode.Start(async peer =>
        {
            await peer.ReadHeadAsync();
            Interlocked.Increment(ref _asked);
            await peer.SendAsync("HTTP/1.1 200 OK\r\nX: ");
            while (true)
            {
                await peer.SendAsync("x");
                await Task.Delay(10, peer.Stopping);
            }
        }));
        await using GatewayUnderTest gateway = await StartAsync([trickling], "\"per_try_timeout\":0.3,\"retries\":1");
        string answer = await gateway.SendRawAsync(Get);
        answer.ShouldStartWith("HTTP/1.1 504 ");
        answer.ShouldContain("X-APISIX-Upstream-Status: 504, 504\r\n");
        await Eventually.HoldsAsync(() => Volatile.Read(ref _asked) == 2, "both tries have reached the node");
    }

    [Fact]
    public async Task PerTryTimeout_SlowBodyOfTheAnswer_IsNotCutOff()
    {
        ScriptedNode slow = Add(ScriptedNode.Start(async peer =>
        {
            await peer.ReadHeadAsync();
            await peer.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\n");
            for (int i = 0; i < 8; i++)
            {
                await Task.Delay(200, peer.Stopping);
                await peer.SendAsync("x");
            }
        }));
        await using GatewayUnderTest gateway = await StartAsync([slow], "\"per_try_timeout\":1");
        (await gateway.SendRawAsync(Get)).ShouldEndWith("xxxxxxxx");
    }

    [Fact]
    public async Task PerTryTimeout_SlowClientBody_IsNotTheNodesFault()
    {
        await using GatewayUnderTest gateway = await StartAsync([Good()], "\"per_try_timeout\":1");
        using Socket socket = await gateway.ConnectAsync();
        await socket.SendAsync("PUT / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 4\r\n\r\n"u8.ToArray());
        foreach (byte b in "body"u8.ToArray())
        {
            await Task.Delay(400);
            await socket.SendAsync(new[] { b });
        }

        (await GatewayUnderTest.ReadToEndAsync(socket)).ShouldStartWith("HTTP/1.1 200 ");
    }

    [Fact]
    public async Task PerTryTimeout_BodySentAndNoAnswer_EndsTheTry()
    {
        await using GatewayUnderTest gateway = await StartAsync([Silent(), Good()], "\"per_try_timeout\":1");
        (await gateway.SendRawAsync("PUT / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 4\r\n\r\nbody")).ShouldStartWith("HTTP/1.1 200 ");
        _asked.ShouldBe(2);
    }

    [Fact]
    public async Task RetryAfter_WithinTheLimit_IsWaitedFor()
    {
        await using GatewayUnderTest gateway = await StartAsync([Busy("1"), Good()], Waiting(max: 5));
        long begin = Stopwatch.GetTimestamp();
        (await gateway.SendRawAsync(Get)).ShouldStartWith("HTTP/1.1 200 ");
        Stopwatch.GetElapsedTime(begin).TotalSeconds.ShouldBeGreaterThan(0.95);
    }

    [Fact]
    public async Task RetryAfter_ADate_CountsFromTheAnswersOwn()
    {
        ScriptedNode busy = Answering(
            "HTTP/1.1 503 Busy\r\nDate: Tue, 15 Nov 1994 08:12:31 GMT\r\nRetry-After: Tue, 15 Nov 1994 08:12:32 GMT\r\nContent-Length: 0\r\n\r\n");
        await using GatewayUnderTest gateway = await StartAsync([busy, Good()], Waiting(max: 5));
        long begin = Stopwatch.GetTimestamp();
        (await gateway.SendRawAsync(Get)).ShouldStartWith("HTTP/1.1 200 ");
        Stopwatch.GetElapsedTime(begin).TotalSeconds.ShouldBeGreaterThan(0.95);
    }

    [Theory]
    [InlineData("3600", "")] // longer than may be waited
    [InlineData("1", ",\"retry_timeout\":0.5")] // no further try would begin in time
    [InlineData("4294967295", "")]
    public async Task RetryAfter_TooLate_AnswerIsPassedOn(string seconds, string more)
    {
        await using GatewayUnderTest gateway = await StartAsync([Busy(seconds), Good()], Waiting(max: 5) + more);
        string answer = await gateway.SendRawAsync(Get);
        answer.ShouldStartWith("HTTP/1.1 503 Busy\r\n");
        answer.ShouldContain($"Retry-After: {seconds}\r\n");
        _asked.ShouldBe(1);
    }

    [Theory]
    [InlineData("soon")]
    [InlineData("-1")]
    [InlineData("99999999999999")]
    [InlineData("Tue, 15 Nov 1994 08:12:31 GMT")] // and the answer says no time of its own
    public async Task RetryAfter_NotUnderstood_BacksOffAsWithout(string value)
    {
        await using GatewayUnderTest gateway = await StartAsync([Busy(value), Good()], Waiting(max: 5));
        (await gateway.SendRawAsync(Get)).ShouldStartWith("HTTP/1.1 200 ");
    }

    [Fact]
    public async Task BackOff_ManyRetries_WaitsBetweenThem()
    {
        // Nine retries that wait from 0 to 20 ms each, spread evenly: less than 20 ms in all comes once in about 10^10 runs.
        await using GatewayUnderTest gateway = await StartAsync(
            [Answering("")], "\"retries\":9,\"retry_back_off\":{\"base_interval\":0.02,\"max_interval\":0.02},\"retry_budget\":{\"min_retry_concurrency\":100}");
        long begin = Stopwatch.GetTimestamp();
        (await gateway.SendRawAsync(Get)).ShouldStartWith("HTTP/1.1 502 ");
        Stopwatch.GetElapsedTime(begin).TotalMilliseconds.ShouldBeGreaterThan(20);
        _asked.ShouldBe(10);
    }

    [Fact]
    public async Task BackOff_ClientGoesAway_NoFurtherTry()
    {
        await using GatewayUnderTest gateway = await StartAsync([Busy("60"), Busy("60")], Waiting(max: 100));
        using (Socket socket = await gateway.ConnectAsync())
        {
            await socket.SendAsync(Encoding.ASCII.GetBytes(Get));
            await Eventually.HoldsAsync(() => gateway.Plane.Counters.Retries == 1, "the retry waits");
            gateway.Plane.Counters.ClientsGone.ShouldBe(0);
            socket.LingerState = new LingerOption(true, 0);
        }

        await Eventually.HoldsAsync(() => gateway.Plane.Counters.ClientsGone == 1, "the request ended with its client");
        _asked.ShouldBe(1);
        gateway.Plane.Counters.Tries(AttemptFailure.ClientFailed).ShouldBe(0, "no try began that had nobody to answer");
        gateway.TriesInFlight.ShouldBe(0);
    }

    [Fact]
    public async Task BackOff_GatewayStops_EndsTheWait()
    {
        GatewayUnderTest gateway = await StartAsync([Busy("60"), Good()], Waiting(max: 100));
        Task<string> asking = gateway.SendRawAsync(Get);
        await Eventually.HoldsAsync(() => gateway.Plane.Counters.Retries == 1, "the retry waits");
        await gateway.DisposeAsync();
        await asking.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        _asked.ShouldBe(1);
    }

    private static string Waiting(int max) =>
        $$"""
        "retriable_status_codes":[503],"retry_back_off":{"base_interval":0.001,"max_interval":{{max}},"retry_after":true}
        """;

    private Task<GatewayUnderTest> StartAsync(ScriptedNode[] nodes, string more) => GatewayUnderTest.StartForAsync(nodes.Select(node => node.Port), "," + more);

    private ScriptedNode Good() => Answering("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ngood");

    private ScriptedNode Busy(string retryAfter) => Answering($"HTTP/1.1 503 Busy\r\nRetry-After: {retryAfter}\r\nContent-Length: 4\r\n\r\nbusy");

    private ScriptedNode Silent() => Add(ScriptedNode.Start(async peer =>
    {
        await peer.ReadHeadAsync();
        Interlocked.Increment(ref _asked);
        await peer.WaitForEndAsync();
    }));

    private ScriptedNode Answering(string answer) => Add(ScriptedNode.Start(async peer =>
    {
        while (await peer.ReadHeadAsync() is { } head)
        {
            if (head.Contains("Content-Length: "))
                await peer.ReadBytesAsync(4);
            Interlocked.Increment(ref _asked);
            if (answer.Length == 0)
                return;
            await peer.SendAsync(answer);
        }
    }));

    private ScriptedNode Add(ScriptedNode node)
    {
        _nodes.Add(node);
        return node;
    }
}
