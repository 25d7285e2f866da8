using System.Text;
using Headgate.Core.Config;
using Headgate.Core.Resilience;
using Headgate.Core.Snapshot.Explain;
using Headgate.Core.Upstreams;
using Headgate.Proxy.Tests.Pipeline;
using Headgate.Testing;

namespace Headgate.Proxy.Tests.Explain;

/// <summary>What is explained is what the gateway does, asked over its own sockets.</summary>
public sealed class RequestExplainerTests
{
    private const string Get = "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";

    /// <summary>Requests as they go over the wire; null = forwarded.</summary>
    [Theory]
    [InlineData("GET", "/ok/x?a=1", "a.test", null)]
    [InlineData("GET", "/%6fk/./b/../x", "A.test:80", null)]
    [InlineData("PATCH", "/ok/x", "a.test", null)]
    [InlineData("GET", "/nothing", "a.test", 404)]
    [InlineData("TRACE", "/nothing", "a.test", 404)]
    [InlineData("TRACE", "/ok/x", "a.test", 405)]
    [InlineData("GET", "/ok/../../x", "a.test", 400)]
    [InlineData("GET", "ok", "a.test", 400)]
    [InlineData("G T", "/ok/x", "a.test", 400)]
    [InlineData("GET", "/ok/x", "a b", 400)]
    [InlineData("CONNECT", "/ok/x", "a.test", 501)]
    [InlineData("GET", "/missing", "a.test", 502)]
    [InlineData("GET", "/grpc", "a.test", 503)]
    [InlineData("GET", "/empty", "a.test", 503)]
    [InlineData("GET", "/none", "a.test", 503)]
    public async Task Explain_Request_HasTheOutcomeThatItHasWhenItIsSent(string method, string target, string host, int? status)
    {
        await using ScriptedNode node = ScriptedNode.StartAnswering("ok");
        await using GatewayUnderTest gateway = await GatewayUnderTest.StartAsync(ProxyLimits.Default with { BodyBytesMax = 1000 });
        gateway.PutUpstream("u", [node.Port]);
        gateway.Put(ResourceKind.Upstream, "empty", """{"nodes":{}}""");
        gateway.Put(ResourceKind.Route, "ok", """{"uri":"/ok/*","host":"a.test","upstream_id":"u"}""");
        gateway.Put(ResourceKind.Route, "missing", """{"uri":"/missing","upstream_id":"no"}""");
        gateway.Put(ResourceKind.Route, "empty", """{"uri":"/empty","upstream_id":"empty"}""");
        gateway.Put(ResourceKind.Route, "none", """{"uri":"/none","plugins":{}}""");
        gateway.Put(ResourceKind.Route, "grpc", $$"""{"uri":"/grpc","upstream":{"scheme":"grpc","nodes":{"127.0.0.1:{{node.Port}}":1} } }""");

        RequestExplanation explanation = gateway.Plane.Explainer.Explain(new InventedRequest { Method = method, Target = target, Host = host });
        string answer = await gateway.SendRawAsync($"{method} {target} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");

        explanation.Status.ShouldBe(status, explanation.Refusal);
        answer.ShouldStartWith($"HTTP/1.1 {status ?? 200} ");
        (explanation.Refusal is null).ShouldBe(status is null);
    }

    [Fact]
    public async Task Explain_BodyAnnouncedTooLarge_Is413()
    {
        await using GatewayUnderTest gateway = await GatewayUnderTest.StartForAsync([1], limits: ProxyLimits.Default with { BodyBytesMax = 1000 });

        RequestExplanation explanation = gateway.Plane.Explainer.Explain(new InventedRequest { Method = "POST", Target = "/", Host = "a.test", Headers = [("Content-Length", "1001")] });

        (explanation.Status, explanation.Upstream).ShouldBe((413, null));
    }

    [Fact]
    public async Task Explain_RateLimit_SaysWhatIsLeftAndUsesNothingUp()
    {
        await using ScriptedNode node = ScriptedNode.StartAnswering("ok");
        await using GatewayUnderTest gateway = await GatewayUnderTest.StartForAsync([node.Port], ",\"rate_limit\":{\"rate\":0.001,\"burst\":2,\"rejected_code\":429}");
        for (int left = 3; left > 0; left--)
        {
            Explain(gateway).Upstream!.Limits!.Rate.ShouldBe((left, 0));
            RequestExplanation foretold = Explain(gateway);
            (foretold.Status, foretold.Upstream!.Limits!.Rate).ShouldBe((null, (left, 0)));
            (await gateway.SendRawAsync(Get)).ShouldStartWith("HTTP/1.1 200 ");
        }

        RequestExplanation refused = Explain(gateway);
        refused.Status.ShouldBe(429);
        refused.Refusal!.ShouldStartWith("the upstream's rate_limit is reached; one may pass in ");
        (await gateway.SendRawAsync(Get)).ShouldStartWith("HTTP/1.1 429 ");
        gateway.Plane.Upstreams.Find("upstreams/u")!.Policies!.Rate!.Rejected.ShouldBe(1);
    }

