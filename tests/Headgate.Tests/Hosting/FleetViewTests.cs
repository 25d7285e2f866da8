using System.Text;
using System.Text.Json;
using Headgate.Testing;
using Headgate.Tests.CommandLine;

namespace Headgate.Tests.Hosting;

/// <summary>
/// Three data planes and a control plane as processes on a real etcd. One of the data planes is in a network of its own, in which the way to one node is cut off: it goes on to reach everything else.
/// </summary>
public sealed class FleetViewTests : IDisposable
{
    private const int ProbeIntervalSeconds = 3;
    private readonly Dictionary<string, TemporaryFolder> _folders = [];
    private readonly List<(string Name, HeadgateProcess Process)> _processes = [];
    private readonly HttpClient _client = new();
    private Uri? _admin;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _client.Dispose();
        foreach (TemporaryFolder folder in _folders.Values)
            folder.Dispose();
    }

    [Fact]
    public async Task OneGatewayIsCutOffFromOneNode_TheFleetSaysDownFromItOnly_AndUpWhenItIsBack()
    {
        (NetworkNamespace? made, string? whyNot) = await NetworkNamespace.TryMakeAsync();
        if (made is null)
            Assert.Skip("no network namespace: " + whyNot);
        await using NetworkNamespace network = made;
        await using EtcdProcess etcd = await EtcdProcess.StartOnAsync(network.Address);
        await using HeadgateNode cut = await HeadgateNode.StartAsync(network.OtherAddress);
        await using HeadgateNode other = await HeadgateNode.StartAsync(network.Address);
        await using HeadgateProcess control = Start("control", [], "control_plane", etcd,
            ("HEADGATE_DEPLOYMENT__ADMIN__ADMIN_LISTEN__IP", network.Address.ToString()), ("HEADGATE_DEPLOYMENT__ADMIN__ALLOW_ADMIN", $"['{NetworkNamespace.AllAddresses}']"));
        _admin = await control.UrlAsync("Admin API");
        string token = (await SendAsync(HttpMethod.Post, "/api/gateway_groups/default/instance_tokens", """{"name":"test"}""")).GetProperty("value").GetProperty("token").GetString()!;
        await SendAsync(HttpMethod.Put, "/apisix/admin/upstreams/1", $$$"""
            {"nodes":{"{{{cut.Name}}}":1,"{{{other.Name}}}":1},"checks":{"active":{"http_path":"/","timeout":1,
             "healthy":{"interval":{{{ProbeIntervalSeconds}}},"successes":1},"unhealthy":{"interval":{{{ProbeIntervalSeconds}}},"tcp_failures":1,"timeouts":1,"http_failures":1} } } }
            """);
        await SendAsync(HttpMethod.Put, "/apisix/admin/routes/1", """{"uri":"/*","upstream_id":"1"}""");
        await using HeadgateProcess one = StartData("gw-1", [], etcd, token), two = StartData("gw-2", network.Exec, etcd, token), three = StartData("gw-3", [], etcd, token);
        await IsSeenAsync(cut, "up", "up from all 3", boundSeconds: 60);

        await network.CutOffAsync(network.OtherAddress);

        await IsSeenAsync(cut, "partial", "down from gw-2 only", boundSeconds: 2 * ProbeIntervalSeconds);
        JsonElement node = await NodeAsync(cut);
        node.GetProperty("instances").EnumerateArray().Select(static instance => $"{instance.GetProperty("id")} {instance.GetProperty("state")}").ShouldBe(["gw-1 up", "gw-2 down", "gw-3 up"]);
        (await NodeAsync(other)).GetProperty("seen").GetString().ShouldBe("up from all 3");
        await Eventually.HoldsAsync(async () => (await ListAsync("health")).Length == 1, "gw-2's report is there");
        JsonElement reported = (await ListAsync("health"))[0];
        (reported.GetProperty("node").GetString(), reported.GetProperty("state").GetString(), reported.GetProperty("seen").GetString()).ShouldBe((cut.Name, "partial", "down from gw-2 only"));
        reported.GetProperty("instances")[0].GetProperty("source").GetString().ShouldBe("probe");
        (await ListAsync("instances")).Select(static instance => $"{instance.GetProperty("id")} {instance.GetProperty("status")}").ShouldBe(["gw-1 healthy", "gw-2 healthy", "gw-3 healthy"]);
        string metrics = await _client.GetStringAsync(await control.UrlAsync("metrics"), Token);
        metrics.ShouldContain("headgate_instances{gateway_group=\"default\",status=\"healthy\"} 3");
        metrics.ShouldContain("headgate_instance_behind_seconds{gateway_group=\"default\",instance=\"gw-2\"} 0");

        await network.ReconnectAsync(network.OtherAddress);

        await IsSeenAsync(cut, "up", "up from all 3", boundSeconds: 60);
        await Eventually.HoldsAsync(async () => (await ListAsync("health")).Length == 0, "gw-2 has taken its report back");
    }

    private HeadgateProcess StartData(string id, string[] by, EtcdProcess etcd, string token) => Start(
        id, by, "data_plane", etcd, ("HEADGATE_APISIX__ID", id), ("HEADGATE_HEADGATE__CONTROL_PLANE__ADDRESSES", $"['{_admin!.GetLeftPart(UriPartial.Authority)}']"), ("HEADGATE_HEADGATE__CONTROL_PLANE__TOKEN", token));

    private HeadgateProcess Start(string name, string[] by, string role, EtcdProcess etcd, params (string, string)[] more)
    {
        TemporaryFolder folder = _folders[name] = new TemporaryFolder();
        var process = new HeadgateProcess(
            by, folder.Path, ["run"],
            [.. HeadgateProcess.FreePorts, ("HEADGATE_DEPLOYMENT__ROLE", role), ("HEADGATE_DEPLOYMENT__ETCD__HOST", $"['{etcd.Endpoints[0].OriginalString}']"), .. more]);
        _processes.Add((name, process));
        return process;
    }

    private async Task IsSeenAsync(HeadgateNode node, string state, string text, int boundSeconds)
    {
        string last = "";
        try
        {
            await Eventually.HoldsAsync(async () =>
            {
                JsonElement seen = await NodeAsync(node);
                last = seen.GetRawText();
                return seen.TryGetProperty("seen", out JsonElement told) && told.GetString() == text && seen.GetProperty("state").GetString() == state;
            }, text, boundSeconds);
        }
        catch (TimeoutException e)
        {
            throw new TimeoutException($"{e.Message} It is seen so: {last}\n{string.Join('\n', _processes.Select(static one => $"== {one.Name}\n{one.Process.Output}"))}", e);
        }
    }

    private Task<JsonElement> NodeAsync(HeadgateNode node) => SendAsync(HttpMethod.Get, $"/api/upstreams/1/nodes/{node.Name}");

    private async Task<JsonElement[]> ListAsync(string what) => [.. (await SendAsync(HttpMethod.Get, "/api/gateway_groups/default/" + what)).GetProperty("list").EnumerateArray()];

    private async Task<JsonElement> SendAsync(HttpMethod method, string path, string? body = null)
    {
        using var request = new HttpRequestMessage(method, new Uri(_admin!, path));
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        request.Headers.Add("X-API-KEY", (await File.ReadAllTextAsync(Path.Combine(_folders["control"].Path, "data", "admin.key"), Token)).Trim());
        using HttpResponseMessage answer = await _client.SendAsync(request, Token);
        string text = await answer.Content.ReadAsStringAsync(Token);
        (method == HttpMethod.Get || answer.IsSuccessStatusCode).ShouldBeTrue(text);
        return JsonElement.Parse(text);
    }
}
