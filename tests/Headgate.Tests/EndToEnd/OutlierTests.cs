using System.Net;
using Headgate.Testing;

namespace Headgate.Tests.EndToEnd;

/// <summary>Outlier detection of the built executable, without checks: one of two nodes answers 500, and everybody who shows it says so.</summary>
[Collection(EndToEndCollection.Name)]
public sealed class OutlierTests
{
    [Fact]
    public async Task NodeThatFails_IsSeenByPicksMetricsAndLog()
    {
        await using ScriptedNode good = ScriptedNode.StartAnswering("good");
        await using ScriptedNode bad = ScriptedNode.Start(async peer =>
        {
            while (await peer.ReadHeadAsync() is not null)
                await peer.SendAsync("HTTP/1.1 500 -\r\nContent-Length: 0\r\n\r\n");
        });
        await using GatewayProcess gateway = await GatewayProcess.StartAsync();
        await gateway.PutAsync(
            "/upstreams/1",
            $"{{\"nodes\":{{\"127.0.0.1:{good.Port}\":1,\"127.0.0.1:{bad.Port}\":1}},\"outlier_detection\":{{\"consecutive_5xx\":5}},\"panic_threshold\":51}}");
        await gateway.PutAsync("/routes/1", """{"uri":"/*","upstream_id":"1"}""");
        await gateway.ServedAsync(2);
        using var client = new HttpClient();
        (await gateway.MetricAsync(Sample("headgate_upstream_node_ejected", bad.Port))).ShouldBe(0);

        for (int i = 0; i < 10; i++)
            (await client.GetAsync(new Uri(gateway.Http + "/file"))).Dispose();

        await Eventually.HoldsAsync(async () => await gateway.MetricAsync(Sample("headgate_upstream_node_ejected", bad.Port)) == 1, "the ejection in the metrics", 30);
        string page = await client.GetStringAsync(new Uri(gateway.Metrics));
        GatewayProcess.Metric(page, Sample("headgate_upstream_node_ejected", good.Port)).ShouldBe(0);
        GatewayProcess.Metric(page, "headgate_outlier_ejections_total{reason=\"consecutive_5xx\"}").ShouldBe(1);
        GatewayProcess.Metric(page, "headgate_outlier_ejections_refused_total").ShouldBe(0);
        string line = $"Node 127.0.0.1:{bad.Port} of upstreams/1 is ejected as an outlier (Consecutive5xx): 5 failures in a row; out for 30 s.";
        await Eventually.HoldsAsync(() => gateway.Process.Log.Contains(line, StringComparison.Ordinal), "the log line");

        // One of two is less than 51 %: that is panic, and both are used. At 50 % the good one is used alone.
        await Eventually.HoldsAsync(async () => await gateway.MetricAsync("headgate_upstream_panic{upstream=\"upstreams/1\"}") == 1, "panic in the metrics");
        await gateway.PutAsync(
            "/upstreams/1",
            $"{{\"nodes\":{{\"127.0.0.1:{good.Port}\":1,\"127.0.0.1:{bad.Port}\":1}},\"outlier_detection\":{{\"consecutive_5xx\":5}},\"panic_threshold\":50}}");
        await gateway.ServedAsync(3);
        for (int i = 0; i < 10; i++)
        {
            using HttpResponseMessage answer = await client.GetAsync(new Uri(gateway.Http + "/file"));
            answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        }
    }

    private static string Sample(string metric, int port) => $"{metric}{{upstream=\"upstreams/1\",host=\"127.0.0.1\",port=\"{port}\"}}";
}
