using System.Net;
using Headgate.Core.Config;
using Headgate.Testing;

namespace Headgate.Proxy.Tests.Pipeline;

/// <summary>Requests per second and changed header fields, on their way to a node.</summary>
public sealed class RequestPolicyTests
{
    private const string Headers = ""","request_headers":{"set":{"X-User":"gateway","X-New":"1"},"add":{"X-Via":"headgate"},"remove":["X-Secret","cookie"]}""";

    [Fact]
    public async Task RequestHeaders_SetAddRemove_ReachTheNodeAsWritten()
    {
        await using EchoingNode node = EchoingNode.Start();
        await using GatewayUnderTest gateway = await GatewayUnderTest.StartForAsync([node.Port], Headers);

        await gateway.SendRawAsync(
            "GET / HTTP/1.1\r\nHost: x\r\nx-user: admin\r\nA: 1\r\nX_User: admin\r\nCookie: a=b\r\nX-Via: client\r\nX-SECRET: s\r\nB: 2\r\nCookie: c=d\r\nX-Usez: 3\r\nConnection: close\r\n\r\n");

        node.Lines().ShouldBe([
            "GET / HTTP/1.1", "Host: x", "X-User: gateway", "X-New: 1", "X-Via: headgate", "A: 1", "X-Via: client", "B: 2", "X-Usez: 3",
            "X-Real-IP: 127.0.0.1", "X-Forwarded-For: 127.0.0.1", "X-Forwarded-Proto: http", "X-Forwarded-Host: x", node.Lines()[13]]);
        node.Lines()[13].ShouldStartWith("X-Forwarded-Port: ");
    }

    [Fact]
    public async Task RequestHeaders_ConnectionNamesThem_AreSentAllTheSame()
    {
        await using EchoingNode node = EchoingNode.Start();
        await using GatewayUnderTest gateway = await GatewayUnderTest.StartForAsync([node.Port], Headers);

        await gateway.SendRawAsync("GET / HTTP/1.1\r\nHost: x\r\nX-User: admin\r\nConnection: close, X-User, X-New\r\n\r\n");

        node.Lines().Where(line => line.StartsWith("X-User", StringComparison.OrdinalIgnoreCase)).ShouldBe(["X-User: gateway"]);
        node.Lines().ShouldContain("X-New: 1");
    }

