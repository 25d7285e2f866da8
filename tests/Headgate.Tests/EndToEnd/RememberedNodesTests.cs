using System.Net;
using System.Text.Json;
using Headgate.Testing;
using Headgate.Tests.CommandLine;

namespace Headgate.Tests.EndToEnd;

/// <summary>What the built executable knows of nodes after it was killed, and what it says about them.</summary>
[Collection(EndToEndCollection.Name)]
public sealed class RememberedNodesTests : IDisposable
{
    private const string Checks = """
        {"active":{"http_path":"/file","timeout":1,"healthy":{"interval":1,"successes":1},"unhealthy":{"interval":1,"tcp_failures":2}}}
        """;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("headgate-run-");

    private string StateFile => Path.Combine(_folder.FullName, "data", "nodes.json");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task NodeDead_GatewayKilledAndStarted_NodeIsStillLeftOutWithItsTimeline()
    {
        await using NginxOrigin origin = await NginxOrigin.StartAsync(2);
        origin.Write("file", 100);
        string dead = $"127.0.0.1:{origin.Ports[1]}";
        string change;
        await using (GatewayProcess gateway = await StartAsync(origin))
        {
            await origin.KillAsync(1);
            await Eventually.HoldsAsync(() => File.Exists(StateFile) && File.ReadAllText(StateFile).Contains("refused", StringComparison.Ordinal), "the verdict in the state file", 30);
            change = (await TimelineAsync(gateway, dead)).GetRawText();
            gateway.Process.Kill();
        }

        await using GatewayProcess again = await GatewayProcess.StartAsync(folder: _folder.FullName);
        JsonElement node = await GetAsync(again, $"/api/upstreams/1/nodes/{dead}");

        node.GetProperty("exclusions")[0].GetString().ShouldBe("unhealthy");
        (await TimelineAsync(again, dead)).GetRawText().ShouldBe(change);
        using var client = new HttpClient();
        for (int i = 0; i < 20; i++)
        {
            using HttpResponseMessage answer = await client.GetAsync(new Uri(again.Http + "/file"));
            answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        }

        (await again.MetricAsync("headgate_upstream_tries_total{outcome=\"refused\"}")).ShouldBe(0);
        await LoggedAsync(again, "What was learnt about nodes before the restart is remembered: 1 nodes");
        string explained = await ExplainAsync(again, again.Http + "/file?a=1", "-X", "PUT", "-H", "X-User: 7");
        explained.ShouldContain($"goes to   127.0.0.1:{origin.Ports[0]}");
        explained.ShouldContain(dead);
        explained.ShouldContain("left out weight 1, in flight 0; unhealthy since ");
        explained.ShouldContain("(probe: the connection was refused)");
    }

