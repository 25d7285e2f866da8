using System.Net.Http.Json;
using System.Text.Json;
using Headgate.Testing;

namespace Headgate.Tests.EndToEnd;

/// <summary>What the built executable tells of live traffic.</summary>
[Collection(EndToEndCollection.Name)]
public sealed class TrafficTests
{
    [Fact]
    public async Task Split_TellsRequestsFailuresAndLatenciesOfBothSides()
    {
        await using ScriptedNode old = ScriptedNode.StartAnswering("old");
        await using ScriptedNode slow = ScriptedNode.Start(static async peer =>
        {
            while (await peer.ReadHeadAsync() is not null)
            {
                await Task.Delay(30, peer.Stopping);
                await peer.SendAsync("HTTP/1.1 500 Mine\r\nContent-Length: 0\r\n\r\n");
            }
        });
        await using GatewayProcess gateway = await GatewayProcess.StartAsync();
        await gateway.PutAsync("/upstreams/old", $$"""{"nodes":{"127.0.0.1:{{old.Port}}":1} }""");
        await gateway.PutAsync("/upstreams/new", $$"""{"nodes":{"127.0.0.1:{{slow.Port}}":1} }""");
        await gateway.PutAsync("/routes/1", """
            {"uri":"/*","upstream_id":"old","plugins":{"traffic-split":{"rules":[{"weighted_upstreams":[{"upstream_id":"new","weight":1},{"weight":1}]}]}}}
            """);
        await gateway.ServedAsync();
        using var stop = new CancellationTokenSource();
        using var client = new HttpClient { BaseAddress = new Uri(gateway.Http) };
        Task traffic = Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
                (await client.GetAsync("/a", CancellationToken.None)).Dispose();
        });

        JsonElement[] sides = [];
        await Eventually.HoldsAsync(async () => (sides = await ListAsync(gateway, "?by=upstream&route=1")).Length == 2 && sides.All(static side => side.TryGetProperty("latency_ms", out _)), "both sides have figures");
        JsonElement route = (await ListAsync(gateway, "?by=route&route=1")).ShouldHaveSingleItem();
        await stop.CancelAsync();
        await traffic;

        JsonElement broken = sides.Single(static side => side.GetProperty("owner").GetString() == "upstreams/new");
        JsonElement good = sides.Single(static side => side.GetProperty("owner").GetString() == "upstreams/old");
        broken.GetProperty("failures_per_second").GetDouble().ShouldBe(broken.GetProperty("requests_per_second").GetDouble());
        good.GetProperty("failures_per_second").GetDouble().ShouldBe(0);
        broken.GetProperty("latency_ms").GetProperty("p50").GetDouble().ShouldBeGreaterThan(28);
        good.GetProperty("latency_ms").GetProperty("p50").GetDouble().ShouldBeLessThan(28);
        route.GetProperty("latency_ms").GetProperty("p99").GetDouble().ShouldBeGreaterThan(28);
    }

    private static async Task<JsonElement[]> ListAsync(GatewayProcess gateway, string query)
    {
        using var client = new HttpClient();
        client.DefaultRequestHeaders.Add("X-API-KEY", GatewayProcess.AdminKey);
        JsonElement answer = await client.GetFromJsonAsync<JsonElement>(new Uri(new Uri(gateway.Admin), "/api/gateway_groups/default/traffic" + query));
        return [.. answer.GetProperty("list").EnumerateArray()];
    }
}
