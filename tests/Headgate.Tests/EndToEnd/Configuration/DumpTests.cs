using System.Text.Json;
using Headgate.Tests.CommandLine;

namespace Headgate.Tests.EndToEnd.Configuration;

/// <summary><c>headgate get</c>, <c>dump</c> and <c>validate</c>.</summary>
[Collection(EndToEndCollection.Name)]
public sealed class DumpTests(ConfigurationGateway gateway) : IClassFixture<ConfigurationGateway>
{
    private const string Everything = """
        upstreams:
        - {id: 7, name: "yes", desc: "a: b # c", type: chash, hash_on: header, key: http_x, nodes: {"127.0.0.1:80": 1}, timeout: {connect: 0.50, send: 1e1, read: 6}}
        - {id: web, labels: {on: "1.0", off: "null", date: 2026-01-01}, nodes: []}
        routes:
        - {id: r, uris: [/a, "/b*"], upstream_id: "7", status: 0, priority: -1, vars: [[arg_x, "==", "0x1F"]], plugins: {request-id: {}}}
        services: [{id: s, upstream_id: web, desc: "é €\ttab \U0001F600", hosts: ["*.a.test", b.test]}]
        consumers:
        - {username: jack, group_id: g, credentials: [{id: k, plugins: {key-auth: {key: hush-hush}}}]}
        - {username: jim, desc: "two\n\n  lines\n"}
        consumer_groups: [{id: g, plugins: {limit-count: {count: 2, time_window: 60, rejected_code: 503}}}]
        plugin_configs: [{id: p, plugins: {ip-restriction: {whitelist: [10.0.0.0/8]}}}]
        global_rules: [{id: all, plugins: {real-ip: {source: http_x}}}]
        plugin_metadata: [{id: file-logger, log_format: {host: $host, "@timestamp": $time_iso8601}}]
        protos: [{id: pb, content: "syntax = \"proto3\";\npackage a;\n\nmessage M {\n  string s = 1;\n}\n"}]
        secrets: [{id: vault/v, uri: "http://127.0.0.1:8200", prefix: kv, token: hush-hush-hush}]
        """;

    [Fact]
    public async Task Dump_AppliedToAnEmptyGroup_DumpsTheSame()
    {
        (string first, string second) = (await gateway.GroupAsync(), await gateway.GroupAsync());
        await gateway.DoAsync(first, "apply", "--yes", "-f", gateway.File(Everything));
        (string yaml, string json) = (gateway.NewPath("dump.yaml"), gateway.NewPath("dump.json"));

        (await gateway.DoAsync(first, "dump", "-f", yaml)).ShouldBe($"{yaml}: 13 objects\n");
        await gateway.DoAsync(first, "dump", "-f", json);
        File.GetUnixFileMode(yaml).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        string dump = await File.ReadAllTextAsync(yaml, TestContext.Current.CancellationToken);
        foreach (string file in (string[])[yaml, json, gateway.File(Everything)])
            (await gateway.RunAsync(first, "diff", "--prune", "-f", file)).ShouldBe(new ConfigurationGateway.Said(0, "0 to create, 0 to update, 0 to delete, 13 as they should be\n", ""));
        await gateway.DoAsync(second, "apply", "--yes", "-f", yaml);

        (await gateway.DoAsync(second, "dump")).ShouldBe(dump);
        (await gateway.DoAsync(second, "apply", "--yes", "-f", json)).ShouldBe("0 to create, 0 to update, 0 to delete, 13 as they should be\n");
        dump.ShouldStartWith("# Configuration of a gateway; headgate apply takes it.\n# It holds secrets of plugins in the clear. ");
        dump.ShouldContain("- id: pb\n  content: |\n    syntax = \"proto3\";\n    package a;\n\n    message M {\n      string s = 1;\n    }\n");
        dump.ShouldContain("  timeout:\n    connect: 0.50\n    read: 6\n    send: 1e1\n");
        dump.ShouldContain("- username: jim\n  desc: |\n    two\n\n      lines\n  credentials: []\n");
        dump.ShouldNotContain("_time:");
    }

    [Fact]
    public async Task Diff_Secrets_AreNotShown()
    {
        string group = await gateway.GroupAsync();
        await gateway.DoAsync(group, "apply", "--yes", "-f", gateway.File(Everything));

        ConfigurationGateway.Said said = await gateway.RunAsync(group, "diff", "-f", gateway.File(Everything.Replace("hush-hush", "other-hush", StringComparison.Ordinal)));

        said.ShouldBe(new ConfigurationGateway.Said(1, """
            ~ secrets/vault/v
                ~ token: "<redacted>" -> "<redacted>"
            ~ consumers/jack/credentials/k
                ~ plugins.key-auth.key: "<redacted>" -> "<redacted>"
            0 to create, 2 to update, 0 to delete, 11 as they should be

            """, ""));
    }

