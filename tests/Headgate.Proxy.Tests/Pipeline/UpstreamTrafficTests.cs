using Headgate.Core.Config;
using Headgate.Core.Routing;
using Headgate.Core.Upstreams;
using Headgate.Proxy.Upstream;
using Headgate.Testing;

namespace Headgate.Proxy.Tests.Pipeline;

/// <summary>What is counted of a route's upstreams: tries, failures and how long answers took.</summary>
public sealed class UpstreamTrafficTests : HedgingScenario
{
    [Fact]
    public async Task Split_CountsEachSideApart()
    {
        await using GatewayUnderTest gateway = await StartAsync([Answering("old")], "\"retries\":0");
        gateway.PutUpstream("new", [Broken().Port]);
        gateway.Put(ResourceKind.Route, "r", """
            {"uri":"/*","upstream_id":"u","plugins":{"traffic-split":{"rules":[{"match":[{"vars":[["arg_v","==","2"]]}],"weighted_upstreams":[{"upstream_id":"new"}]}]}}}
            """);
        gateway.Put(ResourceKind.Route, "other", """{"uri":"/other","upstream_id":"new"}""");
        for (int i = 0; i < 3; i++)
            (await gateway.SendRawAsync(Get)).ShouldStartWith("HTTP/1.1 200 ");
        for (int i = 0; i < 2; i++)
            (await gateway.SendRawAsync(Get.Replace("/ ", "/?v=2 "))).ShouldStartWith("HTTP/1.1 500 ");
        await gateway.SendRawAsync(Get.Replace("/ ", "/other "));

        await CountedAsync(gateway, "upstreams/u", (3, 0, 3));
        await CountedAsync(gateway, "upstreams/new", (2, 2, 2));
        await CountedAsync(gateway, "upstreams/new", (1, 1, 1), "other");
    }

    [Fact]
    public async Task Post_WithABody_HasALatency()
    {
        await using GatewayUnderTest gateway = await StartAsync([Answering("good")], "\"retries\":0");
        (await gateway.SendRawAsync("POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 4\r\n\r\nbody")).ShouldStartWith("HTTP/1.1 200 ");
        await CountedAsync(gateway, "upstreams/u", (1, 0, 1));
    }

    [Fact]
    public async Task Http2_IsCounted()
    {
        await using GatewayUnderTest gateway = await StartAsync([Answering("good")], "\"retries\":0");
        using var client = new Http2Client(gateway.Port);
        using HttpResponseMessage answer = await client.GetAsync("/");
        await CountedAsync(gateway, "upstreams/u", (1, 0, 1));
    }

    [Fact]
    public async Task SlowNode_HasALatencyOfThatSize()
    {
        await using GatewayUnderTest gateway = await StartAsync([Answering("good", delayMs: 50)], "\"retries\":0");
        await gateway.SendRawAsync(Get);
        uint[] latencies = await CountedAsync(gateway, "upstreams/u", (1, 0, 1));
        Array.FindIndex(latencies, static count => count > 0).ShouldBeGreaterThanOrEqualTo(LatencyBuckets.IndexOf(TimeSpan.FromMilliseconds(49)));
        gateway.Nodes[0].Latency.TryGetMs(NodeLatency.NowMs, out float knownMs).ShouldBeTrue("whatever the balancing type");
        knownMs.ShouldBeGreaterThanOrEqualTo(49);
    }

    [Theory]
    [InlineData("\"timeout\":{\"connect\":5,\"send\":5,\"read\":0.1}")]
    [InlineData("\"per_try_timeout\":0.1")]
    public async Task SilentNode_HasTakenItsTimeoutAtLeast(string timeout)
    {
        await using GatewayUnderTest gateway = await StartAsync([Silent()], "\"retries\":0," + timeout);
        (await gateway.SendRawAsync(Get)).ShouldStartWith("HTTP/1.1 504 ");
        uint[] latencies = await CountedAsync(gateway, "upstreams/u", (1, 1, 1));
        latencies[LatencyBuckets.IndexOf(TimeSpan.FromSeconds(0.1))].ShouldBe(1u);
    }

    [Fact]
    public async Task Retry_IsATryOfItsOwn_AndWhoDidNotAnswerHasNoLatency()
    {
        ScriptedNode gone = ScriptedNode.StartAnswering("");
        await gone.DisposeAsync();
        await using GatewayUnderTest gateway = await StartAsync([gone, Answering("good")], "\"retries\":1");
        for (int i = 0; i < 2; i++)
            (await gateway.SendRawAsync(Get)).ShouldStartWith("HTTP/1.1 200 "); // one of them begins with the node that is gone

        await CountedAsync(gateway, "upstreams/u", (3, 1, 2));
    }

    [Fact]
    public async Task Hedge_CountsTheTryThatAnswered()
    {
        await using GatewayUnderTest gateway = await StartAsync([Silent(), Answering("good")], WhenConnected);
        (await gateway.SendRawAsync(Get)).ShouldEndWith("good");
        await CountedAsync(gateway, "upstreams/u", (1, 0, 1));
    }

    private ScriptedNode Broken()
    {
        ScriptedNode node = ScriptedNode.Start(async peer =>
        {
            while (await peer.ReadHeadAsync() is not null)
                await peer.SendAsync("HTTP/1.1 500 Mine\r\nContent-Length: 0\r\n\r\n");
        });
        Nodes.Add(node);
        return node;
    }

    /// <summary>A client may have its answer before the try is counted. Returns the latencies by their buckets.</summary>
    private static async Task<uint[]> CountedAsync(GatewayUnderTest gateway, string owner, (uint Tries, uint Failures, uint Latencies) expected, string route = "r")
    {
        uint[] latencies = [];
        (uint, uint, uint) counted = default;
        await Eventually.HoldsAsync(
            () =>
            {
                uint[] numbers = new uint[RouteUpstreamTraffic.Numbers];
                gateway.Traffic(route).To(owner)!.ReadTo(numbers);
                (uint tries, uint failures) = RouteUpstreamTraffic.Parts(numbers, out ReadOnlySpan<uint> buckets);
                latencies = buckets.ToArray();
                counted = (tries, failures, (uint)latencies.Sum(static count => count));
                return tries >= expected.Tries;
            },
            $"{expected.Tries} tries at {owner}");
        counted.ShouldBe(expected);
        return latencies;
    }
}
