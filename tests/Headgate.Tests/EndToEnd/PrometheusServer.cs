using System.Globalization;
using System.Text.Json;
using Headgate.Testing;

namespace Headgate.Tests.EndToEnd;

/// <summary>Debian's Prometheus, which scrapes one page every 200 ms, with its data in a temporary folder.</summary>
internal sealed class PrometheusServer : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("headgate-prometheus-");
    private readonly FreePorts _port = new(1);
    private readonly HttpClient _client = new();
    private readonly ChildProcess _process;

    private PrometheusServer(Uri page)
    {
        string config = Path.Combine(_folder.FullName, "prometheus.yml");
        File.WriteAllText(config, $"""
            global: {"{"}scrape_interval: 200ms, scrape_timeout: 200ms{"}"}
            scrape_configs:
              - job_name: headgate
                metrics_path: {page.AbsolutePath}
                static_configs: [{"{"}targets: ['{page.Authority}']{"}"}]
            """);
        _process = ChildProcess.Start(
            "prometheus", "prometheus", _folder.FullName, $"--config.file={config}", $"--storage.tsdb.path={_folder.FullName}/data", $"--web.listen-address={Address}");
    }

    private string Address => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{_port.Ports[0]}");

    public static async Task<PrometheusServer> StartAsync(string page)
    {
        var server = new PrometheusServer(new Uri(page));
        await Eventually.HoldsAsync(
            () => server._process.HasExited ? throw new InvalidOperationException(server._process.Log) : FreePorts.AcceptsAsync(server._port.Ports[0]), "prometheus listens", 60);
        return server;
    }

    /// <summary>Values of an instant query, by nothing but their order; empty = no series.</summary>
    public async Task<double[]> QueryAsync(string query)
    {
        using HttpResponseMessage answer = await _client.GetAsync(new Uri($"http://{Address}/api/v1/query?query={Uri.EscapeDataString(query)}"));
        if (!answer.IsSuccessStatusCode)
            return []; // it still reads its data
        using JsonDocument document = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        return [.. document.RootElement.GetProperty("data").GetProperty("result").EnumerateArray().Select(series => double.Parse(series.GetProperty("value")[1].GetString()!, CultureInfo.InvariantCulture))];
    }

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _client.Dispose();
        _port.Dispose();
        _folder.Delete(recursive: true);
    }
}
