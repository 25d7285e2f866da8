using Headgate.Core.Config;
using Headgate.Proxy.Tests.Pipeline;
using Headgate.Testing;

namespace Headgate.Proxy.Tests.Plugins.OpenTelemetry;

/// <summary><c>opentelemetry</c> through the whole gateway, with a collector on a socket.</summary>
public sealed class OpenTelemetryTests
{
    private const string Trace = "0af7651916cd43dd8448eb211c80319c";
    private const string Parent = "b7ad6b7169203331";
    private const string On = """{"opentelemetry":{"sampler":{"name":"always_on"}}}""";

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Request_IsASpan_WithATryBelow(int version)
    {
        await using var collector = new SpanCollector();
        await using PluginGateway gateway = await StartAsync(collector.Port, """{"opentelemetry":{"sampler":{"name":"parent_base"}},"key-auth":{}}""");
        gateway.Gateway.Put(ResourceKind.Consumer, "jack", """{"username":"jack","plugins":{"key-auth":{"key":"k"}}}""");
        DateTimeOffset before = TimeProvider.System.GetUtcNow();
        PluginAnswer answer = await gateway.GetAsync(version, "/a/b?c=d&apikey=k", ("traceparent", $"00-{Trace}-{Parent}-01"), ("tracestate", "a=b,c=d"), ("User-Agent", "cafe"), ("apikey", "k"));
        answer.Status.ShouldBe(200);

        CollectedSpan[] spans = await collector.SpansAsync(2);
        (CollectedSpan server, CollectedSpan client) = (spans[0], spans[1]);
        (server.Trace, server.Parent, server.State, server.Name, server.Kind, server.Status).ShouldBe((Trace, Parent, "a=b,c=d", "GET /*", 2, 0));
        answer.Seen("traceparent").ShouldBe([$"00-{Trace}-{server.Id}-01"]);
        answer.Seen("tracestate").ShouldBe(["a=b,c=d"]);
        server.Attributes.Remove("net.peer.port").ShouldBeTrue();
        server.Attributes.ShouldBe(new Dictionary<string, string>
        {
            ["net.host.name"] = "127.0.0.1",
            ["http.method"] = "GET",
            ["http.scheme"] = "http",
            ["http.target"] = "/a/b?c=d&apikey=***",
            ["http.request.method"] = "GET",
            ["url.scheme"] = "http",
            ["http.user_agent"] = "cafe",
            ["user_agent.original"] = "cafe",
            ["url.path"] = "/a/b",
            ["http.route"] = "/*",
            ["net.peer.ip"] = "127.0.0.1",
            ["apisix.route_id"] = "r",
            ["apisix.consumer_name"] = "jack",
            ["apisix.response_source"] = "upstream",
            ["http.status_code"] = "200",
            ["http.response.status_code"] = "200",
        }, ignoreOrder: true);

        (client.Trace, client.Parent, client.Name, client.Kind, client.Status).ShouldBe((Trace, server.Id, "GET", 3, 0));
        client.Id.ShouldNotBe(server.Id);
        client.Attributes.ShouldBe(new Dictionary<string, string>
        {
            ["http.request.method"] = "GET",
            ["net.peer.ip"] = "127.0.0.1",
            ["net.peer.port"] = $"{gateway.NodePort}",
            ["http.response.status_code"] = "200",
        }, ignoreOrder: true);
        ulong[] times = [Nanoseconds(before) - 1_000_000, server.Start, client.Start, client.End, server.End, Nanoseconds(TimeProvider.System.GetUtcNow()) + 1_000_000];
        times.ShouldBe(times.Order());
        collector.Heads.First().ShouldStartWith("POST /v1/traces HTTP/1.1\r\n");
        collector.Heads.First().ShouldContain("Content-Type: application/x-protobuf\r\n");
        await Eventually.HoldsAsync(() => gateway.Gateway.Logs.Sent == 1, "the request is counted");
    }

