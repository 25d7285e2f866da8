using System.Diagnostics;
using System.Globalization;
using Headgate.Testing;

namespace Headgate.Tests.EndToEnd.Soak;

/// <summary>
/// Everything at once, for minutes, on the built executable: traffic of all kinds at full load, edits, nodes that die and come back, clients that go away. Every byte of every body is compared;
/// no request fails that a gateway could have saved; and in the end nothing has grown.
/// HEADGATE_SOAK_MINUTES says for how long (2), HEADGATE_SEED with which random numbers.
/// </summary>
[Collection(EndToEndCollection.Name)]
public sealed class SoakTests(ITestOutputHelper output)
{
    private const double Mebibyte = 1 << 20;
    private const int MortalNodes = 4;
    private const int LinesShown = 10;

    /// <summary>Flows that send POSTs or long PUTs: 6 of uploads, 5 of .NET's client.</summary>
    private const long ClientsThatMayNotRepeat = 11;

    /// <summary>Flows whose answers are judged.</summary>
    private const long Clients = 33;

    /// <summary>Descriptors that the runtime may open as it goes.</summary>
    private const int DescriptorsOfItsOwn = 2;

    private static readonly TimeSpan SampleEvery = TimeSpan.FromSeconds(1);

    private static TimeSpan Duration => TimeSpan.FromMinutes(
        double.TryParse(Environment.GetEnvironmentVariable("HEADGATE_SOAK_MINUTES"), CultureInfo.InvariantCulture, out double minutes) ? minutes : 2);

