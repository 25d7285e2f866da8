using Headgate.Testing;

namespace Headgate.Tests.EndToEnd;

/// <summary>The metrics page as Prometheus itself reads it.</summary>
[Collection(EndToEndCollection.Name)]
public sealed class PrometheusTests
{
    [Fact]
    public async Task Prometheus_Scrapes_AndAnswersTheQueriesOfApisixDashboards()
    {
        await using ScriptedNode node = ScriptedNode.StartAnswering("hello");
        await using GatewayProcess gateway = await GatewayProcess.StartAsync("  metrics: {label_sets_max: 100}");
        await gateway.RouteAllToAsync(node.Port);
        await gateway.PutAsync("/routes/2", """{"uri":"/shop/*","name":"shop","upstream_id":"1","plugins":{"prometheus":{"prefer_name":true}}}""");
        await gateway.ServedAsync(3);
        using KeptClient client = await KeptClient.ConnectAsync(gateway.HttpPort);
        for (int i = 0; i < 20; i++)
            (await client.AskAsync(KeptClient.Get($"/shop/{i}"))).Status.ShouldBe(200);
        (await client.AskAsync(KeptClient.Get("/other"))).Status.ShouldBe(200);

        await using PrometheusServer prometheus = await PrometheusServer.StartAsync(gateway.Metrics);
        await ShouldBeAsync(prometheus, """sum(apisix_http_status{code="200",route="shop",matched_uri="/shop/*",matched_host="",service="",consumer="",node="127.0.0.1"}) by (code)""", 20);
        await ShouldBeAsync(prometheus, """sum(apisix_http_latency_count{type="request"})""", 20);
        await ShouldBeAsync(prometheus, """count(apisix_http_latency_bucket{type="upstream",le="+Inf"} == 20)""", 1);
        await ShouldBeAsync(prometheus, "sum(apisix_http_requests_total)", 21);
        await ShouldBeAsync(prometheus, """apisix_nginx_http_current_connections{state="active"}""", 1);
        await ShouldBeAsync(prometheus, """apisix_etcd_modify_indexes{key="max_modify_index"} >= 3 < bool 1000""", 1);
        await ShouldBeAsync(prometheus, "count(apisix_node_info) * sum(apisix_etcd_reachable)", 1);
        await ShouldBeAsync(prometheus, """sum(headgate_upstream_node_tries_total{upstream="upstreams/1",outcome="answered"})""", 20);
        await ShouldBeAsync(prometheus, "sum(headgate_upstream_node_answer_seconds_count)", 20);
        await Eventually.HoldsAsync(
            async () => await prometheus.QueryAsync("""histogram_quantile(0.99, sum(apisix_http_latency_bucket{type="request",route="shop"}) by (le)) < 60000""") is [> 0], "a quantile");
        await Eventually.HoldsAsync(async () => await prometheus.QueryAsync("""sum(apisix_bandwidth{type="egress",route="shop"}) > 20 * 5""") is [> 0], "bytes");
    }

    private static Task ShouldBeAsync(PrometheusServer prometheus, string query, double value) =>
        Eventually.HoldsAsync(async () => await prometheus.QueryAsync(query) is [var seen] && seen == value, $"{query} is {value}");
}
