using System.Text.Json;
using Headgate.Testing;

namespace Headgate.Tests.EndToEnd;

/// <summary>What an edit would touch, with live traffic, and what was done, in the built executable.</summary>
[Collection(EndToEndCollection.Name)]
public sealed class BlastRadiusTests
{
    [Fact]
    public async Task DryRun_UnderTraffic_TellsTheRoutesRates()
    {
        await using ScriptedNode node = ScriptedNode.StartAnswering("a");
        await using GatewayProcess gateway = await GatewayProcess.StartAsync();
        await gateway.RouteAllToAsync(node.Port);
        await gateway.PutAsync("/routes/idle", """{"uri":"/idle","priority":9,"upstream_id":"1"}""");
        using var stop = new CancellationTokenSource();
        using var client = new HttpClient { BaseAddress = new Uri(gateway.Http) };
        Task traffic = Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
                (await client.GetAsync("/a", CancellationToken.None)).EnsureSuccessStatusCode();
        });

        JsonElement affected = default;
        await Eventually.HoldsAsync(
            async () =>
            {
                affected = JsonElement.Parse((await gateway.AdminAsync("PATCH", "/upstreams/1?dry-run=true", """{"retries":1}""")).Body).GetProperty("affected");
                return affected.GetProperty("requests_per_second") is { ValueKind: JsonValueKind.Number } rate && rate.GetDouble() > 1
                    && affected.GetProperty("list").EnumerateArray().All(static route => route.GetProperty("requests_per_second").ValueKind == JsonValueKind.Number);
            },
            "a rate");
        await stop.CancelAsync();
        await traffic;

        JsonElement[] routes = [.. affected.GetProperty("list").EnumerateArray()];
        routes.Select(static route => route.GetProperty("id").GetString()).ShouldBe(["1", "idle"], ignoreOrder: true);
        routes.Single(static route => route.GetProperty("id").GetString() == "idle").GetProperty("requests_per_second").GetDouble().ShouldBe(0);
        JsonElement upstream = JsonElement.Parse((await gateway.AdminAsync("GET", "/upstreams/1")).Body);
        upstream.GetProperty("value").TryGetProperty("retries", out _).ShouldBeFalse();
    }
}
