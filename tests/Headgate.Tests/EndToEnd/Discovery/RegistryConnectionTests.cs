using System.Text.Json;
using Headgate.Testing;
using Headgate.Testing.Registries;
using Headgate.Tests.CommandLine;

namespace Headgate.Tests.EndToEnd.Discovery;

/// <summary>Service registries in the built executable: a file and a URL, as connections and in config.yaml, from the registry to the traffic and back to the operator.</summary>
[Collection(EndToEndCollection.Name)]
public sealed class RegistryConnectionTests : IDisposable
{
    private const string Registries = "../../api/gateway_groups/default/service_registries";
    private const string Followed = "../../api/gateway_groups/default/discovery/services";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("headgate-run-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task FileConnection_FollowsTheFileAndSurvivesItsLoss()
    {
        await using ScriptedNode a = ScriptedNode.StartAnswering("a");
        await using ScriptedNode b = ScriptedNode.StartAnswering("b");
        string file = Path.Combine(_folder.FullName, "services.json");
        await using (GatewayProcess gateway = await GatewayProcess.StartAsync(folder: _folder.FullName))
        {
            string body = JsonSerializer.Serialize(new { name = "list", type = "file", file_config = new { path = file } });
            JsonElement test = await AskAsync(gateway, "POST", Registries + "/test", body);
            test.GetProperty("value").GetProperty("status_reason").GetString().ShouldStartWith($"{file} cannot be read: ");
            Write(file, a.Port);
            (await AskAsync(gateway, "POST", Registries + "/test", body)).GetProperty("value").GetProperty("status").GetString().ShouldBe("healthy");
            await AskAsync(gateway, "PUT", Registries + "/1", body);
            (await AskAsync(gateway, "GET", Registries + "/1/services")).GetProperty("list")[0].GetString().ShouldBe("web");
            (await AskAsync(gateway, "GET", Registries + "/1/services/web/instances")).GetProperty("list")[0].GetProperty("port").GetInt32().ShouldBe(a.Port);

            await gateway.PutAsync("/upstreams/1", """{"service_name":"web","discovery_type":"file","service_registry_id":"1"}""");
            await gateway.PutAsync("/routes/1", """{"uri":"/*","upstream_id":"1"}""");
            await AnswersAsync(gateway, "a");
            Write(file, b.Port);
            await AnswersAsync(gateway, "b");
            (await gateway.AdminAsync("DELETE", "/" + Registries + "/1")).Status.ShouldBe(400);

            await File.WriteAllTextAsync(file, """{"web":[{"ho""", TestContext.Current.CancellationToken);
            await Eventually.HoldsAsync(
                async () => (await AskAsync(gateway, "GET", Registries + "/1/status")).GetProperty("value").GetProperty("status").GetString() == "lost_connection", "the loss is seen");
            await AnswersAsync(gateway, "b");
            (await gateway.MetricAsync("headgate_registry_status{registry=\"service_registries/1\",status=\"lost_connection\"}")).ShouldBe(1);
            (await gateway.MetricAsync("headgate_registry_changes_total{registry=\"service_registries/1\"}")).ShouldBe(2);
            (await gateway.MetricAsync("headgate_registry_instances{registry=\"service_registries/1\"}")).ShouldBe(1);
            (await gateway.StopAsync()).ShouldBe(0);
        }

        // A restart while the registry is broken serves what was known.
        await using GatewayProcess again = await GatewayProcess.StartAsync(folder: _folder.FullName);
        await AnswersAsync(again, "b");
        (await AskAsync(again, "GET", Followed)).GetProperty("list")[0].GetProperty("remembered").GetBoolean().ShouldBeTrue();
        Write(file, a.Port);
        await AnswersAsync(again, "a");
        await again.AdminAsync("DELETE", "/routes/1");
        await again.AdminAsync("DELETE", "/upstreams/1");
        (await again.AdminAsync("DELETE", "/" + Registries + "/1")).Status.ShouldBe(200);
    }

    [Fact]
    public async Task HttpOfSettings_HeldRemovalIsShownAndReleased()
    {
        await using ScriptedNode node = ScriptedNode.StartAnswering("a");
        await using AnsweringServer registry = await AnsweringServer.StartAsync();
        Say(registry, [.. Enumerable.Range(1, 9), node.Port]);
        await using GatewayProcess gateway = await GatewayProcess.StartAsync(
            $"discovery:\n  http:\n    url: {registry.Url}/{{service}}\n    fetch_interval: 1\n    auth: {{username: u, password: s3cret}}", _folder.FullName);
        await gateway.PutAsync("/upstreams/1", """{"service_name":"web","discovery_type":"http"}""");
        await gateway.PutAsync("/routes/1", """{"uri":"/*","upstream_id":"1"}""");
        await CountsAsync(gateway, 10);
        await using ChildProcess watch = ChildProcess.Start(GatewayProcess.Executable, "(none)", _folder.FullName, "discovery", "watch", "--admin", AdminUrl(gateway));
        await PrintsAsync(watch, "web of http is followed");
        await PrintsAsync(watch, $"web of http: + 127.0.0.1:{node.Port} weight 100");

        Say(registry, node.Port);
        await PrintsAsync(watch, "web of http: held, 9 missing, until ");
        await CountsAsync(gateway, 10);
        (await gateway.MetricAsync("headgate_registry_held_instances{registry=\"http\"}")).ShouldBe(9);
        string list = await SaysAsync(gateway, 0, "list");
        list.ShouldContain("http      http  healthy");
        list.ShouldContain("web      http      1          10         0 s  held, 9 missing, until ");
        (await AskAsync(gateway, "POST", Followed + "/release", """{"registry":"http","service_name":"web"}""")).GetProperty("released_instances").GetInt32().ShouldBe(9);
        await PrintsAsync(watch, "web of http: - 127.0.0.1:1 weight 100");
        await PrintsAsync(watch, "web of http: all is well");
        await AnswersAsync(gateway, "a");
        (await SaysAsync(gateway, 0, "show", "web")).ShouldBe($"web of http: 1 instance, followed by 1 upstream, age 0 s\n  127.0.0.1:{node.Port} weight 100");
        (await SaysAsync(gateway, 3, "show", "nothing")).ShouldBe("error: no upstream follows a service nothing; headgate discovery list shows those that are followed");

        JsonElement shown = (await AskAsync(gateway, "GET", Registries)).GetProperty("list")[0];
        shown.GetProperty("id").GetString().ShouldBe("discovery:http");
        shown.GetProperty("http_config").GetProperty("auth").GetRawText().ShouldBe("""{"username":"u","password":"<redacted>"}""");
        using var client = new HttpClient();
        string dump = await client.GetStringAsync(new Uri(gateway.Control + "/v1/discovery/http/dump"));
        dump.ShouldContain($$"""
            "services":{"web":[{"host":"127.0.0.1","port":{{node.Port}},"weight":100}]}
            """);
        dump.ShouldNotContain("s3cret");
        gateway.Process.Log.ShouldNotContain("s3cret");
    }

    private static void Write(string file, params int[] ports)
    {
        File.WriteAllText(file + ".new", $$"""{"web":{{Nodes(ports)}}}""");
        File.Move(file + ".new", file, overwrite: true);
    }

    private static void Say(AnsweringServer registry, params int[] ports) => registry.Say(Nodes(ports));

    private static string Nodes(int[] ports) => JsonSerializer.Serialize(ports.Select(static port => new { host = "127.0.0.1", port }));

    private static string AdminUrl(GatewayProcess gateway) => new Uri(gateway.Admin).GetLeftPart(UriPartial.Authority);

    private static async Task<JsonElement> AskAsync(GatewayProcess gateway, string method, string path, string? body = null)
    {
        (int status, string answer) = await gateway.AdminAsync(method, "/" + path, body);
        status.ShouldBeInRange(200, 201, answer);
        return JsonElement.Parse(answer);
    }

    private static Task CountsAsync(GatewayProcess gateway, int instances) => Eventually.HoldsAsync(
        async () => (await AskAsync(gateway, "GET", Followed)).GetProperty("list") is var list && list.GetArrayLength() == 1 && list[0].GetProperty("instance_count").GetInt32() == instances,
        $"{instances} instances");

    private static async Task AnswersAsync(GatewayProcess gateway, string body)
    {
        using var client = new HttpClient();
        await Eventually.HoldsAsync(async () => await (await client.GetAsync(new Uri(gateway.Http))).Content.ReadAsStringAsync() == body, "answers " + body);
    }

    private static Task PrintsAsync(ChildProcess process, string text) => Eventually.HoldsAsync(() => process.Log.Contains(text, StringComparison.Ordinal), $"{text} in: {process.Log}");

    private async Task<string> SaysAsync(GatewayProcess gateway, int exitCode, params string[] arguments)
    {
        await using var process = new HeadgateProcess(_folder.FullName, ["discovery", .. arguments, "--admin", AdminUrl(gateway)]);
        (await process.ExitAsync()).ShouldBe(exitCode, process.Output);
        return process.Output;
    }
}