    [Fact]
    public async Task RequestHeaders_Retry_SendsTheSameHead()
    {
        await using EchoingNode node = EchoingNode.Start();
        await using ScriptedNode broken = ScriptedNode.Start(peer => peer.ReadHeadAsync());
        await using GatewayUnderTest gateway = await GatewayUnderTest.StartForAsync([broken.Port, node.Port], Headers);

        for (int i = 0; i < 2; i++)
        {
            (await gateway.SendRawAsync("GET / HTTP/1.1\r\nHost: x\r\nX-User: admin\r\nCookie: a=b\r\nConnection: close\r\n\r\n")).ShouldStartWith("HTTP/1.1 200 ");
            node.Lines().Count(line => line.StartsWith("X-User", StringComparison.OrdinalIgnoreCase)).ShouldBe(1);
            node.Lines().ShouldNotContain(line => line.StartsWith("Cookie", StringComparison.OrdinalIgnoreCase));
        }

        broken.Accepted.ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task RequestHeaders_Http2_ReachTheNodeAsWritten()
    {
        await using EchoingNode node = EchoingNode.Start();
        await using GatewayUnderTest gateway = await GatewayUnderTest.StartForAsync([node.Port], Headers);
        using var client = new Http2Client(gateway.Port);

        (await client.GetAsync("/", ("x-user", "admin"), ("cookie", "a=b"), ("x-other", "2"))).StatusCode.ShouldBe(HttpStatusCode.OK);

        node.Lines().ShouldContain("X-User: gateway");
        node.Lines().ShouldContain(line => line.Equals("x-other: 2", StringComparison.OrdinalIgnoreCase));
        node.Lines().ShouldNotContain(line => line.Contains("admin", StringComparison.Ordinal) || line.StartsWith("cookie", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task RequestHeaders_Edited_ActFromTheNextRequest()
    {
        await using EchoingNode node = EchoingNode.Start();
        await using GatewayUnderTest gateway = await GatewayUnderTest.StartForAsync([node.Port], Headers);
        using var client = new RawClient(await gateway.ConnectAsync());
        byte[] get = "GET / HTTP/1.1\r\nHost: x\r\nCookie: a=b\r\n\r\n"u8.ToArray();
        (await client.AskAsync(get)).Status.ShouldBe(200);
        node.Lines().ShouldNotContain("Cookie: a=b");

        gateway.PutUpstream("u", [node.Port]);

        (await client.AskAsync(get)).Status.ShouldBe(200);
        node.Lines().ShouldContain("Cookie: a=b");
        node.Lines().ShouldNotContain("X-New: 1");
    }

    [Theory]
    [InlineData("", "503 Service Unavailable")]
    [InlineData(",\"rejected_code\":429", "429 Too Many Requests")]
    public async Task RateLimit_MoreThanTheBurst_AreRefusedWithRetryAfter(string code, string status)
    {
        await using ScriptedNode node = ScriptedNode.StartAnswering("a");
        await using GatewayUnderTest gateway = await GatewayUnderTest.StartForAsync([node.Port], ",\"rate_limit\":{\"rate\":0.01,\"burst\":2" + code + "}");

        for (int i = 0; i < 3; i++)
            (await gateway.SendRawAsync("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")).ShouldStartWith("HTTP/1.1 200 ");
        string refused = await gateway.SendRawAsync("GET / HTTP/1.1\r\nHost: x\r\n\r\nPOST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nConnection: close\r\n\r\nhi");

        refused.Split("HTTP/1.1 " + status + "\r\n").Length.ShouldBe(3);
        refused.Split("\r\nRetry-After: 100\r\n").Length.ShouldBe(3);
        refused.ShouldEndWith("{\"error_msg\":\"The upstream takes no more requests at the moment.\"}\n");

        // An edit of the rate acts at once, and what was counted stays counted.
        gateway.PutUpstream("u", [node.Port], ",\"rate_limit\":{\"rate\":0.01,\"burst\":2,\"rejected_code\":429},\"retries\":1");
        (await gateway.SendRawAsync("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")).ShouldStartWith("HTTP/1.1 429 ");
        gateway.PutUpstream("u", [node.Port]);
        (await gateway.SendRawAsync("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")).ShouldStartWith("HTTP/1.1 200 ");
    }

    [Fact]
    public async Task RateLimit_Http2_IsRefusedWithRetryAfter()
    {
        await using ScriptedNode node = ScriptedNode.StartAnswering("a");
        await using GatewayUnderTest gateway = await GatewayUnderTest.StartForAsync([node.Port], ",\"rate_limit\":{\"rate\":0.01}");
        using var client = new Http2Client(gateway.Port);

        (await client.GetAsync("/")).StatusCode.ShouldBe(HttpStatusCode.OK);
        HttpResponseMessage refused = await client.GetAsync("/");

        refused.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        refused.Headers.GetValues("Retry-After").ShouldBe(["100"]);
    }

    [Fact]
    public async Task RateLimit_OfOneUpstream_LeavesOthersAlone()
    {
        await using ScriptedNode node = ScriptedNode.StartAnswering("a");
        await using GatewayUnderTest gateway = await GatewayUnderTest.StartForAsync([node.Port], ",\"rate_limit\":{\"rate\":0.01}");
        gateway.PutUpstream("free", [node.Port]);
        gateway.Put(ResourceKind.Route, "free", """{"uri":"/free","upstream_id":"free"}""");
        using var client = new RawClient(await gateway.ConnectAsync());

        int refused = 0;
        for (int i = 0; i < 20; i++)
        {
            (await client.AskAsync("GET /free HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray())).Status.ShouldBe(200);
            refused += (await client.AskAsync("GET /paid HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray())).Status == 503 ? 1 : 0;
        }

        refused.ShouldBe(19);
    }

    [Fact]
    public async Task Subset_NoNodeForTheRequest_Is503()
    {
        await using ScriptedNode one = ScriptedNode.StartAnswering("1");
        await using ScriptedNode two = ScriptedNode.StartAnswering("2");
        await using GatewayUnderTest gateway = await GatewayUnderTest.StartAsync();
        gateway.Put(ResourceKind.Upstream, "u", $$$"""
            {"nodes":[{"host":"127.0.0.1","port":{{{one.Port}}},"weight":1,"metadata":{"version":"v1"}},{"host":"127.0.0.1","port":{{{two.Port}}},"weight":1,"metadata":{"version":"v2"}}],
             "subset":{"keys":{"version":"http_x_version"},"fallback_policy":"none"}}
            """);
        gateway.Put(ResourceKind.Route, "r", """{"uri":"/*","upstream_id":"u"}""");

        foreach ((string version, string end) in ((string, string)[])[("v1", "1"), ("v2", "2"), ("v1", "1"), ("v2", "2")])
            (await gateway.SendRawAsync($"GET / HTTP/1.1\r\nHost: x\r\nX-Version: {version}\r\nConnection: close\r\n\r\n")).ShouldEndWith("\r\n\r\n" + end);
        (await gateway.SendRawAsync("GET / HTTP/1.1\r\nHost: x\r\nX-Version: v3\r\nConnection: close\r\n\r\n")).ShouldStartWith("HTTP/1.1 503 ");
    }

    /// <summary>A node that keeps the last head it was sent.</summary>
    private sealed class EchoingNode : IAsyncDisposable
    {
        private readonly ScriptedNode _node;
        private string _head = "";

        private EchoingNode() => _node = ScriptedNode.Start(async peer =>
        {
            while (await peer.ReadHeadAsync() is { } head)
            {
                Volatile.Write(ref _head, head);
                await peer.AnswerAsync("ok");
            }
        });

        public int Port => _node.Port;

        public static EchoingNode Start() => new();

        /// <summary>Its lines, the empty one left out.</summary>
        public string[] Lines() => Volatile.Read(ref _head).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);

        public ValueTask DisposeAsync() => _node.DisposeAsync();
    }
}
