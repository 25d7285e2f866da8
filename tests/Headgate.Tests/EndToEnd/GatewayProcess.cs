using System.Globalization;
using System.Text.RegularExpressions;
using Headgate.Testing;

namespace Headgate.Tests.EndToEnd;

/// <summary>The built executable as a process of its own, with a <c>config.yaml</c> and its data in a temporary folder, on ports that were free.</summary>
internal sealed partial class GatewayProcess : IAsyncDisposable
{
    public const string AdminKey = "end-to-end-admin-key";

    private readonly bool _ownsFolder;
    private long _written;

    private GatewayProcess(string folder, bool ownsFolder, ChildProcess process)
    {
        Folder = folder;
        _ownsFolder = ownsFolder;
        Process = process;
    }

    /// <summary>The executable beside the tests' own output: what <c>./run</c> starts.</summary>
    public static string Executable { get; } = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "../../Headgate/release/headgate"));

    public ChildProcess Process { get; }

    /// <summary>Working folder; the data is in <c>data</c> below it.</summary>
    public string Folder { get; }

    public string Database => Path.Combine(Folder, "data", "headgate.db");

    /// <summary><c>http://127.0.0.1:PORT</c> of clear-text traffic.</summary>
    public string Http => Listener("HTTP");

    /// <summary>The same of HTTPS.</summary>
    public string Https => Listener("HTTPS");

    /// <summary>URL up to <c>/apisix/admin</c>.</summary>
    public string Admin => Listener("Admin API");

    public string Metrics => Listener("metrics");

    /// <summary>URL of the control API, up to the port.</summary>
    public string Control => new Uri(Listener("control API")).GetLeftPart(UriPartial.Authority);

    public int HttpPort => new Uri(Http).Port;

    /// <summary>Starts it and waits until it serves.</summary>
    /// <param name="headgate">A line below <c>headgate:</c>, indented by two.</param>
    /// <param name="folder">A folder to run in; null = a new one, deleted in the end.</param>
    /// <param name="more">Lines below <c>apisix:</c>, indented by two, and then whole sections, of which <c>deployment:</c> comes first.</param>
    public static async Task<GatewayProcess> StartAsync(string headgate = "", string? folder = null, string more = "deployment:")
    {
        GatewayProcess gateway = Launch(headgate, folder, more: more);
        try
        {
            await Eventually.HoldsAsync(() => gateway.Process.HasExited || gateway.Process.Log.Contains("  metrics  ", StringComparison.Ordinal), "the gateway's start", 60);
            if (gateway.Process.HasExited)
                throw new InvalidOperationException("the gateway ended: " + gateway.Process.Log);
            return gateway;
        }
        catch
        {
            await gateway.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts it and leaves it to the caller to look at what comes of it.</summary>
    public static GatewayProcess Launch(string headgate = "", string? folder = null, string? adminKey = AdminKey, string more = "deployment:")
    {
        string home = folder ?? Directory.CreateTempSubdirectory("headgate-run-").FullName;
        File.WriteAllText(Path.Combine(home, "config.yaml"), Config(headgate, adminKey, more));
        return new GatewayProcess(home, folder is null, ChildProcess.Start(Executable, "(none: build src/Headgate)", home, "run"));
    }

    /// <summary>SIGTERM; returns the exit code.</summary>
    public async Task<int> StopAsync()
    {
        Process.Signal("TERM");
        return await Process.WaitAsync();
    }

    /// <summary>Asks the Admin API with the admin's key through <c>curl</c>; what is in <paramref name="more"/> goes to it as well.</summary>
    public async Task<(int Status, string Body)> AdminAsync(string method, string path, string? body = null, params IReadOnlyList<string> more)
    {
        IReadOnlyList<string> data = body is null ? [] : ["-d", body];
        Tool curl = await Tool.CurlAsync(["-X", method, "-w", "\n%{http_code} %header{etag}", "-H", "X-API-KEY: " + AdminKey, Admin + path, .. data, .. more]);
        curl.ExitCode.ShouldBe(0, curl.Error);
        int split = curl.Output.LastIndexOf('\n');
        string[] end = curl.Output[(split + 1)..].Split(' ');
        if (long.TryParse(end[1].Trim('"'), CultureInfo.InvariantCulture, out long revision))
            _written = Math.Max(_written, revision);
        return (int.Parse(end[0], CultureInfo.InvariantCulture), curl.Output[..split]);
    }

    /// <summary>Writes an object; fails when it is refused.</summary>
    public async Task PutAsync(string path, string body)
    {
        (int status, string answer) = await AdminAsync("PUT", path, body);
        status.ShouldBeInRange(200, 201, answer);
    }

    /// <summary>An upstream with nodes on ports of 127.0.0.1, and one route with everything to it; both are served when this returns.</summary>
    public async Task RouteAllToAsync(params IReadOnlyList<int> ports)
    {
        await PutAsync("/upstreams/1", $"{{\"nodes\":{{{string.Join(',', ports.Select(p => $"\"127.0.0.1:{p}\":1"))}}}}}");
        await PutAsync("/routes/1", """{"uri":"/*","upstream_id":"1"}""");
        await ServedAsync();
    }

    /// <summary>Waits until traffic follows the latest object that was written through this class: the Admin API's answer does not wait for that.</summary>
    public Task ServedAsync()
    {
        _written.ShouldBeGreaterThan(0, "nothing was written");
        return FollowsAsync(_written);
    }

    /// <summary>Waits until traffic follows the first <paramref name="writes"/> writes of a store that was empty: its first revision is the first user.</summary>
    public Task ServedAsync(long writes) => FollowsAsync(writes + 1);

    private Task FollowsAsync(long revision) =>
        Eventually.HoldsAsync(async () => await MetricAsync("headgate_config_revision") >= revision, $"revision {revision} served", 30);

    /// <summary>A number of the metrics page.</summary>
    public async Task<double> MetricAsync(string name)
    {
        using var client = new HttpClient();
        return Metric(await client.GetStringAsync(new Uri(Metrics)), name);
    }

    /// <summary>The sample named <paramref name="name"/> (labels included) on a metrics page.</summary>
    public static double Metric(string page, string name)
    {
        string line = page.Split('\n').First(l => l.StartsWith(name + " ", StringComparison.Ordinal));
        return double.Parse(line.AsSpan(name.Length + 1), CultureInfo.InvariantCulture);
    }

    public async ValueTask DisposeAsync()
    {
        await Process.DisposeAsync();
        if (_ownsFolder)
            Directory.Delete(Folder, recursive: true);
    }

    private static string Config(string headgate, string? adminKey, string more) =>
        $$$"""
        apisix:
          node_listen: [{ip: 127.0.0.1, port: 0}]
          ssl: {listen: [{ip: 127.0.0.1, port: 0}]}
          control: {port: 0}
          status: {port: 0}
        {{{more}}}
          admin:
            admin_listen: {ip: 127.0.0.1, port: 0}
            admin_key: [{name: admin, key: '{{{adminKey}}}', role: admin}]
        plugin_attr:
          prometheus: {export_addr: {port: 0}}
        headgate:
          data: ./data
        {{{headgate}}}
        """;

    // The banner is what tells a user, and this test, which ports it got.
    private string Listener(string name)
    {
        Match line = ListenerLine().Matches(Process.Log).FirstOrDefault(m => m.Groups["name"].Value == name)
            ?? throw new InvalidOperationException($"no listener {name} in:\n{Process.Log}");
        return line.Groups["url"].Value;
    }

    [GeneratedRegex(@"^  (?<name>HTTPS|HTTP|Admin API|control API|status|metrics) +(?<url>https?://\S+)$", RegexOptions.Multiline)]
    private static partial Regex ListenerLine();
}
