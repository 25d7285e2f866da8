using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Headgate.Testing;

namespace Headgate.Differential.Peers;

/// <summary>
/// The built executable with its embedded store in a temporary folder, on free ports, and one route, <c>/*</c>, to one node. HEADGATE_HEADGATE__TRANSPORT
/// chooses the transport.
/// </summary>
internal sealed partial class HeadgateServer : IAsyncDisposable
{
    private const string AdminKey = "differential-admin-key";

    private const string Config =
        $$$"""
        apisix:
          node_listen: [{ip: 127.0.0.1, port: 0}]
          ssl: {listen: [{ip: 127.0.0.1, port: 0}]}
          control: {port: 0}
          status: {port: 0}
        deployment:
          admin:
            admin_listen: {ip: 127.0.0.1, port: 0}
            admin_key: [{name: admin, key: '{{{AdminKey}}}', role: admin}]
        plugin_attr:
          prometheus: {export_addr: {port: 0}}
        headgate:
          data: ./data
        """;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("headgate-fuzz-");
    private readonly ChildProcess _process;

    private HeadgateServer()
    {
        File.WriteAllText(Path.Combine(_folder.FullName, "config.yaml"), Config);
        _process = ChildProcess.Start(Executable, "(none: build src/Headgate)", _folder.FullName, "run");
    }

    /// <summary>What <c>./run</c> starts, beside the output of this tool or of the tests.</summary>
    public static string Executable { get; } = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "../../Headgate/release/headgate"));

    /// <summary>Where it takes traffic.</summary>
    public IPEndPoint EndPoint => new(IPAddress.Loopback, Listener("HTTP").Port);

    /// <summary>The process's id.</summary>
    public int ProcessId => _process.Id;

    /// <summary>Whether the process has ended.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>What it has logged.</summary>
    public string Log => _process.Log;

    /// <summary>Starts it; returns when it serves the route to <paramref name="nodePort"/>.</summary>
    /// <param name="nodePort">The node's port on 127.0.0.1.</param>
    /// <param name="upstream">Further members of the upstream, each with a comma before it.</param>
    public static async Task<HeadgateServer> StartAsync(int nodePort, string upstream = "")
    {
        var server = new HeadgateServer();
        try
        {
            await Eventually.HoldsAsync(() => server.HasExited || server.Log.Contains("  metrics  ", StringComparison.Ordinal), "the gateway's start", 60);
            if (server.HasExited)
                throw new InvalidOperationException("the gateway ended: " + server.Log);
            await server.PutAsync("upstreams/1", $$"""{"nodes":{"127.0.0.1:{{nodePort}}":1},"retries":0{{upstream}}}""");
            await server.PutAsync("routes/1", """{"uri":"/*","upstream_id":"1"}""");
            await Eventually.HoldsAsync(async () => await server.MetricAsync("headgate_config_revision") >= 2, "upstream and route are served");
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>A number of the metrics page; the sum of its samples when it has labels.</summary>
    public async Task<double> MetricAsync(string name) => (await MetricsAsync(name))[0];

    /// <summary>Several numbers of one metrics page, in the order of <paramref name="names"/>.</summary>
    public async Task<double[]> MetricsAsync(params string[] names)
    {
        using var client = new HttpClient();
        string[] lines = (await client.GetStringAsync(Listener("metrics"))).Split('\n');
        return [.. names.Select(name => lines.Where(line => line.StartsWith(name + " ", StringComparison.Ordinal) || line.StartsWith(name + "{", StringComparison.Ordinal))
            .Sum(line => double.Parse(line.AsSpan(line.LastIndexOf(' ') + 1), CultureInfo.InvariantCulture)))];
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private async Task PutAsync(string path, string json)
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Put, new Uri($"{Listener("Admin API")}/{path}"));
        request.Headers.Add("X-API-KEY", AdminKey);
        request.Content = new StringContent(json, Encoding.UTF8, "application/json");
        using HttpResponseMessage answer = await client.SendAsync(request);
        answer.EnsureSuccessStatusCode();
    }

    private Uri Listener(string name) => new(ListenerLine().Matches(Log).First(line => line.Groups["name"].Value == name).Groups["url"].Value);

    [GeneratedRegex(@"^  (?<name>HTTPS|HTTP|Admin API|metrics) +(?<url>https?://\S+)$", RegexOptions.Multiline)]
    private static partial Regex ListenerLine();
}
