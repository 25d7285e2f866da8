using Headgate.Core.Config;
using Headgate.Testing;

namespace Headgate.Proxy.Tests.Pipeline;

/// <summary>What clients see, and nodes, when tries fail (docs/reference/errors.md). Answers that break HTTP are in the folder Hardening.</summary>
public sealed class FailureTests
{
    private const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    private const string Get = "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    private const string Put = "PUT / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 4\r\n\r\nbody";
    private const string Post = "POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 4\r\n\r\nbody";

    [Fact]
    public async Task NoRoute_Answers404AsApisix()
    {
        await using GatewayUnderTest gateway = await GatewayUnderTest.StartAsync();
        string answer = await gateway.SendRawAsync(Get);
        answer.ShouldStartWith("HTTP/1.1 404 Not Found\r\n");
        answer.ShouldContain("Content-Type: text/plain; charset=utf-8\r\n");
        answer.ShouldEndWith("\r\n\r\n{\"error_msg\":\"404 Route Not Found\"}\n");
    }

    [Fact]
    public async Task Trace_IsRefused_AndReachesNoNode()
    {
        await using ScriptedNode node = ScriptedNode.StartAnswering("secret");
        await using GatewayUnderTest gateway = await GatewayUnderTest.StartForAsync([node.Port]);
        (await gateway.SendRawAsync("TRACE / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")).ShouldStartWith("HTTP/1.1 405 ");
        node.Accepted.ShouldBe(0);
    }

    [Theory]
    [InlineData("""{"uri":"/*","service_id":"s"}""", "503")] // a service without an upstream
    [InlineData("""{"uri":"/*","upstream_id":"gone"}""", "502")]
    [InlineData("""{"uri":"/*","service_id":"gone"}""", "404")]
    [InlineData("""{"uri":"/*","upstream":{"nodes":{}}}""", "503")]
    [InlineData("""{"uri":"/*","upstream":{"scheme":"grpc","nodes":{"127.0.0.1:1":1}}}""", "503")]
    [InlineData("""{"uri":"/*","upstream":{"scheme":"tcp","nodes":{"127.0.0.1:1":1}}}""", "503")]
    [InlineData("""{"uri":"/*","upstream":{"service_name":"s","discovery_type":"dns"}}""", "503")]
    public async Task RouteWithoutUsableUpstream_AnswersAsApisix(string route, string status)
    {
        await using GatewayUnderTest gateway = await GatewayUnderTest.StartAsync();
        gateway.Put(ResourceKind.Service, "s", "{}");
        gateway.Put(ResourceKind.Route, "r", route);
        (await gateway.SendRawAsync(Get)).ShouldStartWith($"HTTP/1.1 {status} ");
    }

    [Theory]
    [InlineData(Get)]
    [InlineData(Post)] // nothing was sent yet: safe for every method
    public async Task Refused_NextNodeIsTried(string request)
    {
        int dead = ScriptedNode.RefusingPort(out IDisposable holder);
        using IDisposable hold = holder;
        await using ScriptedNode node = AnsweringBodies();
        await using GatewayUnderTest gateway = await GatewayUnderTest.StartForAsync([dead, node.Port]);
        for (int i = 0; i < 4; i++)
            (await gateway.SendRawAsync(request)).ShouldStartWith("HTTP/1.1 200 ");
    }

    [Fact]
    public async Task AllRefused_Answers502WithEveryTry()
    {
        int dead = ScriptedNode.RefusingPort(out IDisposable holder);
        using IDisposable hold = holder;
        int alsoDead = ScriptedNode.RefusingPort(out IDisposable other);
        using IDisposable hold2 = other;
        await using GatewayUnderTest gateway = await GatewayUnderTest.StartForAsync([dead, alsoDead]);
        string answer = await gateway.SendRawAsync(Get);
        answer.ShouldStartWith("HTTP/1.1 502 Bad Gateway\r\n");
        answer.ShouldContain("X-APISIX-Upstream-Status: 502, 502\r\n");
        answer.ShouldContain("Content-Type: text/html");
    }

    [Theory]
    [InlineData(Get, 2)]
    [InlineData(Put, 2)] // idempotent, and its body was kept
    [InlineData(Post, 1)]
    public async Task ClosedBeforeAnswer_OnlyIdempotentIsRepeated(string request, int tries)
    {
        int asked = 0;
        async Task Script(ScriptedPeer peer)
        {
            string head = (await peer.ReadHeadAsync())!;
            if (head.Contains("Content-Length: "))
                (await peer.ReadBytesAsync(4)).ShouldBe("body"u8.ToArray());
            Interlocked.Increment(ref asked);
        }

        await using ScriptedNode first = ScriptedNode.Start(Script);
        await using ScriptedNode second = ScriptedNode.Start(Script);
        await using GatewayUnderTest gateway = await GatewayUnderTest.StartForAsync([first.Port, second.Port]);
        string answer = await gateway.SendRawAsync(request);
        answer.ShouldStartWith("HTTP/1.1 502 ");
        answer.ShouldContain("X-APISIX-Upstream-Status: " + string.Join(", ", Enumerable.Repeat("502", tries)) + "\r\n");
        asked.ShouldBe(tries);
    }