    [Fact]
    public async Task Explain_CircuitBreaker_SaysItsStateAndIsNoTrial()
    {
        int refusing = ScriptedNode.RefusingPort(out IDisposable holder);
        await using GatewayUnderTest gateway = await GatewayUnderTest.StartForAsync([refusing], ",\"circuit_breaker\":{\"request_volume\":1,\"open_time\":100}");
        (Explain(gateway).Status, Explain(gateway).Upstream!.Limits!.Circuit!.Value.State).ShouldBe((null, CircuitState.Closed));
        (await gateway.SendRawAsync(Get)).ShouldStartWith("HTTP/1.1 502 ");

        RequestExplanation open = Explain(gateway);

        open.Status.ShouldBe(503);
        open.Upstream!.Limits!.Circuit!.Value.State.ShouldBe(CircuitState.Open);
        open.Upstream.Limits.Circuit.Value.Pass.RetryAfterSeconds.ShouldBeInRange(50, 100);
        open.Refusal!.ShouldStartWith("the circuit breaker of the upstream is open; ask again in ");
        gateway.Plane.Counters.ShortCircuits.ShouldBe(0);
        holder.Dispose();
    }

    [Theory]
    [InlineData("", 503, false)]
    [InlineData(",\"queue\":{\"size\":5}", null, true)]
    public async Task Explain_EveryPermitTaken_SaysWhetherTheRequestWaits(string queue, int? status, bool waits)
    {
        await using ScriptedNode node = ScriptedNode.StartAnswering("ok");
        await using GatewayUnderTest gateway = await GatewayUnderTest.StartForAsync([node.Port, node.Port + 1], ",\"max_requests\":1" + queue);
        IReadOnlyList<NodeSnapshot> nodes = gateway.Plane.Upstreams.Find("upstreams/u")!.Nodes;
        RequestExplanation free = Explain(gateway);
        (free.Status, free.Upstream!.Limits!.IsFull, free.Upstream.Picks.Count).ShouldBe((null, false, 2));

        foreach (NodeSnapshot full in nodes)
            full.State.Permits.TryTake().ShouldBeTrue();

        RequestExplanation explanation = Explain(gateway);
        (explanation.Status, explanation.Upstream!.Limits!.IsFull).ShouldBe((status, true));
        explanation.Upstream.Limits.Queue.ShouldBe((0, waits ? 5 : 0));
        nodes.Select(one => one.State.Permits.Taken).ShouldBe([1, 1]);
    }

    [Theory]
    [InlineData("GET", "/", "a.test", "X: 1\r\nY", "1")]
    [InlineData("GET", "/", "a.test", "X", "1\r\nY: 2")]
    [InlineData("GET", "/", "a.test", "X", "1\r\n\r\nGET / HTTP/1.1")]
    [InlineData("GET", "/ HTTP/1.1\r\nX: 1\r\nY:", "a.test", "X", "1")]
    [InlineData("GET", "/", "a.test\r\nX: 1", "X", "1")]
    [InlineData("\r\nGET", "/", "a.test", "X", "1")]
    public async Task Explain_LineEndInAPiece_IsRefusedRatherThanAnotherRequest(string method, string target, string host, string name, string value)
    {
        await using GatewayUnderTest gateway = await GatewayUnderTest.StartForAsync([1]);

        RequestExplanation explanation = gateway.Plane.Explainer.Explain(new InventedRequest { Method = method, Target = target, Host = host, Headers = [(name, value)] });

        explanation.Status.ShouldBe(400);
        explanation.Route.ShouldBeNull();
    }

    [Fact]
    public async Task Explain_BetweenRequests_NamesTheNodeOfTheNextAndTakesNoTurn()
    {
        ScriptedNode[] nodes = [.. Enumerable.Range(0, 3).Select(i => ScriptedNode.StartAnswering($"{i}"))];
        await using GatewayUnderTest gateway = await GatewayUnderTest.StartForAsync(nodes.Select(node => node.Port));
        using var client = new RawClient(await gateway.ConnectAsync());
        string order = "", foretold = "";
        for (int i = 0; i < 9; i++)
        {
            for (int again = 0; again < 3; again++)
            {
                RequestExplanation explanation = gateway.Plane.Explainer.Explain(new InventedRequest { Target = "/", Host = "x", Headers = [("User-Agent", "test")] });
                if (again == 0)
                    foretold += explanation.Upstream!.Picks[0].Index;
            }

            order += Encoding.ASCII.GetString((await client.AskAsync("GET / HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray())).Body.Span);
        }

        foretold.ShouldBe(order);
        order.ShouldBe("012012012");
        foreach (ScriptedNode node in nodes)
            await node.DisposeAsync();
    }

    [Fact]
    public async Task Explain_HeaderAndAddress_DecideAsTheyDoForARequest()
    {
        await using GatewayUnderTest gateway = await GatewayUnderTest.StartAsync();
        gateway.Put(ResourceKind.Route, "office", """{"uri":"/*","remote_addr":"10.0.0.0/8","priority":1,"upstream":{"nodes":{"a.test:80":1}}}""");
        gateway.Put(ResourceKind.Route, "beta", """{"uri":"/*","vars":[["http_x_beta","==","1"]],"upstream":{"nodes":{"b.test:80":1}}}""");
        gateway.Put(ResourceKind.Route, "secure", """{"uri":"/*","vars":[["scheme","==","https"]],"upstream":{"nodes":{"c.test:80":1}}}""");
        var request = new InventedRequest { Target = "/", Host = "x" };

        Route(request with { ClientAddress = TestRequest.Bits("10.1.2.3") }).ShouldBe("office");
        Route(request with { Headers = [("X-Beta", "1")] }).ShouldBe("beta");
        Route(request with { Scheme = "https" }).ShouldBe("secure");
        Route(request).ShouldBeNull();

        string? Route(InventedRequest asked) => gateway.Plane.Explainer.Explain(asked).Route?.Config.Id;
    }

    private static RequestExplanation Explain(GatewayUnderTest gateway) => gateway.Plane.Explainer.Explain(new InventedRequest { Target = "/", Host = "x" });
}
