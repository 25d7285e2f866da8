using Headgate.Core.Config;
using Headgate.Proxy.Telemetry.Metrics;
using Headgate.Proxy.Tests.Pipeline;
using Headgate.Proxy.Upstream;
using Headgate.Testing;

namespace Headgate.Proxy.Tests.Plugins;

/// <summary><c>prometheus</c> through the whole gateway; how the page is written is tested with the executable.</summary>
public sealed class PrometheusTests
{
    private static readonly FlowLabels Plain = new("r", "", "", "127.0.0.1");

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Requests_AreCountedByStatusNodeAndBytes(int version)
    {
        await using PluginGateway gateway = await PluginGateway.StartAsync("""{"prometheus":{}}""");
        PluginAnswer answer = await gateway.GetAsync(version, "/a");
        (await gateway.SendAsync(version, new HttpRequestMessage(HttpMethod.Post, $"http://127.0.0.1:{gateway.Gateway.Port}/b") { Content = new ByteArrayContent(new byte[1000]) })).Status.ShouldBe(200);
        await CountedAsync(gateway.Gateway, 2);

        MetricsReading reading = gateway.Gateway.Metrics.Read();
        reading.Statuses.ShouldBe([(new RequestLabels(Plain, "/*", ""), 200, 2L)]);
        FlowSum flow = reading.Flows[Plain];
        flow.Ingress.ShouldBeGreaterThan(1000);
        flow.Ingress.ShouldBeLessThan(2000);
        flow.Egress.ShouldBeGreaterThan(answer.Body.Length * 2);
        flow.Request.Counts.Sum().ShouldBe(2);
        flow.Upstream.Counts.Sum().ShouldBe(2);
        flow.Gateway.Counts.Sum().ShouldBe(2);
        (flow.Upstream.Ticks + flow.Gateway.Ticks).ShouldBe(flow.Request.Ticks);
        NodeSum node = TrafficMetrics.Read(gateway.Gateway.Nodes[0])!;
        (node.Requests, node.Retries, node.Outcomes[(int)AttemptFailure.None], node.Answers.Counts.Sum()).ShouldBe((2L, 0L, 2L, 2L));
    }

    [Fact]
    public async Task Bytes_OfHttp1_AreThoseOnTheWire()
    {
        await using PluginGateway gateway = await PluginGateway.StartAsync("""{"prometheus":{}}""");
        const string Request = "POST /x HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 5\r\n\r\nhello";
        string answer = await gateway.Gateway.SendRawAsync(Request);
        await CountedAsync(gateway.Gateway, 1);
        FlowSum flow = gateway.Gateway.Metrics.Read().Flows[Plain];
        (flow.Ingress, flow.Egress).ShouldBe((Request.Length, answer.Length));
    }

