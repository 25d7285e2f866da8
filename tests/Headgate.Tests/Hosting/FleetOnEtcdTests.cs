using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Headgate.Testing;
using Headgate.Tests.CommandLine;

namespace Headgate.Tests.Hosting;

/// <summary>Two control planes and three data planes as processes on a real etcd: one is frozen, one is killed, and etcd goes away.</summary>
public sealed class FleetOnEtcdTests : IAsyncLifetime
{
    private const string Key = "admin-key-of-this-test";
    private const string Instances = "/api/gateway_groups/default/instances";

    private readonly List<TemporaryFolder> _folders = [];
    private readonly List<HeadgateProcess> _processes = [];
    private readonly HttpClient _client = new();
    private EtcdProcess? _etcd;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _client.DefaultRequestHeaders.Add("X-API-KEY", Key);
        _etcd = await EtcdProcess.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        foreach (HeadgateProcess process in _processes)
            await process.DisposeAsync();
        await _etcd!.DisposeAsync();
        _folders.ForEach(static folder => folder.Dispose());
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Fleet_FrozenInstance_KilledControlPlane_StoppedEtcd()
    {
        await using HeadgateNode node = await HeadgateNode.StartAsync();
        int[] ports = FreePorts(2);
        Uri[] planes = [.. ports.Select(static port => new Uri($"http://127.0.0.1:{port}"))];
        TemporaryFolder first = Folder();
        HeadgateProcess[] control = [Control(first, ports[0]), Control(Folder(), ports[1])];
        await Task.WhenAll(control.Select(static process => process.UrlAsync("Admin API")));
        string token = (await AskAsync(planes[0], HttpMethod.Post, "/api/gateway_groups/default/instance_tokens", HttpStatusCode.Created, """{"name":"a"}""")).GetProperty("value").GetProperty("token").GetString()!;
        HeadgateProcess[] data = [.. Enumerable.Range(1, 3).Select(number => Data($"gw-{number}", planes, token))];
        Uri[] traffic = await Task.WhenAll(data.Select(static process => process.UrlAsync("HTTP")));
        foreach (Uri plane in planes)
            await HasAllAsync(plane);
        JsonElement written = await PutAsync(planes[0], 1, node, HttpStatusCode.Created, waitMs: 20_000);
        written.GetProperty("convergence").GetProperty("text").GetString().ShouldBe("3 of 3");
        foreach (Uri gateway in traffic)
            (await StatusAsync(gateway, "/r1")).ShouldBe(HttpStatusCode.OK); // what the answer says is so

        await FrozenInstanceAsync(planes[0], node, control[0], data[2]);
        await KilledControlPlaneAsync(planes, node, control[0], () => Control(first, ports[0]), traffic);
        await StoppedEtcdAsync(planes[1], node, control[1], traffic);
    }

    private async Task FrozenInstanceAsync(Uri plane, HeadgateNode node, HeadgateProcess control, HeadgateProcess frozen)
    {
        frozen.Signal("STOP");
        JsonElement written = (await PutAsync(plane, 2, node, HttpStatusCode.Accepted, waitMs: 500)).GetProperty("convergence");
        long revision = written.GetProperty("revision").GetInt64();
        written.GetProperty("text").GetString()!.ShouldStartWith("2 of 3, gw-3 at revision ");
        JsonElement[] instances = [.. written.GetProperty("instances").EnumerateArray()];
        instances.Select(static one => one.GetProperty("runs_it").GetBoolean()).ShouldBe([true, true, false]);
        instances[2].GetProperty("revision").GetInt64().ShouldBeLessThan(revision);
        await control.LineAsync(static line => line.Contains("Instance gw-3 of gateway group default is out_of_sync: it runs revision ", StringComparison.Ordinal));
        (await AskAsync(plane, HttpMethod.Get, Instances + "/gw-3")).GetProperty("value").GetProperty("status").GetString().ShouldBe("out_of_sync");

        frozen.Signal("CONT");
        await Eventually.HoldsAsync(async () => (await ConvergenceAsync(plane)) == "3 of 3", "the thawed instance follows without a new write");
        await control.LineAsync(static line => line.Contains("Instance gw-3 of gateway group default is healthy again, at revision ", StringComparison.Ordinal));
    }

    private async Task KilledControlPlaneAsync(Uri[] planes, HeadgateNode node, HeadgateProcess killed, Func<HeadgateProcess> again, Uri[] traffic)
    {
        killed.Signal("KILL");
        await killed.ExitAsync();
        foreach (Uri gateway in traffic)
            (await StatusAsync(gateway, "/r1")).ShouldBe(HttpStatusCode.OK);
        (await PutAsync(planes[1], 3, node, HttpStatusCode.Created, waitMs: 20_000)).GetProperty("convergence").GetProperty("text").GetString().ShouldBe("3 of 3");
        HeadgateProcess restarted = again();
        await restarted.UrlAsync("Admin API");
        await HasAllAsync(planes[0]);
        (await ConvergenceAsync(planes[0])).ShouldBe("3 of 3");
        restarted.Output.ShouldNotContain("lost_connection"); // nobody had the time to come before
        restarted.Terminate();
        await restarted.ExitAsync();
    }