    [Fact]
    public async Task Dump_RegistryConnections_KeepTheirSecrets()
    {
        string file = gateway.File("""
            service_registries:
            - {id: prices, type: http, http_config: {url: "http://127.0.0.1:9/{service}", auth: {username: u, password: hush-hush}}}
            upstreams:
            - {id: prices, service_name: a, discovery_type: http, service_registry_id: prices}
            """);
        string[] here = gateway.Access("default");

        string created = await gateway.DoAsync("default", "apply", "--yes", "-f", file);
        string dump = await gateway.DoAsync("default", "dump");
        await using var process = new HeadgateProcess(gateway.Gateway.Folder, ["diff", "--prune", "-f", gateway.File(dump), .. here]);

        created.ShouldContain("created service_registries/prices\ncreated upstreams/prices\n");
        created.ShouldNotContain("hush");
        dump.ShouldContain("      password: \"<redacted>\"\n");
        dump.ShouldNotContain("status");
        (await process.ExitAsync()).ShouldBe(0, process.Output);
        (await gateway.DoAsync("default", "apply", "--yes", "--prune", "-f", gateway.File("service_registries: []\nupstreams: []"))).ShouldContain("deleted upstreams/prices\ndeleted service_registries/prices\n");
    }

    [Fact]
    public async Task Dump_Workspace_HasItsOwn()
    {
        string group = await gateway.GroupAsync();
        await gateway.ApiAsync("POST", $"/api/gateway_groups/{group}/workspaces", """{"id":"team","name":"team"}""");
        string file = gateway.File("upstreams: [{id: theirs, nodes: []}]");

        await gateway.DoAsync(group, "apply", "--yes", "-f", file, "--workspace", "team");
        ConfigurationGateway.Said notHere = await gateway.RunAsync(group, "dump", "--workspace", "nobody");

        (await gateway.DoAsync(group, "dump")).ShouldBe("# Configuration of a gateway; headgate apply takes it.\n");
        (await gateway.DoAsync(group, "dump", "--workspace", "team")).ShouldContain("- id: theirs\n");
        notHere.Code.ShouldBe(3);
        notHere.Error.ShouldContain("nobody");
    }

    [Fact]
    public async Task Get_Formats()
    {
        string group = await gateway.GroupAsync();
        await gateway.DoAsync(group, "apply", "--yes", "-f", gateway.File(Everything));

        string[] table = (await gateway.DoAsync(group, "get", "upstream")).Split('\n');
        table[0].ShouldMatch("^ID +NAME +DETAIL +UPDATED$");
        table[1].ShouldMatch(@"^7 +yes +type=chash nodes=127.0.0.1:80 +\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ$");
        (await gateway.DoAsync(group, "get", "plugin-config", "p", "-o", "yaml")).ShouldStartWith("id: p\nplugins:\n  ip-restriction:\n    whitelist:\n    - 10.0.0.0/8\ncreate_time: ");
        using JsonDocument json = JsonDocument.Parse(await gateway.DoAsync(group, "get", "credentials", "-o", "json"));
        json.RootElement[0].GetProperty("plugins").GetProperty("key-auth").GetProperty("key").GetString().ShouldBe("hush-hush");
        (await gateway.DoAsync(group, "get", "credential", "jack/credentials/k")).ShouldContain("jack/credentials/k");
        (await gateway.DoAsync(group, "get", "secret", "vault/v")).ShouldContain("vault/v");
        (await gateway.RunAsync(group, "get", "route", "nowhere")).ShouldBe(new ConfigurationGateway.Said(3, "", "error: there is no routes/nowhere\n"));
        ConfigurationGateway.Said wrong = await gateway.RunAsync(group, "get", "upstreem");
        wrong.ShouldBe(new ConfigurationGateway.Said(1, "", "error: upstreem is no kind of object; did you mean upstreams?\nheadgate --help shows the commands\n"));
    }

    [Fact]
    public async Task Validate_SaysEverythingWithItsLine()
    {
        string group = await gateway.GroupAsync();
        string file = gateway.File("""
            upstreams:
              - id: web
                nodes: 5
            routes:
              - id: a
                uri: /a
                upstream_id: nowhere
              - id: b
                uri: /b
                upstream_id: web
                plugins: {no-such: {}}
            service_registries:
              - id: s
                type: http
                http_config: {}
            """);

        ConfigurationGateway.Said said = await gateway.RunAsync(group, "validate", "-f", file);

        said.Code.ShouldBe(1);
        said.Output.ShouldBe("");
        string[] problems = said.Error.TrimEnd().Split('\n');
        problems.Length.ShouldBe(4, said.Error);
        problems.ShouldContain(line => line.StartsWith($"error: {file}:3: upstreams/web: invalid configuration: property \"nodes\" validation failed", StringComparison.Ordinal));
        problems.ShouldContain($"error: {file}:7: routes/a: failed to fetch upstream info by upstream id [nowhere], response code: 404");
        problems.ShouldContain($"error: {file}:11: routes/b: unknown plugin [no-such]");
        problems.ShouldContain(line => line.StartsWith($"error: {file}:15: service_registries/s: invalid configuration: property \"http_config\" validation failed", StringComparison.Ordinal));
        (await gateway.DoAsync(group, "validate", "-f", gateway.File(Everything))).ShouldBe("13 objects, no problem\n");
    }