    [Fact]
    public async Task ReadTimeout_EveryNode_Answers504AfterEachTry()
    {
        await using ScriptedNode first = Silent();
        await using ScriptedNode second = Silent();
        await using GatewayUnderTest gateway = await GatewayUnderTest.StartForAsync(
            [first.Port, second.Port], ""","timeout":{"connect":1,"send":1,"read":0.1}""");
        string answer = await gateway.SendRawAsync(Get);
        answer.ShouldStartWith("HTTP/1.1 504 ");
        answer.ShouldContain("X-APISIX-Upstream-Status: 504, 504\r\n");
        (first.Accepted + second.Accepted).ShouldBe(2);
    }

    [Fact]
    public async Task RouteTimeout_ReplacesUpstreams()
    {
        await using ScriptedNode node = Silent();
        await using GatewayUnderTest gateway = await GatewayUnderTest.StartForAsync(
            [node.Port], routeMore: ""","timeout":{"connect":1,"send":1,"read":0.1}""");
        (await gateway.SendRawAsync(Get)).ShouldStartWith("HTTP/1.1 504 ");
    }

    [Fact]
    public async Task RetryTimeout_Passed_NoFurtherTry()
    {
        await using ScriptedNode first = Silent();
        await using ScriptedNode second = Silent();
        await using GatewayUnderTest gateway = await GatewayUnderTest.StartForAsync(
            [first.Port, second.Port], ""","retry_timeout":0.05,"timeout":{"connect":1,"send":1,"read":0.2}""");
        (await gateway.SendRawAsync(Get)).ShouldContain("X-APISIX-Upstream-Status: 504\r\n");
    }

    [Theory]
    [InlineData("", 1)] // one node: no retry unless asked for
    [InlineData(",\"retries\":2", 3)]
    public async Task OneNode_RetriesGoToTheSameNode(string more, int tries)
    {
        await using ScriptedNode node = ScriptedNode.Start(peer => peer.ReadHeadAsync());
        await using GatewayUnderTest gateway = await GatewayUnderTest.StartForAsync([node.Port], more);
        (await gateway.SendRawAsync(Get)).ShouldStartWith("HTTP/1.1 502 ");
        node.Accepted.ShouldBe(tries);
    }

    [Fact]
    public async Task NodeAnswers500_IsPassedOnOnce()
    {
        await using ScriptedNode node = ScriptedNode.Start(async peer =>
        {
            while (await peer.ReadHeadAsync() is not null)
                await peer.SendAsync("HTTP/1.1 503 Busy\r\nContent-Length: 4\r\n\r\nbusy");
        });
        await using GatewayUnderTest gateway = await GatewayUnderTest.StartForAsync([node.Port], ",\"retries\":3");
        string answer = await gateway.SendRawAsync(Get);
        answer.ShouldStartWith("HTTP/1.1 503 Busy\r\n");
        answer.ShouldContain("X-APISIX-Upstream-Status: 503\r\n");
        answer.ShouldEndWith("busy");
    }

    [Fact]
    public async Task KeptConnectionClosedByNode_RequestIsRepeatedOnAFreshOne()
    {
        // Each connection answers once, promises to stay open, and closes at the next request's first byte: the race that keep-alive always has.
        await using ScriptedNode node = ScriptedNode.Start(async peer =>
        {
            await peer.ReadHeadAsync();
            await peer.SendAsync(Ok);
            await peer.ReadBytesAsync(1);
        });
        await using GatewayUnderTest gateway = await GatewayUnderTest.StartForAsync([node.Port]);
        for (int i = 0; i < 10; i++)
            (await gateway.SendRawAsync(Get)).ShouldStartWith("HTTP/1.1 200 ");
    }

    private static ScriptedNode Silent() => ScriptedNode.Start(async peer =>
    {
        await peer.ReadHeadAsync();
        await peer.ReadHeadAsync();
    });

    private static ScriptedNode AnsweringBodies() => ScriptedNode.Start(async peer =>
    {
        while (await peer.ReadHeadAsync() is { } head)
        {
            if (head.Contains("Content-Length: "))
                await peer.ReadBytesAsync(4);
            await peer.SendAsync(Ok);
        }
    });
}