    [Fact]
    public async Task Retry_HasASpanForEachTry()
    {
        int refusing = ScriptedNode.RefusingPort(out IDisposable holder);
        using (holder)
        {
            await using var collector = new SpanCollector();
            await using ScriptedNode node = ScriptedNode.StartAnswering("a");
            await using GatewayUnderTest gateway = await GatewayUnderTest.StartForAsync([refusing, node.Port], routeMore: ""","plugins":""" + On);
            gateway.Put(ResourceKind.PluginMetadata, "opentelemetry", Metadata(collector.Port));
            for (int i = 0; i < 2; i++)
                (await gateway.SendRawAsync("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")).ShouldStartWith("HTTP/1.1 200");
            CollectedSpan[] spans = await collector.SpansAsync(5);
            CollectedSpan failed = spans.Single(span => span.Status == 2);
            (failed.Kind, failed.StatusMessage, failed.Attributes["net.peer.port"]).ShouldBe((3, "refused", $"{refusing}"));
            CollectedSpan retry = spans.Single(span => span.Attributes.ContainsKey("http.request.resend_count"));
            (retry.Parent, retry.Attributes["http.request.resend_count"], retry.Attributes["net.peer.port"]).ShouldBe((failed.Parent, "1", $"{node.Port}"));
        }
    }