    [Fact]
    public async Task Files_AreReadTogether()
    {
        string group = await gateway.GroupAsync();
        string folder = gateway.NewPath("conf");
        Directory.CreateDirectory(Path.Combine(folder, "routes"));
        await File.WriteAllTextAsync(Path.Combine(folder, "a.yaml"), "upstreams: [{id: web, nodes: []}]", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(folder, "routes", "b.json"), "{\"routes\":[\n\t{\"id\":\"r\",\"uri\":\"/\\ud83d\\ude00\",\"upstream_id\":\"web\"}]}", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(folder, "notes.txt"), "none of it", TestContext.Current.CancellationToken);

        (await gateway.DoAsync(group, "validate", "-f", folder, gateway.File("#END\n"))).ShouldBe("2 objects, no problem\n");

        ConfigurationGateway.Said twice = await gateway.RunAsync(group, "diff", "-f", folder, gateway.File("routes:\n- id: r\n"));
        twice.Code.ShouldBe(2);
        twice.Error.ShouldEndWith($":2: routes[0]: routes/r is written twice; the first is at {folder}/routes/b.json:2\n");
    }

    [Theory]
    [InlineData("upstreams:\n  - id: a\n   nodes: {}\n", ":3: not valid YAML: ")]
    [InlineData("upstreams:\n  - nodes: {}\n", ":2: upstreams[0]: has no id, and without one it would be another object each time; give it one")]
    [InlineData("\nupstreems: []\n", ":2: upstreems is no kind of object; did you mean upstreams?")]
    [InlineData("routes:\n- id: r\n  priority: .inf\n", ":3: routes[0].priority: .inf is a number that JSON does not have; write it in quotes when it is text")]
    [InlineData("routes:\n- id: r\n  <<: {uri: /}\n", ":3: routes[0]: << is not supported: it is no part of YAML 1.2; write out what it names, or give whole values an alias (*name)")]
    [InlineData("routes:\n- id: r\n  uri: /\n  uri: /a\n", ":4: uri: written twice; the first is on line 3")]
    [InlineData("routes: {}\n", ":1: routes: a mapping is not allowed; use a list of objects")]
    [InlineData("credentials: []\n", ":1: credentials stand in their consumer, as its member credentials")]
    [InlineData("- id: a\n", ":1: a list is no configuration; write kinds with lists of objects, such as upstreams: [...]")]
    public async Task Files_WithErrors_NameTheLineAndNothingIsAsked(string text, string problem)
    {
        string file = gateway.File(text);

        (int apply, string applied) = await CodeAsync("apply", "--yes", "-f", file);
        (int diff, _) = await CodeAsync("diff", "-f", file);
        (int validate, _) = await CodeAsync("validate", "-f", file);

        (apply, diff, validate).ShouldBe((1, 2, 1));
        applied.ShouldStartWith($"error: {file}{problem}");

        async Task<(int Code, string Error)> CodeAsync(params string[] arguments)
        {
            ConfigurationGateway.Said said = await gateway.RunAsync("no-such-group", arguments);
            return (said.Code, said.Error);
        }
    }

    [Theory]
    [InlineData("diff", 2)]
    [InlineData("apply", 1)]
    public async Task CommandLine_WithoutFiles_IsWrong(string command, int code) => (await gateway.RunAsync("default", command)).Code.ShouldBe(code);

    [Fact]
    public async Task Gateway_ThatIsNotThere_EndsWithFour()
    {
        ConfigurationGateway.Said said = await gateway.RunAsync("default", "dump");
        said.Code.ShouldBe(0);
        using StringWriter output = new(), error = new();
        string key = gateway.File("some-key", "");
        (await new Headgate.CommandLine.GatewayCommands(output, error).RunAsync(["dump", "--admin", "http://127.0.0.1:1", "--key-file", key])).ShouldBe(4);
        error.ToString().ShouldStartWith("error: no gateway answers at http://127.0.0.1:1/: ");
        (await new Headgate.CommandLine.GatewayCommands(output, error).RunAsync(["diff", "-f", gateway.File("routes: []"), "--admin", new Uri(gateway.Gateway.Admin).GetLeftPart(UriPartial.Authority), "--key-file", key])).ShouldBe(3);
        error.ToString().ShouldContain("error: the gateway answered 401: failed to check token: wrong apikey");
    }
}
