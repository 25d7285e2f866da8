using Headgate.Testing;

namespace Headgate.Tests.EndToEnd;

/// <summary>Shares and losses over many requests to real nodes.</summary>
[Collection(EndToEndCollection.Name)]
public sealed class BalancingTests
{
    private static readonly byte[] Get = KeptClient.Get("/file");

    [Fact]
    public async Task WeightedNodes_HundredThousandRequests_ExactSharesInTheAccessLogs()
    {
        await using NginxOrigin origin = await NginxOrigin.StartAsync(3);
        origin.Write("file", 100);
        await using GatewayProcess gateway = await GatewayProcess.StartAsync();
        await gateway.RouteAllToAsync(origin.Ports[0]);
        await gateway.PutAsync("/upstreams/1", $"{{\"nodes\":{{\"127.0.0.1:{origin.Ports[0]}\":5,\"127.0.0.1:{origin.Ports[1]}\":3,\"127.0.0.1:{origin.Ports[2]}\":2}}}}");
        await gateway.ServedAsync(3);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => AskAsync(gateway.HttpPort, 12_500, () => { })));
        (await origin.StopAndCountAsync()).ShouldBe([50_000, 30_000, 20_000]);
    }

    [Fact]
    public async Task NodeKilledUnderLoad_NoGetFails()
    {
        await using NginxOrigin origin = await NginxOrigin.StartAsync(3);
        origin.Write("file", 100);
        await using GatewayProcess gateway = await GatewayProcess.StartAsync();
        await gateway.RouteAllToAsync([.. origin.Ports]);
        int done = 0;
        Task[] clients = [.. Enumerable.Range(0, 8).Select(_ => AskAsync(gateway.HttpPort, 2_500, () => Interlocked.Increment(ref done)))];
        await Eventually.HoldsAsync(() => Volatile.Read(ref done) > 5_000 || clients.Any(c => c.IsFaulted), "traffic", 60);
        await origin.KillAsync(1);
        int atTheKill = Volatile.Read(ref done);
        await Task.WhenAll(clients);
        done.ShouldBe(20_000);
        atTheKill.ShouldBeLessThan(15_000, "the node was killed too late to show anything");
    }

    private static async Task AskAsync(int port, int count, Action answered)
    {
        // Off the test's own thread: otherwise all clients take turns on it.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        using KeptClient client = await KeptClient.ConnectAsync(port);
        for (int i = 0; i < count; i++)
        {
            (int status, ReadOnlyMemory<byte> body) = await client.AskAsync(Get);
            (status, body.Length).ShouldBe((200, 100));
            answered();
        }
    }
}