    [Fact]
    public async Task NodeEjectedAndNodeWarmingUp_GatewayRestarted_BothGoOnWhereTheyWere()
    {
        const string fields = ""","outlier_detection":{"consecutive_5xx":5,"base_ejection_time":20},"warm_up_conf":{"slow_start_time_seconds":3600,"min_weight_percent":1},"retries":0""";
        await using ScriptedNode good = ScriptedNode.StartAnswering("good");
        await using ScriptedNode joining = ScriptedNode.StartAnswering("new");
        await using ScriptedNode bad = ScriptedNode.Start(async peer =>
        {
            while (await peer.ReadHeadAsync() is not null)
                await peer.SendAsync("HTTP/1.1 500 -\r\nContent-Length: 0\r\n\r\n");
        });
        string failing = $"127.0.0.1:{bad.Port}";
        string timeline;
        await using (GatewayProcess gateway = await GatewayProcess.StartAsync(folder: _folder.FullName))
        {
            await gateway.PutAsync("/upstreams/1", $"{{\"nodes\":{{\"127.0.0.1:{good.Port}\":1,\"{failing}\":1}}{fields}}}");
            await gateway.PutAsync("/routes/1", """{"uri":"/*","upstream_id":"1"}""");
            await gateway.ServedAsync(2);
            await AskAsync(gateway, 10);
            await Eventually.HoldsAsync(async () => (await NodeAsync(gateway, failing)).GetProperty("exclusions").GetArrayLength() == 1, "the ejection");
            await gateway.PutAsync("/upstreams/1", $"{{\"nodes\":{{\"127.0.0.1:{good.Port}\":1,\"{failing}\":1,\"127.0.0.1:{joining.Port}\":1}}{fields}}}");
            await gateway.ServedAsync(3);
            await Eventually.HoldsAsync(() => gateway.Process.Log.Contains($"Node 127.0.0.1:{joining.Port} of upstreams/1 warms up", StringComparison.Ordinal), "the slow start");
            timeline = (await TimelineAsync(gateway, failing)).GetRawText();
            (await gateway.StopAsync()).ShouldBe(0);
        }

        int tried = bad.Accepted;
        await using GatewayProcess again = await GatewayProcess.StartAsync(folder: _folder.FullName);
        (await NodeAsync(again, failing)).GetProperty("exclusions")[0].GetString().ShouldBe("ejected");
        (await TimelineAsync(again, failing)).GetRawText().ShouldBe(timeline);
        (await AskAsync(again, 100)).Count(body => body == "new").ShouldBeLessThan(20); // 1 in 100 of its picks, where it would have half of all
        bad.Accepted.ShouldBe(tried);
        await Eventually.HoldsAsync(async () => (await NodeAsync(again, failing)).GetProperty("exclusions").GetArrayLength() == 0, "its time is over", 60);
        await Eventually.HoldsAsync(async () => (await TimelineAsync(again, failing))[0].GetProperty("reason").GetString() == "its time is over", "the timeline says so");
    }

    [Fact]
    public async Task ExplainHeader_SwitchedOn_AnswersTheAdminKeyOnly_AndNoKeyIsLogged()
    {
        await using ScriptedNode node = ScriptedNode.StartAnswering("ok");
        await using GatewayProcess gateway = await GatewayProcess.StartAsync("  explain: {header: true}");
        await gateway.PutAsync("/upstreams/1", $"{{\"nodes\":{{\"127.0.0.1:{node.Port}\":1}}}}");
        await gateway.PutAsync("/routes/1", """{"uri":"/*","upstream_id":"1"}""");
        await gateway.ServedAsync(2);

        JsonElement told = JsonElement.Parse((await ToldAsync(GatewayProcess.AdminKey)).ShouldNotBeNull());
        told.GetProperty("tries")[0].GetProperty("node").GetString().ShouldBe($"127.0.0.1:{node.Port}");
        (await ToldAsync(GatewayProcess.AdminKey + "x")).ShouldBeNull();
        gateway.Process.Log.ShouldNotContain(GatewayProcess.AdminKey);

        async Task<string?> ToldAsync(string key)
        {
            using var client = new HttpClient();
            client.DefaultRequestHeaders.Add("X-Headgate-Explain", key);
            using HttpResponseMessage answer = await client.GetAsync(new Uri(gateway.Http + "/file"));
            answer.StatusCode.ShouldBe(HttpStatusCode.OK);
            return answer.Headers.TryGetValues("X-Headgate-Explain", out IEnumerable<string>? values) ? values.Single() : null;
        }
    }