    [Fact]
    [Trait("Category", "Long")]
    public async Task FullLoad_WithEditsDeathsAndAborts_EveryBodyIsRight_AndNothingGrows()
    {
        int seed = TestSeed.Value;
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"HEADGATE_SEED={seed}, {Duration.TotalMinutes:0.##} minutes"));
        using var folder = new CommandLine.TemporaryFolder();
        await using GatewayProcess gateway = await StartGatewayAsync(folder);
        using var stop = new CancellationTokenSource();
        var ledger = new DeathLedger();
        var run = new SoakRun(gateway, ledger, seed, stop.Token);
        SoakNode[] nodes = [.. Enumerable.Range(0, MortalNodes + 1).Select(_ => new SoakNode(ledger, run.NodeErrors))];
        try
        {
            var upstreams = new SoakUpstreams(nodes[0].Port, [.. nodes.Skip(1).Select(node => node.Port)]);
            using HttpClient admin = AdminLoad.Client(gateway, 2);
            await gateway.ServedAsync(await upstreams.CreateAsync(admin, new Random(seed)));
            ProcessSample idle = await IdleAsync(gateway, nodes, int.MaxValue);
            output.WriteLine("descriptors before: " + ProcessSample.DescriptorKinds(gateway.Process.Id));

            List<ProcessSample> samples = await LoadAsync(run, stop, nodes, admin, upstreams);
            Print(run, samples, await PageAsync(gateway));
            ProcessSample settled = await IdleAsync(gateway, nodes, idle.Descriptors + DescriptorsOfItsOwn);
            output.WriteLine("descriptors after: " + ProcessSample.DescriptorKinds(gateway.Process.Id));
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"descriptors: {idle.Descriptors} before, {settled.Descriptors} after; resident: {idle.ResidentBytes / Mebibyte:0} MiB before, {settled.ResidentBytes / Mebibyte:0} MiB after"));

            Judge(run, samples);
            (await gateway.StopAsync()).ShouldBe(0, gateway.Process.Log);
            LoggedErrors(gateway).ShouldBeEmpty();
        }
        finally
        {
            foreach (SoakNode node in nodes)
                await node.DisposeAsync();
        }
    }

    private static Task<GatewayProcess> StartGatewayAsync(CommandLine.TemporaryFolder folder)
    {
        using var certificates = new TestCertificates();
        (string certificate, string key) = certificates.IssuePem("127.0.0.1");
        return GatewayProcess.StartAsync($"  tls: {{cert: {folder.Write("cert.pem", certificate)}, key: {folder.Write("key.pem", key)}}}");
    }

    /// <summary>Runs everything for the time of the soak; returns what memory was meanwhile.</summary>
    private async Task<List<ProcessSample>> LoadAsync(SoakRun run, CancellationTokenSource stop, SoakNode[] nodes, HttpClient admin, SoakUpstreams upstreams)
    {
        using HttpClient clear = HttpClientFlow.Client(run.Gateway.Http);
        using HttpClient tls = HttpClientFlow.Client(run.Gateway.Https);
        int number = 0;
        SoakFlow[] flows =
        [
            .. Times(8, () => new GetFlow(run, "GET", ++number)),
            .. Times(2, () => new GetFlow(run, "GET, slow reader", ++number, receiveBuffer: 4096)),
            .. Times(2, () => new GetFlow(run, "GET, Connection: close", ++number, closeEvery: 1)),
            .. Times(3, () => new GetFlow(run, "GET, pipelined", ++number, depth: 16, closeEvery: 10)),
            .. Times(6, () => new UploadFlow(run, ++number)),
            .. Times(4, () => new WebSocketFlow(run, ++number)),
            .. Times(3, () => new AbortFlow(run, ++number)),
            .. Times(2, () => new HttpClientFlow(run, "HTTP/2", ++number, clear, new Version(2, 0))),
            .. Times(1, () => new HttpClientFlow(run, "HTTP/2 over TLS", ++number, tls, new Version(2, 0))),
            .. Times(2, () => new HttpClientFlow(run, "HTTP/1.1 over TLS", ++number, tls, new Version(1, 1))),
            new EditFlow(run, ++number, admin, upstreams),
            new DeathFlow(run, ++number, nodes[1..]),
        ];
        Task[] running = [.. flows.Select(flow => flow.RunAsync())];
        try
        {
            var samples = new List<ProcessSample>();
            long begin = Stopwatch.GetTimestamp();
            while (Stopwatch.GetElapsedTime(begin) < Duration && run.Tally.Failures.Count == 0 && run.NodeErrors.IsEmpty)
            {
                await Task.Delay(SampleEvery);
                samples.Add(ProcessSample.Of(run.Gateway.Process.Id));
            }

            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"ran for {Stopwatch.GetElapsedTime(begin).TotalSeconds:0} s"));
            return samples;
        }
        finally
        {
            await stop.CancelAsync();
            await Task.WhenAll(running);
            foreach (SoakFlow flow in flows)
                flow.Dispose();
        }
    }

    /// <summary>Waits until no client and no node is connected any more, and for a while until it has no more than <paramref name="descriptors"/> open.</summary>
    private static async Task<ProcessSample> IdleAsync(GatewayProcess gateway, SoakNode[] nodes, int descriptors)
    {
        await Eventually.HoldsAsync(async () => await gateway.MetricAsync("headgate_http_connections") == 0, "no client is connected", 30);
        await Eventually.HoldsAsync(async () => await gateway.MetricAsync("headgate_upstream_connections") == 0, "no node is connected", 30);
        await Eventually.HoldsAsync(() => nodes.Sum(node => node.Open) == 0, "nodes see no connection", 30);
        await Eventually.HoldsAsync(() => ProcessSample.Of(gateway.Process.Id).Descriptors <= descriptors, $"at most {descriptors} sockets, pipes and pollers", 30);
        return ProcessSample.Of(gateway.Process.Id);
    }

    private static void Judge(SoakRun run, List<ProcessSample> samples)
    {
        run.NodeErrors.Select(error => error.ToString()).ShouldBeEmpty();
        run.Tally.Failures.ShouldBeEmpty();
        run.Tally.Count("requests: GET").ShouldBeGreaterThan(1000);
        run.Ledger.Deaths.ShouldBeGreaterThan(5);
        ProcessSample.MedianOfFifth(samples, 5).ShouldBeLessThanOrEqualTo((ProcessSample.MedianOfFifth(samples, 2) * 1.2) + (20 * Mebibyte), "resident memory grows");

        // A death costs a client one request at most: each waits for its answer before it sends the next, or sends the next ones again.
        run.Tally.LostWithTheirNode.ShouldBeLessThanOrEqualTo(run.Ledger.Deaths * ClientsThatMayNotRepeat);
        run.Tally.BrokenWithTheirNode.ShouldBeLessThanOrEqualTo(run.Ledger.Deaths * Clients);
    }

    private void Print(SoakRun run, List<ProcessSample> samples, string page)
    {
        output.WriteLine(run.Tally.Report);
        output.WriteLine("resident memory, median of each fifth: "
            + string.Join(", ", Enumerable.Range(1, 5).Select(fifth => string.Create(CultureInfo.InvariantCulture, $"{ProcessSample.MedianOfFifth(samples, fifth) / Mebibyte:0} MiB"))));
        output.WriteLine(string.Join('\n', page.Split('\n').Where(line => line.StartsWith("headgate_", StringComparison.Ordinal) || line.StartsWith("process_cpu", StringComparison.Ordinal))));
        foreach (string error in LoggedErrors(run.Gateway).Take(LinesShown))
            output.WriteLine("LOGGED " + error);
        foreach (string failure in run.Tally.Failures)
            output.WriteLine("FAILED " + failure);
    }

    private static IEnumerable<string> LoggedErrors(GatewayProcess gateway) =>
        gateway.Process.Log.Split('\n').Where(line => line.Contains("Z fail: ", StringComparison.Ordinal) || line.Contains("Z crit: ", StringComparison.Ordinal));

    private static async Task<string> PageAsync(GatewayProcess gateway)
    {
        using var client = new HttpClient();
        return await client.GetStringAsync(new Uri(gateway.Metrics));
    }

    private static IEnumerable<SoakFlow> Times(int count, Func<SoakFlow> make) => [.. Enumerable.Range(0, count).Select(_ => make())];
}