    [Fact]
    public async Task Bytes_OfAChunkedAnswer_AreThoseOnTheWire()
    {
        await using ScriptedNode node = ScriptedNode.Start(async peer =>
        {
            await peer.ReadHeadAsync();
            await peer.SendAsync("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n");
            await peer.SendAsync("6\r\n world\r\n0\r\n\r\n");
        });
        await using GatewayUnderTest gateway = await GatewayUnderTest.StartForAsync([node.Port], routeMore: ""","plugins":{"prometheus":{}}""");
        string answer = await gateway.SendRawAsync("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
        await CountedAsync(gateway, 1);
        gateway.Metrics.Read().Flows[Plain].Egress.ShouldBe(answer.Length - "0\r\n\r\n".Length);
    }

    [Fact]
    public async Task ManyRequestsAtOnce_AreCountedExactly()
    {
        await using PluginGateway gateway = await PluginGateway.StartAsync("""{"prometheus":{}}""");
        await Task.WhenAll(Enumerable.Range(0, 16).Select(client => Task.Run(async () =>
        {
            for (int i = 0; i < 100; i++)
                (await gateway.GetAsync(client % 4 == 0 ? 2 : 1, $"/{i}")).Status.ShouldBe(200);
        })));
        await CountedAsync(gateway.Gateway, 1600);
        MetricsReading reading = gateway.Gateway.Metrics.Read();
        reading.Statuses.ShouldHaveSingleItem().Count.ShouldBe(1600);
        reading.Flows[Plain].Request.Counts.Sum().ShouldBe(1600);
        TrafficMetrics.Read(gateway.Gateway.Nodes[0])!.Requests.ShouldBe(1600);
    }

    [Fact]
    public async Task Edits_KeepTheCount()
    {
        await using PluginGateway gateway = await PluginGateway.StartAsync("""{"prometheus":{}}""");
        await gateway.GetAsync(1);
        gateway.Put("""{"prometheus":{"prefer_name":true}}""");
        await gateway.GetAsync(1);
        gateway.Put("""{"prometheus":{"prefer_name":true}}""", ""","name":"shop","desc":"x" """);
        await gateway.GetAsync(1);
        await CountedAsync(gateway.Gateway, 3);
        gateway.Gateway.Metrics.Read().Statuses.Select(count => (count.Labels.Flow.Route, count.Count)).ShouldBe([("r", 2L), ("shop", 1L)]);
    }

    [Fact]
    public async Task Labels_AreThoseOfWhatMatched()
    {
        await using PluginGateway gateway = await PluginGateway.StartAsync("{}");
        gateway.Gateway.Put(ResourceKind.Service, "s", """{"name":"goods","hosts":["*.a.test","x.a.test"],"upstream_id":"u","plugins":{"prometheus":{"prefer_name":true}}}""");
        gateway.Gateway.Put(ResourceKind.Route, "r", """{"uris":["/p/*","/p/q/*","/p/q/r"],"service_id":"s"}""");
        foreach ((string host, string path) in new[] { ("x.a.test", "/p/q/r"), ("y.a.test", "/p/q/s"), ("x.a.test", "/p/z") })
            (await gateway.Gateway.SendRawAsync($"GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n")).ShouldStartWith("HTTP/1.1 200");
        await CountedAsync(gateway.Gateway, 3);
        gateway.Gateway.Metrics.Read().Statuses.Select(count => (count.Labels.Flow.Service, count.Labels.MatchedHost, count.Labels.MatchedUri))
            .ShouldBe([("goods", "x.a.test", "/p/q/r"), ("goods", "*.a.test", "/p/q/*"), ("goods", "x.a.test", "/p/*")], ignoreOrder: true);
    }

    [Fact]
    public async Task Retry_CountsBothNodes()
    {
        int refusing = ScriptedNode.RefusingPort(out IDisposable holder);
        using (holder)
        {
            await using ScriptedNode node = ScriptedNode.StartAnswering("a");
            await using GatewayUnderTest gateway = await GatewayUnderTest.StartForAsync([refusing, node.Port], routeMore: ""","plugins":{"prometheus":{}}""");
            for (int i = 0; i < 4; i++)
                (await gateway.SendRawAsync("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")).ShouldStartWith("HTTP/1.1 200");
            await CountedAsync(gateway, 4);
            NodeSum[] sums = [.. gateway.Nodes.Select(state => TrafficMetrics.Read(state)!)];
            (sums[0].Requests, sums[0].Outcomes[(int)AttemptFailure.Refused]).ShouldBe((0L, sums[1].Retries));
            sums[1].Retries.ShouldBeGreaterThan(0);
            (sums[1].Requests, sums[1].Outcomes[(int)AttemptFailure.None]).ShouldBe((4L, 4L));
        }
    }

    [Fact]
    public async Task RefusalOfAPlugin_IsCountedWithoutANode()
    {
        await using PluginGateway gateway = await PluginGateway.StartAsync("""{"prometheus":{},"ip-restriction":{"blacklist":["127.0.0.1"]}}""");
        (await gateway.GetAsync(1)).Status.ShouldBe(403);
        await CountedAsync(gateway.Gateway, 1);
        MetricsReading reading = gateway.Gateway.Metrics.Read();
        reading.Statuses.ShouldBe([(new RequestLabels(Plain with { Node = "" }, "/*", ""), 403, 1L)]);
        reading.Flows[Plain with { Node = "" }].Upstream.Counts.Sum().ShouldBe(0);
    }

    [Fact]
    public async Task TooManyCombinations_AreCountedTogether()
    {
        await using PluginGateway gateway = await PluginGateway.StartAsync("{}", counting: new TrafficMetricsOptions { LabelSetsMax = 2 });
        for (int i = 0; i < 4; i++)
            gateway.Gateway.Put(ResourceKind.Route, $"r{i}", "{\"uri\":\"/" + i + "\",\"upstream_id\":\"u\",\"plugins\":{\"prometheus\":{}}}");
        for (int i = 0; i < 12; i++)
            await gateway.GetAsync(1, $"/{i % 4}");
        await CountedAsync(gateway.Gateway, 12);
        gateway.Gateway.Metrics.Read().Statuses.Select(count => (count.Labels.Flow.Route, count.Count)).ShouldBe([("r0", 3L), ("r1", 3L), ("overflow", 6L)]);
        (gateway.Gateway.Metrics.LabelSets, gateway.Gateway.Metrics.Overflowed).ShouldBe((2, 6));
    }

    [Theory]
    [InlineData("""{"prefer_name":1}""", "wrong type: expected boolean, got number")]
    [InlineData("""{"prefer_names":true}""", "additional properties forbidden, found prefer_names (did you mean prefer_name?)")]
    public void Config_Wrong_IsRefused(string config, string text) => PluginConfigs.ShouldRefuse("prometheus", config, text);

    /// <summary>A request is counted behind its answer.</summary>
    private static Task CountedAsync(GatewayUnderTest gateway, long requests) =>
        Eventually.HoldsAsync(() => gateway.Metrics.Read().Statuses.Sum(count => count.Count) >= requests, $"{requests} requests are counted");
}
