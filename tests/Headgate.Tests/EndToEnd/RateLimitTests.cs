using Headgate.Testing;

namespace Headgate.Tests.EndToEnd;

[Collection(EndToEndCollection.Name)]
public sealed class RateLimitTests
{
    [Fact]
    public async Task Refused_IsCountedInTheMetricsForItsUpstream()
    {
        await using ScriptedNode node = ScriptedNode.StartAnswering("a");
        await using GatewayProcess gateway = await GatewayProcess.StartAsync();
        await gateway.RouteAllToAsync(node.Port);
        await gateway.PutAsync("/upstreams/2", $"{{\"nodes\":{{\"127.0.0.1:{node.Port}\":1}},\"rate_limit\":{{\"rate\":0.01,\"rejected_code\":429}}}}");
        await gateway.PutAsync("/routes/2", """{"uri":"/limited","upstream_id":"2"}""");
        await gateway.ServedAsync(4);
        using KeptClient client = await KeptClient.ConnectAsync(gateway.HttpPort);

        (await client.AskAsync(KeptClient.Get("/limited"))).Status.ShouldBe(200);
        for (int i = 0; i < 3; i++)
            (await client.AskAsync(KeptClient.Get("/limited"))).Status.ShouldBe(429);
        (await client.AskAsync(KeptClient.Get("/other"))).Status.ShouldBe(200);

        (await gateway.MetricAsync("headgate_upstream_rejected_requests_total{upstream=\"upstreams/2\"}")).ShouldBe(3);
    }
}
