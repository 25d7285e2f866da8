using System.Net;
using Headgate.Testing;

namespace Headgate.Tests.EndToEnd;

/// <summary>Retries of the built executable: nginx dies or is restarted under load and nobody notices, and what was done is in the metrics.</summary>
[Collection(EndToEndCollection.Name)]
public sealed class RetryTests
{
    [Fact]
    public async Task HeaviestNodeKilled_UnderLoad_NoGetFails()
    {
        await using NginxOrigin origin = await NginxOrigin.StartAsync(3);
        await using GatewayProcess gateway = await StartAsync(origin, [8, 1, 1], ",\"circuit_breaker\":{}");

        (await LoadAsync(gateway, async answered =>
        {
            await origin.KillAsync(0);
            await answered(1000);
        })).ShouldBe(0);

        using var client = new HttpClient();
        string page = await client.GetStringAsync(new Uri(gateway.Metrics));
        GatewayProcess.Metric(page, "headgate_upstream_retries_total").ShouldBeGreaterThan(0);
        GatewayProcess.Metric(page, "headgate_upstream_retries_refused_total").ShouldBe(0);
        GatewayProcess.Metric(page, "headgate_upstream_circuit_state{upstream=\"upstreams/1\"}").ShouldBe(0);
        GatewayProcess.Metric(page, "headgate_upstream_circuit_refused_total").ShouldBe(0);
    }

    [Fact]
    public async Task AllNodesRestarted_OneAfterTheOther_UnderLoad_NoGetFails()
    {
        await using NginxOrigin origin = await NginxOrigin.StartAsync(3);
        await using GatewayProcess gateway = await StartAsync(origin, [1, 1, 1], "");

        (await LoadAsync(gateway, async answered =>
        {
            for (int node = 0; node < 3; node++)
            {
                await origin.RestartAsync(node);
                await answered(300);
            }
        })).ShouldBe(0);

        (await origin.StopAndCountAsync()).ShouldAllBe(answers => answers > 300);
    }

    private static async Task<GatewayProcess> StartAsync(NginxOrigin origin, int[] weights, string more)
    {
        origin.Write("file", 20_000);
        GatewayProcess gateway = await GatewayProcess.StartAsync();
        string nodes = string.Join(',', origin.Ports.Zip(weights, (port, weight) => $"\"127.0.0.1:{port}\":{weight}"));
        await gateway.PutAsync("/upstreams/1", $"{{\"nodes\":{{{nodes}}}{more}}}");
        await gateway.PutAsync("/routes/1", """{"uri":"/*","upstream_id":"1"}""");
        await gateway.ServedAsync(2);
        return gateway;
    }

    /// <summary>
    /// Sixteen clients ask while <paramref name="happens"/> happens, which may wait for so many further answers; returns how many were not 200. An answer that is cut off throws.
    /// </summary>
    private static async Task<int> LoadAsync(GatewayProcess gateway, Func<Func<int, Task>, Task> happens)
    {
        using var client = new HttpClient();
        using var stop = new CancellationTokenSource();
        int answered = 0;
        Task<int>[] clients = [.. Enumerable.Range(0, 16).Select(_ => Task.Run(AskAsync))];
        await AnsweredAsync(1000);
        await happens(AnsweredAsync);
        await stop.CancelAsync();
        return (await Task.WhenAll(clients)).Sum();

        Task AnsweredAsync(int further)
        {
            int until = Volatile.Read(ref answered) + further;
            return Eventually.HoldsAsync(() => Volatile.Read(ref answered) >= until || clients.Any(task => task.IsFaulted), "load", 30);
        }

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
