using System.Net;
using System.Text.Json;
using Headgate.Testing;

namespace Headgate.Tests.EndToEnd;

/// <summary>Health checks of the built executable: nginx dies, and everybody who shows health says so.</summary>
[Collection(EndToEndCollection.Name)]
public sealed class HealthTests
{
    private const string Checks = """
        {"active":{"http_path":"/file","timeout":1,"healthy":{"interval":1,"successes":1},"unhealthy":{"interval":1,"tcp_failures":2}},"passive":{}}
        """;

    [Fact]
    public async Task NodeKilled_IsSeenByPicksControlApiMetricsAndLog()
    {
        await using NginxOrigin origin = await NginxOrigin.StartAsync(2);
        origin.Write("file", 100);
        await using GatewayProcess gateway = await GatewayProcess.StartAsync();
        await gateway.PutAsync("/upstreams/1", $"{{\"nodes\":{{\"127.0.0.1:{origin.Ports[0]}\":1,\"127.0.0.1:{origin.Ports[1]}\":1}},\"checks\":{Checks}}}");
        await gateway.PutAsync("/routes/1", """{"uri":"/*","upstream_id":"1"}""");
        await gateway.ServedAsync(2);
        using var client = new HttpClient();

        (await StatusAsync(client, gateway, origin.Ports[1])).ShouldBe("healthy");
        await origin.KillAsync(1);
        await Eventually.HoldsAsync(async () => await StatusAsync(client, gateway, origin.Ports[1]) == "unhealthy", "unhealthy at /v1/healthcheck", 30);

        string page = await client.GetStringAsync(new Uri(gateway.Metrics));
        GatewayProcess.Metric(page, Sample(origin.Ports[0])).ShouldBe(1);
        GatewayProcess.Metric(page, Sample(origin.Ports[1])).ShouldBe(0);
        GatewayProcess.Metric(page, "headgate_health_probes_total{result=\"tcp_failure\"}").ShouldBeGreaterThanOrEqualTo(2);
        string line = $"Node 127.0.0.1:{origin.Ports[1]} of upstreams/1 is unhealthy now, found by a probe: the connection was refused.";
        await Eventually.HoldsAsync(() => gateway.Process.Log.Contains(line, StringComparison.Ordinal), "the log line");

        // Picks follow the state, a moment later.
        await Eventually.HoldsAsync(
            async () =>
            {
                double refused = await gateway.MetricAsync(Refused);
                for (int i = 0; i < 20; i++)
                {
                    using HttpResponseMessage answer = await client.GetAsync(new Uri(gateway.Http + "/file"));
                    answer.StatusCode.ShouldBe(HttpStatusCode.OK);
                }

                return await gateway.MetricAsync(Refused) == refused;
            },
            "no try of the dead node");
    }

    private const string Refused = "headgate_upstream_tries_total{outcome=\"refused\"}";

    private static string Sample(int port) => $"headgate_upstream_node_healthy{{upstream=\"upstreams/1\",host=\"127.0.0.1\",port=\"{port}\"}}";

    private static async Task<string?> StatusAsync(HttpClient client, GatewayProcess gateway, int port)
    {
        string json = await client.GetStringAsync(new Uri(gateway.Control + "/v1/healthcheck/upstreams/1"));
        using var document = JsonDocument.Parse(json);
        return document.RootElement.GetProperty("nodes").EnumerateArray().Single(node => node.GetProperty("port").GetInt32() == port).GetProperty("status").GetString();
    }
}
