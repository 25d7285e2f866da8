using System.Net;
using Headgate.Testing;

namespace Headgate.Tests.EndToEnd;

/// <summary>Retries of the built executable: nginx dies under load and nobody notices, and what was done is in the metrics.</summary>
[Collection(EndToEndCollection.Name)]
public sealed class RetryTests
{
    [Fact]
    public async Task HeaviestNodeKilled_UnderLoad_NoGetFails()
    {
        await using NginxOrigin origin = await NginxOrigin.StartAsync(3);
        origin.Write("file", 20_000);
        await using GatewayProcess gateway = await GatewayProcess.StartAsync();
        await gateway.PutAsync("/upstreams/1", $"{{\"nodes\":{{\"127.0.0.1:{origin.Ports[0]}\":8,\"127.0.0.1:{origin.Ports[1]}\":1,\"127.0.0.1:{origin.Ports[2]}\":1}},\"circuit_breaker\":{{}}}}");
        await gateway.PutAsync("/routes/1", """{"uri":"/*","upstream_id":"1"}""");
        await gateway.ServedAsync(2);

        using var client = new HttpClient();
        using var stop = new CancellationTokenSource();
        int answered = 0;
        Task<int>[] clients = [.. Enumerable.Range(0, 16).Select(_ => Task.Run(AskAsync))];
        await Eventually.HoldsAsync(() => Volatile.Read(ref answered) > 1000, "load");
        await origin.KillAsync(0);
        int before = Volatile.Read(ref answered);
        await Eventually.HoldsAsync(() => Volatile.Read(ref answered) > before + 1000, "load without it", 30);
        await stop.CancelAsync();
        (await Task.WhenAll(clients)).Sum().ShouldBe(0);

        string page = await client.GetStringAsync(new Uri(gateway.Metrics));
        GatewayProcess.Metric(page, "headgate_upstream_retries_total").ShouldBeGreaterThan(0);
        GatewayProcess.Metric(page, "headgate_upstream_retries_refused_total").ShouldBe(0);
        GatewayProcess.Metric(page, "headgate_upstream_circuit_state{upstream=\"upstreams/1\"}").ShouldBe(0);
        GatewayProcess.Metric(page, "headgate_upstream_circuit_refused_total").ShouldBe(0);

        async Task<int> AskAsync()
        {
            int failed = 0;
            while (!stop.IsCancellationRequested)
            {
                using HttpResponseMessage answer = await client.GetAsync(new Uri(gateway.Http + "/file"));
                failed += answer.StatusCode == HttpStatusCode.OK ? 0 : 1;
                Interlocked.Increment(ref answered);
            }

            return failed;
        }
    }
}
