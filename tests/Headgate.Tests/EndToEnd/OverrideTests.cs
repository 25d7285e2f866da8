using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Headgate.Testing;
using Headgate.Tests.CommandLine;

namespace Headgate.Tests.EndToEnd;

/// <summary>Overrides of nodes in the built executable: what they survive, and the commands that give them.</summary>
[Collection(EndToEndCollection.Name)]
public sealed partial class OverrideTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("headgate-run-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Drain_SurvivesEditsAFullReplacementAndARestart()
    {
        await using ScriptedNode a = ScriptedNode.StartAnswering("a");
        await using ScriptedNode b = ScriptedNode.StartAnswering("b");
        string before;
        await using (GatewayProcess gateway = await GatewayProcess.StartAsync(folder: _folder.FullName))
        {
            await gateway.RouteAllToAsync(a.Port, b.Port);
            (await OverrideAsync(gateway, "PUT", b.Port, """{"kind":"drain","note":"new disks"}""")).GetProperty("kind").GetString().ShouldBe("drain");
            (await AnswersAsync(gateway)).ShouldBe("a");

            // An edit that keeps the node.
            await gateway.PutAsync("/upstreams/1", $"{{\"type\":\"least_conn\",\"nodes\":{{\"127.0.0.1:{a.Port}\":3,\"127.0.0.1:{b.Port}\":9}}}}");
            (await AnswersAsync(gateway)).ShouldBe("a");

            // What ADC does to objects that it does not find in its file, and then finds again.
            (await gateway.AdminAsync("DELETE", "/routes/1")).Status.ShouldBe(200);
            (await gateway.AdminAsync("DELETE", "/upstreams/1")).Status.ShouldBe(200);
            (await gateway.AdminAsync("GET", "/upstreams")).Body.ShouldContain("\"total\":0");
            await gateway.RouteAllToAsync(a.Port, b.Port);
            await gateway.ServedAsync(8);
            (await AnswersAsync(gateway)).ShouldBe("a");
            (await gateway.StopAsync()).ShouldBe(0);
            before = gateway.Process.Log;
        }

        await using GatewayProcess again = await GatewayProcess.StartAsync(folder: _folder.FullName);
        (await AnswersAsync(again)).ShouldBe("a");
        JsonElement shown = await OverrideAsync(again, "GET", b.Port);
        shown.GetProperty("note").GetString().ShouldBe("new disks");
        shown.GetProperty("who").GetString().ShouldBe("admin");
        await Eventually.HoldsAsync(async () => (await OverrideAsync(again, "GET", b.Port)).GetProperty("drained").GetBoolean(), "drained");
        (await again.MetricAsync("headgate_upstream_node_overrides{kind=\"drain\"}")).ShouldBe(1);
        (await again.MetricAsync("headgate_upstream_node_overrides{kind=\"force_up\"}")).ShouldBe(0);
        (await again.MetricAsync("headgate_upstream_nodes_draining")).ShouldBe(0);
        string line = $"Node 127.0.0.1:{b.Port} of upstreams/1 is drained: nothing is under way any more.";

        // Told once by a process: by the first when it has lasted long enough for that, and by the second unless the first had time to write that down.
        await Eventually.HoldsAsync(() => (before + again.Process.Log).Contains(line, StringComparison.Ordinal), "the log line");
        foreach (string log in (string[])[before, again.Process.Log])
            log.Split(line).Length.ShouldBeLessThanOrEqualTo(2, log);

        await OverrideAsync(again, "DELETE", b.Port);
        (await AnswersAsync(again)).ShouldBe("ab");
    }

    [Fact]
    public async Task Commands_DrainForceAndTheirEnds()
    {
        await using ScriptedNode a = ScriptedNode.StartAnswering("a");
        await using ScriptedNode b = ScriptedNode.StartAnswering("b");
        await using GatewayProcess gateway = await GatewayProcess.StartAsync(folder: _folder.FullName);
        await gateway.RouteAllToAsync(a.Port, b.Port);
        (string nodeA, string nodeB) = ($"127.0.0.1:{a.Port}", $"127.0.0.1:{b.Port}");

        await SaysAsync(gateway, 0, $"{nodeB} of upstreams/1 is draining: 0 in flight, cut off in 30 s\n{nodeB} of upstreams/1 is drained", "drain", "1", nodeB, "--deadline", "30s", "--wait", "--note", "new disks");
        (await AnswersAsync(gateway)).ShouldBe("a");
        await SaysAsync(
            gateway, 3,
            $"error: the gateway answered 409: drain of {nodeA} is refused: it would leave upstreams/1 with 0 usable of 2 nodes (1 now), and min_remaining is 1; set force to do it all the same",
            "drain", "1", nodeA);
        await SaysAsync(gateway, 3, $"error: {nodeB} of upstreams/1 is not forced but draining: headgate drain --cancel takes that back", "force", "off", "1", nodeB);
        await SaysAsync(gateway, 0, $"{nodeA} of upstreams/1 is forced down: 0 in flight", "force", "down", "upstreams/1", nodeA, "--force");
        await SaysAsync(gateway, 0, $"{nodeB} of upstreams/1 is no longer draining", "drain", "1", nodeB, "--cancel");
        (await AnswersAsync(gateway)).ShouldBe("b");
        await SaysAsync(gateway, 0, $"{nodeA} of upstreams/1 is forced up", "force", "up", "1", nodeA);
        await SaysAsync(gateway, 0, $"{nodeA} of upstreams/1 is no longer forced", "force", "off", "1", nodeA);
        await SaysAsync(gateway, 3, $"error: {nodeA} of upstreams/1 has no override", "force", "off", "1", nodeA);
        await SaysAsync(gateway, 3, $"error: the gateway answered 404: upstreams/1 has no node localhost:1; its nodes are {nodeA}, {nodeB}", "force", "up", "1", "localhost:1");
        (await AnswersAsync(gateway)).ShouldBe("ab");
    }

    [Theory]
    [InlineData(1, "error: --deadline soon: is no time above zero; write 500ms, 30s, 2m, 1h, or a number of seconds", "--deadline", "soon")]
    [InlineData(1, "error: --cancel goes with no other option of drain", "--cancel", "--wait")]
    [InlineData(1, "error: deployment.admin.admin_listen.port is 0, so that the port is only known to the running gateway; say it with --admin URL")]
    [InlineData(1, "error: \"nowhere\" is no URL of an Admin API, such as http://127.0.0.1:9180", "--admin", "nowhere")]
    [InlineData(4, "error: no gateway answers at http://127.0.0.1:1/: ", "--admin", "http://127.0.0.1:1")]
    public async Task Command_ThatCannotBeCarriedOut_SaysWhy(int exitCode, string message, params string[] options)
    {
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "config.yaml"), "deployment: {admin: {admin_listen: {port: 0}, admin_key: [{name: a, key: secret, role: admin}]}}\n", TestContext.Current.CancellationToken);
        await using var process = new HeadgateProcess(_folder.FullName, ["drain", "1", "a.test:80", .. options]);

        (await process.ExitAsync()).ShouldBe(exitCode, process.Output);

        process.Output.ShouldContain(message);
        process.Output.ShouldNotContain("secret");
    }

    [Fact]
    public async Task Command_KeyFromFiles_IsFoundOrMissed()
    {
        await using GatewayProcess gateway = await GatewayProcess.StartAsync();
        string wrong = Path.Combine(_folder.FullName, "key");
        await File.WriteAllTextAsync(wrong, "wrong\n", TestContext.Current.CancellationToken);
        await using var refused = new HeadgateProcess(_folder.FullName, ["force", "up", "1", "a.test:80", "--admin", gateway.Admin, "--key-file", wrong]);
        (await refused.ExitAsync()).ShouldBe(3);
        refused.Output.ShouldBe("error: the gateway answered 401: failed to check token: wrong apikey");

        await using var missing = new HeadgateProcess(_folder.FullName, ["force", "up", "1", "a.test:80", "--admin", gateway.Admin]);
        (await missing.ExitAsync()).ShouldBe(1);
        missing.Output.ShouldStartWith($"error: cannot read the admin key file {_folder.FullName}/data/admin.key: ");
        Directory.Exists(Path.Combine(_folder.FullName, "data")).ShouldBeFalse(); // a tool makes no key
    }

    private static async Task SaysAsync(GatewayProcess gateway, int exitCode, string output, params string[] arguments)
    {
        // The key comes from the config.yaml beside the gateway, the port (any free one) does not.
        await using var process = new HeadgateProcess(gateway.Folder, [.. arguments, "--admin", gateway.Admin]);
        (await process.ExitAsync()).ShouldBe(exitCode, process.Output);
        TimeLeft().Replace(process.Output, "cut off in 30 s").ShouldBe(output);
    }

    /// <summary>What is left of 30 s when the command is answered.</summary>
    [GeneratedRegex(@"cut off in (30|2\d(\.\d+)?) s")]
    private static partial Regex TimeLeft();

    private static async Task<JsonElement> OverrideAsync(GatewayProcess gateway, string method, int port, string? body = null)
    {
        string path = new Uri(new Uri(gateway.Admin), $"/api/upstreams/1/nodes/127.0.0.1:{port}/override").AbsoluteUri;
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        request.Headers.Add("X-API-KEY", GatewayProcess.AdminKey);
        request.Content = body is null ? null : new StringContent(body);
        using HttpResponseMessage answer = await client.SendAsync(request);
        string text = await answer.Content.ReadAsStringAsync();
        answer.IsSuccessStatusCode.ShouldBeTrue(text);
        return JsonElement.Parse(text);
    }

    /// <summary>The different answers of twenty requests.</summary>
    private static async Task<string> AnswersAsync(GatewayProcess gateway)
    {
        using KeptClient client = await KeptClient.ConnectAsync(gateway.HttpPort);
        SortedSet<string> bodies = [];
        for (int i = 0; i < 20; i++)
            bodies.Add(Encoding.ASCII.GetString((await client.AskAsync(KeptClient.Get("/"))).Body.Span));
        return string.Concat(bodies);
    }
}
