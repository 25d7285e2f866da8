using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Headgate.Core.Config;
using Headgate.Core.Upstreams;
using Headgate.Proxy.Explain;
using Headgate.Proxy.Tests.Pipeline;
using Headgate.Testing;

namespace Headgate.Proxy.Tests.Explain;

/// <summary>The header that tells an admin what was done with a request, and nobody else anything.</summary>
public sealed class ExplainHeaderTests
{
    [Fact]
    public async Task AdminKey_FailedTryAndAnswer_AreTold()
    {
        int refusing = ScriptedNode.RefusingPort(out IDisposable holder);
        await using ScriptedNode node = ScriptedNode.StartAnswering("ok");
        await using ExplainedGateway gateway = await ExplainedGateway.StartAsync([refusing, node.Port]);

        string head = await gateway.AskAsync();

        head.ShouldStartWith("HTTP/1.1 200 ");
        JsonElement told = ExplainedGateway.Explanation(head);
        told.GetProperty("revision").GetInt64().ShouldBe(2);
        (Text(told, "from"), Text(told, "route"), Text(told, "upstream"), Text(told, "type")).ShouldBe(("node", "r", "upstreams/u", "roundrobin"));
        told.GetProperty("candidates").EnumerateArray().Select(one => Text(one, "node")).ShouldBe([$"127.0.0.1:{refusing}", $"127.0.0.1:{node.Port}"]);
        told.GetProperty("candidates").EnumerateArray().ShouldAllBe(one => Text(one, "standing") == "in_use" && one.GetProperty("in_flight").GetInt64() == 0);
        told.GetProperty("excluded_count").GetInt32().ShouldBe(0);
        JsonElement[] tries = [.. told.GetProperty("tries").EnumerateArray()];
        tries.Select(one => (Text(one, "node"), Text(one, "outcome"), one.GetProperty("status").GetInt32())).ShouldBe([
            ($"127.0.0.1:{refusing}", "refused", 0), ($"127.0.0.1:{node.Port}", "answered", 200)]);
        double all = told.GetProperty("ms").GetDouble();
        tries.Sum(one => one.GetProperty("ms").GetDouble()).ShouldBeInRange(0, all + 0.1);
        holder.Dispose();
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("schlüssel-of-an-admin ;")]
    [InlineData("schlussel-of-an-admin")]
    [InlineData("Schlüssel-of-an-admin")]
    [InlineData("true")]
    public async Task NoKeyOrAWrongOne_ChangesNothing(string? key)
    {
        await using ScriptedNode node = ScriptedNode.StartAnswering("ok");
        await using ExplainedGateway gateway = await ExplainedGateway.StartAsync([node.Port]);
        string plain = await gateway.AskAsync(key: null);

        string head = await gateway.AskAsync(key: key);

        WithoutDate(head).ShouldBe(WithoutDate(plain));
        ExplainedGateway.ShouldSayNothing(head);
    }