    [Fact]
    public async Task StateFileDamaged_GatewayStartsWithAWarning()
    {
        await using NginxOrigin origin = await NginxOrigin.StartAsync(2);
        origin.Write("file", 100);
        await using (GatewayProcess gateway = await StartAsync(origin))
        {
            await origin.KillAsync(1);
            await Eventually.HoldsAsync(() => File.Exists(StateFile) && File.ReadAllText(StateFile).Contains("refused", StringComparison.Ordinal), "the verdict in the state file", 30);
            (await gateway.StopAsync()).ShouldBe(0);
        }

        byte[] damaged = await File.ReadAllBytesAsync(StateFile);
        damaged.AsSpan(damaged.Length / 2).Clear();
        await File.WriteAllBytesAsync(StateFile, damaged);
        await using GatewayProcess again = await GatewayProcess.StartAsync(folder: _folder.FullName);

        await LoggedAsync(again, "[1361]");
        (await File.ReadAllBytesAsync(StateFile + ".damaged")).ShouldBe(damaged);
        using var client = new HttpClient();
        (await client.GetAsync(new Uri(again.Http + "/file"))).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Explain_GatewayThatIsNotThere_SaysSo()
    {
        string key = Path.Combine(_folder.FullName, "key");
        using var nobody = new FreePorts(1);
        await File.WriteAllTextAsync(key, "some-key\n");
        await using var process = new HeadgateProcess(_folder.FullName, ["explain", "http://a.test/", "--admin", $"http://127.0.0.1:{nobody.Ports[0]}", "--key-file", key]);
        (await process.ExitAsync()).ShouldBe(4);
        process.Output.ShouldStartWith("error: no gateway answers at http://127.0.0.1:");
        await using var wrong = new HeadgateProcess(_folder.FullName, ["explain", "a.test/x"]);
        (await wrong.ExitAsync()).ShouldBe(1);
        wrong.Output.ShouldBe("error: \"a.test/x\" is no URL of a request, such as http://a.test/orders?x=1\nheadgate --help shows the commands");
    }

    private async Task<GatewayProcess> StartAsync(NginxOrigin origin)
    {
        GatewayProcess gateway = await GatewayProcess.StartAsync(folder: _folder.FullName);
        await gateway.PutAsync("/upstreams/1", $"{{\"nodes\":{{\"127.0.0.1:{origin.Ports[0]}\":1,\"127.0.0.1:{origin.Ports[1]}\":1}},\"checks\":{Checks}}}");
        await gateway.PutAsync("/routes/1", """{"uri":"/*","upstream_id":"1"}""");
        await gateway.ServedAsync(2);
        return gateway;
    }

    private static async Task<List<string>> AskAsync(GatewayProcess gateway, int times)
    {
        using var client = new HttpClient();
        var bodies = new List<string>();
        for (int i = 0; i < times; i++)
        {
            using HttpResponseMessage answer = await client.GetAsync(new Uri(gateway.Http + "/file"));
            bodies.Add(await answer.Content.ReadAsStringAsync());
        }

        return bodies;
    }

    private static Task<JsonElement> NodeAsync(GatewayProcess gateway, string node) => GetAsync(gateway, $"/api/upstreams/1/nodes/{node}");

    /// <summary>The log is written beside the banner that tells of the start, and read through a pipe.</summary>
    private static Task LoggedAsync(GatewayProcess gateway, string text) =>
        Eventually.HoldsAsync(() => gateway.Process.Log.Contains(text, StringComparison.Ordinal), "logged: " + text);

    private static async Task<JsonElement> TimelineAsync(GatewayProcess gateway, string node) =>
        (await GetAsync(gateway, $"/api/upstreams/1/nodes/{node}/timeline")).GetProperty("timeline");

    private static async Task<JsonElement> GetAsync(GatewayProcess gateway, string path)
    {
        using var client = new HttpClient();
        client.DefaultRequestHeaders.Add("X-API-KEY", GatewayProcess.AdminKey);
        return JsonElement.Parse(await client.GetStringAsync(new Uri(new Uri(gateway.Admin), path)));
    }

    private async Task<string> ExplainAsync(GatewayProcess gateway, string url, params string[] more)
    {
        await using var process = new HeadgateProcess(_folder.FullName, ["explain", url, .. more, "--admin", new Uri(gateway.Admin).GetLeftPart(UriPartial.Authority)]);
        (await process.ExitAsync()).ShouldBe(0, process.Output);
        return process.Output;
    }
}
