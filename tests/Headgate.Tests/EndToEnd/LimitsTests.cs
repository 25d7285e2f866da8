using System.Net;
using Headgate.Testing;

namespace Headgate.Tests.EndToEnd;

/// <summary>Limits and slow start of the built executable, as an operator sets and sees them.</summary>
[Collection(EndToEndCollection.Name)]
public sealed class LimitsTests
{
    [Fact]
    public async Task LimitQueueAndSlowStart_ActAndAreShown()
    {
        using var asked = new SemaphoreSlim(0);
        using var answers = new SemaphoreSlim(0);
        await using ScriptedNode first = ScriptedNode.Start(async peer =>
        {
            while (await peer.ReadHeadAsync() is not null)
            {
                asked.Release();
                await answers.WaitAsync(peer.Stopping);
                await peer.AnswerAsync("ok");
            }
        });
        await using ScriptedNode second = ScriptedNode.StartAnswering("b");
        await using GatewayProcess gateway = await GatewayProcess.StartAsync();
        string more = "\"max_requests\":1,\"queue\":{\"size\":1,\"timeout\":30},\"warm_up_conf\":{\"slow_start_time_seconds\":3600,\"min_weight_percent\":20}";
        await gateway.PutAsync("/upstreams/1", $"{{\"nodes\":{{\"127.0.0.1:{first.Port}\":1}},{more}}}");
        await gateway.PutAsync("/routes/1", """{"uri":"/*","upstream_id":"1"}""");
        await gateway.ServedAsync(2);
        using var client = new HttpClient();

        Task<HttpResponseMessage> atNode = client.GetAsync(new Uri(gateway.Http + "/"));
        await asked.WaitAsync(TestContext.Current.CancellationToken);
        Task<HttpResponseMessage> waits = client.GetAsync(new Uri(gateway.Http + "/"));
        await Eventually.HoldsAsync(async () => await gateway.MetricAsync("headgate_upstream_queue_requests{upstream=\"upstreams/1\"}") == 1, "it is seen waiting");
        using HttpResponseMessage refused = await client.GetAsync(new Uri(gateway.Http + "/"));
        refused.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        answers.Release(2);
        (await atNode).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await waits).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await gateway.MetricAsync("headgate_upstream_queue_requests_total{upstream=\"upstreams/1\",outcome=\"served\"}")).ShouldBe(1);
        (await gateway.MetricAsync("headgate_upstream_queue_requests_total{upstream=\"upstreams/1\",outcome=\"refused\"}")).ShouldBe(1);

        await gateway.PutAsync("/upstreams/1", $"{{\"nodes\":{{\"127.0.0.1:{first.Port}\":1,\"127.0.0.1:{second.Port}\":1}},{more}}}");
        await gateway.ServedAsync(3);
        (await gateway.MetricAsync($"headgate_upstream_node_share{{upstream=\"upstreams/1\",host=\"127.0.0.1\",port=\"{second.Port}\"}}")).ShouldBe(0.2);
        await Eventually.HoldsAsync(
            () => gateway.Process.Log.Contains($"Node 127.0.0.1:{second.Port} of upstreams/1 warms up: it takes 20 % of its requests now", StringComparison.Ordinal), "the log line");
    }
}