    [Theory]
    [InlineData("10.0.0.0/8", false)]
    [InlineData("::1/128", false)]
    [InlineData("127.0.0.1/32", true)]
    [InlineData("0.0.0.0/0", true)]
    [InlineData("::ffff:0:0/96", true)]
    [InlineData("::/0", true)]
    [InlineData("", true)]
    public async Task Address_OnlyThoseThatAreLetInAreTold(string peers, bool isTold)
    {
        await using ScriptedNode node = ScriptedNode.StartAnswering("ok");
        await using ExplainedGateway gateway = await ExplainedGateway.StartAsync([node.Port], peers: peers);

        (await gateway.AskAsync()).Contains("X-Headgate-Explain", StringComparison.Ordinal).ShouldBe(isTold);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Header_NeitherTheKeyReachesANodeNorANodesWordAClient(bool isOn)
    {
        var heads = new ConcurrentQueue<string>();
        await using ScriptedNode node = ScriptedNode.Start(async peer =>
        {
            while (await peer.ReadHeadAsync() is { } head)
            {
                heads.Enqueue(head);
                await peer.SendAsync("HTTP/1.1 200 -\r\nX-Headgate-Explain: forged\r\nContent-Length: 0\r\n\r\n");
            }
        });
        await using ExplainedGateway? explained = isOn ? await ExplainedGateway.StartAsync([node.Port]) : null;
        await using GatewayUnderTest? plain = isOn ? null : await GatewayUnderTest.StartForAsync([node.Port]);
        int port = (explained?.Gateway ?? plain!).Port;

        foreach (string key in (string[])[ExplainedGateway.Key, "wrong"])
        {
            string request = $"GET / HTTP/1.1\r\nHost: x\r\nX-Headgate-Explain: {Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(key))}\r\nx_headgate_explain: {key.Length}\r\nConnection: close\r\n\r\n";
            (await (explained?.Gateway ?? plain!).SendRawAsync(request)).ShouldNotContain("forged");
            using var http2 = new Http2Client(port);
            using HttpResponseMessage answer = await http2.GetAsync("/", ("X-Headgate-Explain", key.Replace('ü', 'u')));
            answer.Headers.Contains("X-Headgate-Explain").ShouldBeFalse();
        }

        heads.Count.ShouldBe(4);
        heads.ShouldAllBe(head => !head.Contains("headgate", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task SameConnection_TheNextRequestIsTheNextClients_AndIsToldNothing()
    {
        await using ScriptedNode node = ScriptedNode.StartAnswering("ok");
        await using ExplainedGateway gateway = await ExplainedGateway.StartAsync([node.Port], recent: new RecentDecisionOptions(10, 1));
        string key = Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(ExplainedGateway.Key));

        string answers = await gateway.Gateway.SendRawAsync(
            $"GET /1 HTTP/1.1\r\nHost: x\r\nX-Headgate-Explain: {key}\r\n\r\n" + "GET /2 HTTP/1.1\r\nHost: x\r\n\r\n" + "GET /3 HTTP/1.1\r\nHo st: x\r\n\r\n");

        string[] heads = [.. answers.Split("HTTP/1.1 ").Skip(1)];
        heads.Select(head => head[..3]).ShouldBe(["200", "200", "400"]);
        ExplainedGateway.Explanation(heads[0]);
        ExplainedGateway.ShouldSayNothing(heads[1]);
        ExplainedGateway.ShouldSayNothing(heads[2]);
    }

    [Fact]
    public async Task Excluded_NodesAreToldWithTheReason()
    {
        await using ScriptedNode node = ScriptedNode.StartAnswering("ok");
        await using ExplainedGateway gateway = await ExplainedGateway.StartAsync([1, node.Port, 2]);
        gateway.Upstream.Nodes[0].State.Exclude(NodeExclusions.Ejected | NodeExclusions.Draining);
        gateway.Upstream.Nodes[2].State.Exclude(NodeExclusions.ForcedDown);
        gateway.Upstream.RefreshUsable();

        JsonElement told = await gateway.ExplainAsync();

        told.GetProperty("candidates_count").GetInt32().ShouldBe(1);
        told.GetProperty("excluded").GetRawText().ShouldBe("""[{"node":"127.0.0.1:1","why":["ejected","draining"]},{"node":"127.0.0.1:2","why":["forced_down"]}]""");
    }

    [Fact]
    public async Task Policy_WhatItComparedIsTold()
    {
        await using ScriptedNode a = ScriptedNode.StartAnswering("a"), b = ScriptedNode.StartAnswering("b");
        await using ExplainedGateway gateway = await ExplainedGateway.StartAsync([a.Port, b.Port]);
        Put("least_conn");
        gateway.Upstream.Nodes[0].State.BeginTry();
        JsonElement told = await gateway.ExplainAsync();
        told.GetProperty("candidates").EnumerateArray().Select(one => (one.GetProperty("score").GetDouble(), one.GetProperty("in_flight").GetInt64())).ShouldBe([(2, 1), (1, 0)]);
        (Text(Try(told), "node"), Try(told).GetProperty("score").GetDouble()).ShouldBe(($"127.0.0.1:{b.Port}", 1));

        foreach (string type in (string[])["p2c", "ewma"])
        {
            Put(type);
            told = await gateway.ExplainAsync();
            Try(told).GetProperty("drawn").EnumerateArray().Select(one => one.GetString()).Order().ShouldBe(new[] { $"127.0.0.1:{a.Port}", $"127.0.0.1:{b.Port}" }.Order());
            Text(Try(told), "node").ShouldBe($"127.0.0.1:{b.Port}");
        }

        Put("chash", ",\"hash_on\":\"header\",\"key\":\"X-User\"");
        Text(await gateway.ExplainAsync(fields: "X-User: j\u00f6rg\"\r\n"), "key").ShouldBe("j\ufffdrg\"");
        Put("roundrobin", ",\"warm_up_conf\":{\"slow_start_time_seconds\":60,\"min_weight_percent\":30}");
        gateway.Upstream.Nodes[0].State.Share.Set(PickShareCause.SlowStart, 3000);
        gateway.Upstream.Nodes[1].State.Share.Set(PickShareCause.SlowStart, 3000);
        Try(await gateway.ExplainAsync()).GetProperty("share").GetInt32().ShouldBe(3000);

        void Put(string type, string more = "") => gateway.Gateway.Put(
            ResourceKind.Upstream, "u", $$"""{"type":"{{type}}","nodes":{"127.0.0.1:{{a.Port}}":1,"127.0.0.1:{{b.Port}}":1}{{more}}}""");
    }

    [Theory]
    [InlineData("/nothing", 404, "no route matches")]
    [InlineData("/missing", 502, "the route's upstream does not exist")]
    [InlineData("/none", 503, "the route has no upstream")]
    [InlineData("/service", 404, "the route's service \"no\" does not exist")]
    [InlineData("/empty", 503, "no node of the upstream may be used")]
    [InlineData("/grpc", 503, "the upstream's scheme is not served yet")]
    [InlineData("/rate", 503, "the upstream's rate_limit is reached")]
    [InlineData("/circuit", 503, "the circuit breaker of the upstream is open")]
    [InlineData("/full", 503, "every node that may be used has as many requests as it takes (max_requests)")]
    [InlineData("/refusing", 502, null)]
    public async Task GatewaysOwnAnswer_IsExplainedToo_OverBothProtocols(string path, int status, string? reason)
    {
        int refusing = ScriptedNode.RefusingPort(out IDisposable holder);
        await using ExplainedGateway gateway = await ExplainedGateway.StartAsync([refusing]);
        gateway.Gateway.Put(ResourceKind.Route, "r", null);
        PutRoute("missing", "\"upstream_id\":\"no\"");
        PutRoute("none", "\"plugins\":{}");
        PutRoute("service", "\"service_id\":\"no\"");
        PutRoute("empty", "\"upstream\":{\"nodes\":{}}");
        PutRoute("grpc", $$"""
            "upstream":{"scheme":"grpc","nodes":{"127.0.0.1:{{refusing}}":1} }
            """);
        PutRoute("refusing", "\"upstream_id\":\"u\"");
        foreach ((string name, string more) in ((string, string)[])[
            ("rate", "\"rate_limit\":{\"rate\":0.001,\"burst\":0}"), ("circuit", "\"circuit_breaker\":{\"request_volume\":1,\"open_time\":100}"), ("full", "\"max_requests\":1")])
        {
            PutRoute(name, $$"""
                "upstream":{"nodes":{"127.0.0.1:{{refusing}}":1},{{more}}}
                """);
        }

        if (path is "/rate" or "/circuit")
            await gateway.AskAsync(path, key: null);
        if (path == "/full")
            gateway.Gateway.Plane.Upstreams.Find("routes/full")!.Nodes[0].State.Permits.TryTake().ShouldBeTrue();

        JsonElement told = await gateway.ExplainAsync(path);
        Check(told);
        using var http2 = new Http2Client(gateway.Gateway.Port);
        using HttpResponseMessage answer = await http2.GetAsync(path, ("X-Headgate-Explain", "another"));
        Check(JsonElement.Parse(answer.Headers.GetValues("X-Headgate-Explain").Single()));
        ((int)answer.StatusCode).ShouldBe(status);
        holder.Dispose();

        void PutRoute(string id, string target) => gateway.Gateway.Put(ResourceKind.Route, id, $$"""{"uri":"/{{id}}",{{target}}}""");

        void Check(JsonElement explanation)
        {
            (explanation.GetProperty("status").GetInt32(), Text(explanation, "from")).ShouldBe((status, "gateway"));
            (explanation.TryGetProperty("reason", out JsonElement why) ? why.GetString() : null).ShouldBe(reason);
            explanation.GetProperty("tries_count").GetInt32().ShouldBe(path == "/refusing" ? 1 : 0);
            explanation.TryGetProperty("retry_after", out _).ShouldBe(path is "/rate" or "/circuit");
        }
    }

    [Fact]
    public async Task Http2_AdminKey_IsToldAndOthersAreNot()
    {
        await using ScriptedNode node = ScriptedNode.StartAnswering("ok");
        await using ExplainedGateway gateway = await ExplainedGateway.StartAsync([node.Port]);
        using var client = new Http2Client(gateway.Gateway.Port);

        for (int i = 0; i < 3; i++)
        {
            using HttpResponseMessage told = await client.GetAsync("/", ("X-Headgate-Explain", "another"));
            Text(JsonElement.Parse(told.Headers.GetValues("X-Headgate-Explain").Single()), "route").ShouldBe("r");
            using HttpResponseMessage wrong = await client.GetAsync("/", ("X-Headgate-Explain", "wrong"));
            wrong.Headers.Contains("X-Headgate-Explain").ShouldBeFalse();
            using HttpResponseMessage none = await client.GetAsync("/");
            none.Headers.Contains("X-Headgate-Explain").ShouldBeFalse();
        }
    }

    private static JsonElement Try(JsonElement told) => told.GetProperty("tries")[0];

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();

    private static string WithoutDate(string head) => string.Join('\n', head.Split("\r\n").Where(line => !line.StartsWith("Date: ", StringComparison.Ordinal)));
}