    [Fact]
    public async Task Failure_IsAnError_WithItsSource()
    {
        await using var collector = new SpanCollector();
        await using PluginGateway gateway = await StartAsync(collector.Port, On, answer: "503 No\r\n");
        (await gateway.GetAsync(1)).Status.ShouldBe(503);
        CollectedSpan ofNode = (await collector.SpansAsync(2))[0];
        (ofNode.Status, ofNode.StatusMessage, ofNode.Attributes["apisix.response_source"]).ShouldBe((2, "upstream error: 503", "upstream"));
        gateway.Put("""{"opentelemetry":{"sampler":{"name":"always_on"}},"fault-injection":{"abort":{"http_status":500}}}""");
        (await gateway.GetAsync(1)).Status.ShouldBe(500);
        CollectedSpan ofPlugin = (await collector.SpansAsync(3))[2];
        (ofPlugin.StatusMessage, ofPlugin.Attributes["http.status_code"]).ShouldBe(("apisix error: 500", "500"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-")]
    [InlineData("ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")]
    [InlineData("00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01")]
    [InlineData("00-00000000000000000000000000000000-b7ad6b7169203331-01")]
    [InlineData("00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01")]
    [InlineData("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-1")]
    [InlineData("00_0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")]
    public async Task Parent_ThatIsNone_BeginsATrace(string parent)
    {
        await using var collector = new SpanCollector();
        await using PluginGateway gateway = await StartAsync(collector.Port, On);
        PluginAnswer answer = await gateway.GetAsync(1, "/", ("traceparent", parent), ("tracestate", "a=b"));
        CollectedSpan span = (await collector.SpansAsync(2))[0];
        (span.Parent, span.State).ShouldBe(("", ""));
        span.Trace.ShouldNotBe(Trace);
        answer.Seen("traceparent").ShouldBe([$"00-{span.Trace}-{span.Id}-01"]);
        answer.Seen("tracestate").ShouldBeEmpty();
    }

    [Fact]
    public async Task NotSampled_IsPassedOn_AndNotSent()
    {
        await using var collector = new SpanCollector();
        await using PluginGateway gateway = await StartAsync(collector.Port, """{"opentelemetry":{"sampler":{"name":"parent_base","options":{"root":{"name":"always_on"}}}}}""");
        string seen = (await gateway.GetAsync(1, "/", ("traceparent", $"00-{Trace}-{Parent}-00"))).Seen("traceparent").Single();
        (seen[..36], seen[^3..]).ShouldBe(($"00-{Trace}-", "-00"));
        seen.ShouldNotContain(Parent);
        (await gateway.GetAsync(1, "/root")).Seen("traceparent").Single().ShouldEndWith("-01");
        (await collector.SpansAsync(2))[0].Attributes["url.path"].ShouldBe("/root");

        gateway.Put("""{"opentelemetry":{}}""");
        (await gateway.GetAsync(1, "/", ("traceparent", $"00-{Trace}-{Parent}-01"))).Seen("traceparent").Single().ShouldEndWith("-00");
        gateway.Put(On);
        await gateway.GetAsync(1, "/last");
        (await collector.SpansAsync(4)).Length.ShouldBe(4);
    }

    [Fact]
    public async Task Metadata_Absent_NothingIsDone()
    {
        await using PluginGateway gateway = await PluginGateway.StartAsync(On);
        (await gateway.GetAsync(1, "/", ("traceparent", "x"))).Seen("traceparent").ShouldBe(["x"]);
    }

    [Fact]
    public async Task Metadata_RequestIdResourceAndHeaders_Act()
    {
        await using var collector = new SpanCollector();
        await using PluginGateway gateway = await StartAsync(
            collector.Port, On, more: ""","trace_id_source":"x-request-id","resource":{"service.name":"shop","a":1.5,"b":true}""", headers: """{"Authorization":"secret"}""");
        await gateway.GetAsync(1, "/", ("X-Request-Id", Trace.ToUpperInvariant()));
        (await collector.SpansAsync(2))[0].Trace.ShouldBe(Trace);
        await gateway.GetAsync(1, "/", ("X-Request-Id", Guid.NewGuid().ToString()));
        (await collector.SpansAsync(4))[2].Trace.ShouldNotBe(Trace);
        collector.Resource.ShouldBe(new Dictionary<string, string> { ["hostname"] = Environment.MachineName, ["service.name"] = "shop", ["a"] = "1.5", ["b"] = "true" }, ignoreOrder: true);
        collector.Heads.First().ShouldContain("Authorization: secret\r\n");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task AdditionalAttributes_AreThere(int version)
    {
        await using var collector = new SpanCollector();
        await using PluginGateway gateway = await StartAsync(
            collector.Port,
            """{"opentelemetry":{"sampler":{"name":"always_on"},"additional_attributes":["http_x_a","upstream_status","arg_none","time_iso8601"],"additional_header_prefix_attributes":["X-B","x-c-*","x-b*"]}}""");
        await gateway.GetAsync(version, "/", ("X-A", "1"), ("X-B", "2"), ("X-C-D", "3"), ("X-C-D", "4"), ("X-C", "5"));
        Dictionary<string, string> attributes = (await collector.SpansAsync(2))[0].Attributes;
        (attributes["http_x_a"], attributes["upstream_status"], attributes["x-b"], attributes["x-c-d"]).ShouldBe(("1", "200", "2", "3, 4"));
        attributes["time_iso8601"].ShouldStartWith("20");
        attributes.Keys.ShouldNotContain("arg_none");
        attributes.Keys.ShouldNotContain("x-c");
    }

    [Fact]
    public async Task Texts_ThatAreNoUtf8OrLong_HarmNoSpan()
    {
        await using var collector = new SpanCollector();
        await using PluginGateway gateway = await StartAsync(collector.Port, On);
        string path = "/" + new string('a', 5000);
        (await gateway.Gateway.SendRawAsync($"GET {path} HTTP/1.1\r\nHost: a\r\nUser-Agent: caf\u00e9\r\nConnection: close\r\n\r\n")).ShouldStartWith("HTTP/1.1 200");
        Dictionary<string, string> attributes = (await collector.SpansAsync(2))[0].Attributes;
        attributes["http.user_agent"].ShouldBe("caf?");
        attributes["url.path"].ShouldBe(path[..4096]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task CollectorIsDownOrHangs_RequestsAreAnswered_AndDropsCounted(bool hangs)
    {
        int refusing = ScriptedNode.RefusingPort(out IDisposable holder);
        using (holder)
        {
            await using PluginGateway gateway = await PluginGateway.StartAsync(On);
            await using var hanging = new SpanCollector(0); // gone when the gateway stops, which would wait for it
            gateway.Gateway.Put(ResourceKind.PluginMetadata, "opentelemetry", Metadata(hangs ? hanging.Port : refusing, queue: 2));
            for (int i = 0; i < 20; i++)
                (await gateway.GetAsync(1)).Status.ShouldBe(200);

            // Two wait, and as many as did before are being sent.
            await Eventually.HoldsAsync(() => gateway.Gateway.Logs.Dropped >= 16, "what does not fit is dropped");
            gateway.Gateway.Logs.Sent.ShouldBe(0);
        }
    }

    [Fact]
    public async Task GlobalRuleAndRoute_AreSpansOneBelowTheOther()
    {
        await using var collector = new SpanCollector();
        await using PluginGateway gateway = await StartAsync(collector.Port, On);
        gateway.Gateway.Put(ResourceKind.GlobalRule, "1", $$"""{"plugins":{{On}}}""");
        string seen = (await gateway.GetAsync(1)).Seen("traceparent").Single();
        CollectedSpan[] servers = [.. (await collector.SpansAsync(4)).Where(span => span.Kind == 2)];
        servers[1].Parent.ShouldBe(servers[0].Id);
        seen.ShouldBe($"00-{servers[0].Trace}-{servers[1].Id}-01");
    }

    [Theory]
    [InlineData("""{"sampler":{"name":"sometimes"}}""", "matches none of the enum values")]
    [InlineData("""{"sampler":{"name":"trace_id_ratio","options":{"fraction":2}}}""", "expected 2 to be at most 1")]
    [InlineData("""{"sampler":{"name":"parent_base","options":{"root":{"name":"parent_base"}}}}""", "matches none of the enum values")]
    [InlineData("""{"additional_attributes":[""]}""", "string too short")]
    [InlineData("""{"samplers":{}}""", "additional properties forbidden, found samplers (did you mean sampler?)")]
    public void Config_Wrong_IsRefused(string config, string text) => PluginConfigs.ShouldRefuse("opentelemetry", config, text);

    [Theory]
    [InlineData("""{"trace_id_source":"x"}""", "matches none of the enum values")]
    [InlineData("""{"collector":{"address":"ftp://a"}}""", "\"ftp://a\" is no address; allowed: host:port, http://host:port, https://host:port")]
    [InlineData("""{"collector":{"request_timeout":0}}""", "expected 0 to be at least 1")]
    [InlineData("""{"collector":{"request_headers":{"a b":"c"}}}""", "\"a b\" and its value are no header field")]
    [InlineData("""{"resource":{"a":[]}}""", "value should match only one schema, but matches none")]
    [InlineData("""{"batch_span_processor":{"max_queue_size":0}}""", "expected 0 to be at least 1")]
    public void Metadata_Wrong_IsRefused(string metadata, string text) => PluginConfigs.ShouldRefuseMetadata("opentelemetry", metadata, text);

    private static ulong Nanoseconds(DateTimeOffset time) => (ulong)(time - DateTimeOffset.UnixEpoch).Ticks * 100;

    private static string Metadata(int port, string more = "", string headers = "{}", int queue = 1000) =>
        $$$"""{"collector":{"address":"127.0.0.1:{{{port}}}","request_headers":{{{headers}}}},"batch_span_processor":{"inactive_timeout":0,"max_queue_size":{{{queue}}},"max_export_batch_size":1}{{{more}}}}""";

    private static async Task<PluginGateway> StartAsync(int port, string plugins, string more = "", string headers = "{}", int queue = 1000, string answer = "200 OK\r\n")
    {
        PluginGateway gateway = await PluginGateway.StartAsync(plugins, answer);
        gateway.Gateway.Put(ResourceKind.PluginMetadata, "opentelemetry", Metadata(port, more, headers, queue));
        return gateway;
    }
}