    private async Task StoppedEtcdAsync(Uri plane, HeadgateNode node, HeadgateProcess control, Uri[] traffic)
    {
        await _etcd!.KillAsync(0);
        await Task.WhenAll(Enumerable.Range(1, 3).Select(number => control.LineAsync(line => line.Contains($"Instance gw-{number} of gateway group default is out_of_sync: it cannot follow its store since", StringComparison.Ordinal))));
        foreach (Uri gateway in traffic)
            (await StatusAsync(gateway, "/r1")).ShouldBe(HttpStatusCode.OK);
        JsonElement[] instances = [.. (await AskAsync(plane, HttpMethod.Get, Instances)).GetProperty("list").EnumerateArray()];
        instances.Length.ShouldBe(3);
        foreach (JsonElement instance in instances)
        {
            (instance.GetProperty("status").GetString(), instance.GetProperty("connected").GetBoolean()).ShouldBe(("out_of_sync", true));
            instance.GetProperty("store_lost_reason").GetString().ShouldNotBeNullOrEmpty();
            instance.GetProperty("store_lost_time").GetInt64().ShouldBeGreaterThan(0);
        }

        _etcd.Restart(0);
        await Eventually.HoldsAsync(
            async () => (await _client.SendAsync(Request(plane, HttpMethod.Put, "/apisix/admin/routes/4", Route(4, node)), Token)).IsSuccessStatusCode, "the control plane writes again", 60);
        await Eventually.HoldsAsync(
            async () => (await AskAsync(plane, HttpMethod.Get, Instances)).GetProperty("list").EnumerateArray().All(static one => one.GetProperty("status").GetString() == "healthy"), "all are healthy", 60);
        (await ConvergenceAsync(plane)).ShouldBe("3 of 3");
        foreach (Uri gateway in traffic)
            (await StatusAsync(gateway, "/r4")).ShouldBe(HttpStatusCode.OK);
    }

    private async Task<string> ConvergenceAsync(Uri plane) => (await AskAsync(plane, HttpMethod.Get, "/api/gateway_groups/default/convergence")).GetProperty("text").GetString()!;

    private async Task HasAllAsync(Uri plane) => await Eventually.HoldsAsync(
        async () => (await AskAsync(plane, HttpMethod.Get, Instances)).GetProperty("list").EnumerateArray().Count(static one => one.GetProperty("connected").GetBoolean() && one.GetProperty("revision").GetInt64() >= 0) == 3,
        $"all instances are on {plane}");

    private async Task<HttpStatusCode> StatusAsync(Uri gateway, string path)
    {
        using HttpResponseMessage answer = await _client.GetAsync(new Uri(gateway, path), Token);
        return answer.StatusCode;
    }

    private static string Route(int number, HeadgateNode node) => $"{{\"uri\":\"/r{number}\",\"upstream\":{{\"nodes\":{node.Json}}}}}";

    private Task<JsonElement> PutAsync(Uri plane, int number, HeadgateNode node, HttpStatusCode status, int waitMs) =>
        AskAsync(plane, HttpMethod.Put, string.Create(CultureInfo.InvariantCulture, $"/apisix/admin/routes/{number}?wait={waitMs}"), status, Route(number, node));

    private async Task<JsonElement> AskAsync(Uri plane, HttpMethod method, string path, HttpStatusCode status = HttpStatusCode.OK, string? body = null)
    {
        using HttpResponseMessage answer = await _client.SendAsync(Request(plane, method, path, body), Token);
        string text = await answer.Content.ReadAsStringAsync(Token);
        answer.StatusCode.ShouldBe(status, text);
        return JsonElement.Parse(text);
    }

    private static HttpRequestMessage Request(Uri plane, HttpMethod method, string path, string? body) =>
        new(method, new Uri(plane, path)) { Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json") };

    private HeadgateProcess Control(TemporaryFolder folder, int port) => Start(
        folder, "control_plane",
        ("HEADGATE_DEPLOYMENT__ADMIN__ADMIN_LISTEN__PORT", port.ToString(CultureInfo.InvariantCulture)), ("HEADGATE_DEPLOYMENT__ADMIN__ADMIN_KEY", $"[{{name: admin, key: {Key}, role: admin}}]"));

    private HeadgateProcess Data(string id, Uri[] planes, string token) => Start(
        Folder(), "data_plane", ("HEADGATE_APISIX__ID", id), ("HEADGATE_HEADGATE__CONTROL_PLANE__TOKEN", token),
        ("HEADGATE_HEADGATE__CONTROL_PLANE__ADDRESSES", $"['{string.Join("', '", planes.Select(static plane => plane.GetLeftPart(UriPartial.Authority)))}']"));

    private HeadgateProcess Start(TemporaryFolder folder, string role, params (string Name, string Value)[] more)
    {
        (string Name, string Value)[] environment = [.. HeadgateProcess.FreePorts, ("HEADGATE_DEPLOYMENT__ROLE", role), ("HEADGATE_DEPLOYMENT__ETCD__HOST", $"['{_etcd!.Endpoints[0].OriginalString}']"), .. more];
        var process = new HeadgateProcess(folder.Path, ["run"], environment);
        _processes.Add(process);
        return process;
    }

    private TemporaryFolder Folder()
    {
        var folder = new TemporaryFolder();
        _folders.Add(folder);
        return folder;
    }

    private static int[] FreePorts(int count)
    {
        Socket[] probes = [.. Enumerable.Range(0, count).Select(static _ => new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp))];
        foreach (Socket probe in probes)
            probe.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        int[] ports = [.. probes.Select(static probe => ((IPEndPoint)probe.LocalEndPoint!).Port)];
        foreach (Socket probe in probes)
            probe.Dispose();
        return ports;
    }
}
