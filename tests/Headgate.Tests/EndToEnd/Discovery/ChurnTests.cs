using System.Diagnostics;
using System.Globalization;
using System.Net;
using Headgate.Testing;
using Headgate.Tests.EndToEnd.Soak;

namespace Headgate.Tests.EndToEnd.Discovery;

/// <summary>
/// The built executable over a registry whose services never stand still: no request fails, none goes where nothing is any more, memory stays. HEADGATE_CHURN_MINUTES says for how long the
/// long one runs (5).
/// </summary>
[Collection(EndToEndCollection.Name)]
public sealed class ChurnTests(ITestOutputHelper output)
{
    private const int Instances = 20;
    private const int ChangesPerSecond = 50;
    private const int Clients = 4;
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(20);

    // Idle connections to all instances at once would be more than the machine has descriptors for.
    private const string ShortPool = "\"keepalive_pool\":{\"size\":16,\"idle_timeout\":2,\"requests\":1000}";

    private int _asked;

    [Fact]
    public Task ManyChanges_NoRequestFails() => RunAsync(services: 50, TimeSpan.FromSeconds(4), judgesMemory: false);

    [Fact]
    [Trait("Category", "Long")]
    public Task ManyChanges_OfAThousandServices_NoRequestFails_AndMemoryStays() => RunAsync(
        services: 1000,
        TimeSpan.FromMinutes(double.TryParse(Environment.GetEnvironmentVariable("HEADGATE_CHURN_MINUTES"), CultureInfo.InvariantCulture, out double minutes) ? minutes : 5),
        judgesMemory: true);

    private async Task RunAsync(int services, TimeSpan duration, bool judgesMemory)
    {
        var random = new Random(TestSeed.Value);
        await using ChurningServices churning = await ChurningServices.StartAsync(services, Instances, random);
        await using GatewayProcess gateway = await GatewayProcess.StartAsync($"\ndiscovery:\n  consul: {{servers: ['{churning.Registry}']}}");
        using HttpClient admin = AdminLoad.Client(gateway, 8);
        await AdminLoad.PutAllAsync(admin, services, 8, static i => ($"upstreams/{i}", $$"""{"service_name":"s{{i - 1}}","discovery_type":"consul",{{ShortPool}} }"""));
        await AdminLoad.PutAllAsync(admin, services, 8, static i => ($"routes/{i}", $$"""{"uri":"/s{{i - 1}}","upstream_id":"{{i}}"}"""));
        for (int i = 0; i < services; i++)
            await ServesAsync(gateway, i);

        using var stop = new CancellationTokenSource();
        Task[] clients = [.. Enumerable.Range(0, Clients).Select(client => Task.Run(() => AskAsync(gateway, services, new Random(TestSeed.Value + client), stop.Token)))];
        TimeSpan quietCpu = judgesMemory ? await CpuOfAsync(gateway, Task.Delay(Quiet)) / Quiet.TotalSeconds : default;
        List<ProcessSample> samples = [];
        Task churn = churning.RunAsync(ChangesPerSecond, duration, TestContext.Current.CancellationToken);
        TimeSpan cpu = await CpuOfAsync(gateway, SampleUntilAsync(gateway, churn, samples, clients)) / duration.TotalSeconds;
        await churn;
        await stop.CancelAsync();
        await Task.WhenAll(clients);

        churning.LateRequests.ShouldBe(0);
        churning.Changes.ShouldBeGreaterThan((int)(duration.TotalSeconds * ChangesPerSecond / 2));
        _asked.ShouldBeGreaterThan(churning.Changes);
        if (judgesMemory)
            Judge(churning, samples, quietCpu, cpu);
    }

    private void Judge(ChurningServices churning, List<ProcessSample> samples, TimeSpan quietCpu, TimeSpan cpu)
    {
        double[] fifths = [.. Enumerable.Range(1, 5).Select(fifth => ProcessSample.MedianOfFifth(samples, fifth) / (1 << 20))];
        (double second, double last) = (fifths[1], fifths[4]);
        string memory = string.Join(", ", fifths.Select(static fifth => fifth.ToString("0", CultureInfo.InvariantCulture)));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{_asked} requests, {churning.Changes} changes; CPU of the gateway {quietCpu.TotalMilliseconds:0} ms a second before, {cpu.TotalMilliseconds:0} while services change; "
            + $"resident, median of each fifth: {memory} MiB"));
        last.ShouldBeLessThan((second * 1.15) + 16);
    }

    private async Task AskAsync(GatewayProcess gateway, int services, Random random, CancellationToken stop)
    {
        using KeptClient client = await KeptClient.ConnectAsync(gateway.HttpPort);
        while (!stop.IsCancellationRequested)
        {
            int service = random.Next(services);
            (await client.AskAsync(KeptClient.Get($"/s{service}"))).Status.ShouldBe(200, $"s{service}");
            Interlocked.Increment(ref _asked);
        }
    }

    private static async Task SampleUntilAsync(GatewayProcess gateway, Task churn, List<ProcessSample> samples, Task[] clients)
    {
        while (!churn.IsCompleted)
        {
            samples.Add(ProcessSample.Of(gateway.Process.Id));
            await Task.WhenAny([churn, Task.Delay(TimeSpan.FromSeconds(1)), .. clients]);
            foreach (Task failed in clients.Where(static client => client.IsFaulted))
                await failed;
        }
    }

    private static async Task<TimeSpan> CpuOfAsync(GatewayProcess gateway, Task meanwhile)
    {
        using Process process = Process.GetProcessById(gateway.Process.Id);
        TimeSpan before = process.TotalProcessorTime;
        await meanwhile;
        process.Refresh();
        return process.TotalProcessorTime - before;
    }

    private static async Task ServesAsync(GatewayProcess gateway, int service)
    {
        using KeptClient client = await KeptClient.ConnectAsync(gateway.HttpPort);
        await Eventually.HoldsAsync(async () => (await client.AskAsync(KeptClient.Get($"/s{service}"))).Status == (int)HttpStatusCode.OK, $"s{service} is served");
    }
}
