using Headgate.CommandLine.Configuration.Files;
using Headgate.CommandLine.Configuration.Live;
using Headgate.CommandLine.Configuration.Planning;
using Headgate.CommandLine.Gateway;
using Headgate.Settings;
using Headgate.Testing;
using Headgate.Tests.CommandLine;

namespace Headgate.Tests.EndToEnd.Configuration;

/// <summary><c>headgate diff</c> and <c>apply</c>: what is planned, in which order it is done, and what becomes of it when others write too.</summary>
[Collection(EndToEndCollection.Name)]
public sealed class ApplyTests(ConfigurationGateway gateway) : IClassFixture<ConfigurationGateway>
{
    private const string Shop = """
        routes:
        - {id: shop, uri: /*, service_id: shop, plugin_config_id: shop}
        plugin_configs:
        - {id: shop, plugins: {traffic-split: {rules: [{weighted_upstreams: [{upstream_id: new, weight: 1}, {weight: 9}]}]}}}
        services:
        - {id: shop, upstream_id: web}
        upstreams:
        - {id: web, nodes: [{host: 127.0.0.1, port: 8081, weight: 3}, {host: 127.0.0.1, port: 8082, weight: 1}]}
        - {id: new, nodes: [{host: 127.0.0.1, port: 8083, weight: 1}]}
        """;

    [Fact]
    public async Task Apply_Users_ComeAfterWhatTheyUseAndGoBeforeIt()
    {
        string group = await gateway.GroupAsync();

        string created = await gateway.DoAsync(group, "apply", "--yes", "-f", gateway.File(Shop));
        string deleted = await gateway.DoAsync(group, "apply", "--yes", "--prune", "-f", gateway.File("routes: []\nplugin_configs: []\nservices: []\nupstreams:\n"));

        Results(created).ShouldBe(["created upstreams/new", "created upstreams/web", "created services/shop", "created plugin_configs/shop", "created routes/shop"]);
        created.ShouldEndWith("5 created, 0 updated, 0 deleted, 0 failed\n");
        Results(deleted).ShouldBe(["deleted routes/shop", "deleted plugin_configs/shop", "deleted services/shop", "deleted upstreams/new", "deleted upstreams/web"]);
    }

    [Fact]
    public async Task Diff_Changes_AreTheFields()
    {
        string group = await gateway.GroupAsync();
        await gateway.DoAsync(group, "apply", "--yes", "-f", gateway.File(Shop));
        string changed = gateway.File("""
            upstreams:
            - {id: web, retries: 1, nodes: [{host: 127.0.0.1, port: 8082, weight: 2}, {host: 127.0.0.1, port: 8084, weight: 1}]}
            - {id: new, nodes: [{host: 127.0.0.1, port: 8083, weight: 1.0}]}
            - {id: more, nodes: {"127.0.0.1:1": 1}}
            """);

        ConfigurationGateway.Said differs = await gateway.RunAsync(group, "diff", "-f", changed);
        ConfigurationGateway.Said json = await gateway.RunAsync(group, "diff", "-f", changed, "-o", "json");
        await gateway.DoAsync(group, "apply", "--yes", "-f", changed);

        differs.Code.ShouldBe(1);
        differs.Output.ShouldBe("""
            + upstreams/more
                + nodes: {"127.0.0.1:1":1}
            ~ upstreams/web
                - nodes[127.0.0.1:8081]: {"host":"127.0.0.1","port":8081,"weight":3}
                ~ nodes[127.0.0.1:8082].weight: 1 -> 2
                + nodes[127.0.0.1:8084]: {"host":"127.0.0.1","port":8084,"weight":1}
                + retries: 1
            1 to create, 1 to update, 0 to delete, 1 as they should be

            """);
        json.Code.ShouldBe(1);
        json.Output.ShouldContain("\"path\": \"nodes[127.0.0.1:8082].weight\",\n          \"before\": 1,\n          \"after\": 2");
        (await gateway.RunAsync(group, "diff", "-f", changed)).ShouldBe(new ConfigurationGateway.Said(0, "0 to create, 0 to update, 0 to delete, 3 as they should be\n", ""));
    }

    [Fact]
    public async Task Prune_DeletesOfTheMentionedKindsAlone()
    {
        string group = await gateway.GroupAsync();
        await gateway.DoAsync(group, "apply", "--yes", "-f", gateway.File(Shop + "\nconsumers:\n- {username: jack, credentials: [{id: a, plugins: {key-auth: {key: k1}}}, {id: b, plugins: {key-auth: {key: k2}}}]}\n- {username: jim}\n"));

        string routes = await gateway.DoAsync(group, "apply", "--dry-run", "--prune", "-f", gateway.File("routes: []"));
        string silent = await gateway.DoAsync(group, "apply", "--dry-run", "--prune", "-f", gateway.File("consumers: [{username: jack}, {username: jim}]"));
        string fewer = await gateway.DoAsync(group, "apply", "--dry-run", "--prune", "-f", gateway.File("consumers: [{username: jack, credentials: [{id: b, plugins: {key-auth: {key: k2}}}]}]"));
        string unpruned = await gateway.DoAsync(group, "apply", "--dry-run", "-f", gateway.File("routes: []"));

        routes.ShouldBe("- routes/shop\n0 to create, 0 to update, 1 to delete, 0 as they should be\n");
        silent.ShouldBe("0 to create, 0 to update, 0 to delete, 2 as they should be\n");
        fewer.ShouldBe("- consumers/jack/credentials/a\n- consumers/jim\n0 to create, 0 to update, 2 to delete, 2 as they should be\n");
        unpruned.ShouldBe("0 to create, 0 to update, 0 to delete, 0 as they should be\n");
        (await gateway.DoAsync(group, "get", "routes")).ShouldContain("shop");
    }

    [Fact]
    public async Task Apply_ConcurrentEdit_FailsThatObjectAndLosesNothing()
    {
        string group = await gateway.GroupAsync();
        await gateway.DoAsync(group, "apply", "--yes", "-f", gateway.File(Shop));
        var problems = new SettingProblems();
        WantedConfiguration wanted = ConfigurationFiles.Read([gateway.File(Shop.Replace("weight: 1}", "weight: 7}", StringComparison.Ordinal) + "\nprotos: []\nglobal_rules:\n- {id: g, plugins: {request-id: {}}}")], TextReader.Null, problems);
        problems.Errors.ShouldBeEmpty();
        using GatewayClient client = gateway.Client(group);
        ConfigurationPlan plan = ConfigurationPlan.Make(wanted, await new LiveConfiguration(client).ReadAsync(ConfigurationPlan.KindsOf(wanted)), prune: true);
        await gateway.ApiAsync("PUT", $"/apisix/admin/upstreams/web?gateway_group_id={group}", """{"nodes":{"127.0.0.1:1":1}}""");
        await gateway.ApiAsync("PUT", $"/apisix/admin/global_rules/g?gateway_group_id={group}", """{"plugins":{"real-ip":{"source":"http_x"}}}""");

        using StringWriter output = new(), error = new();
        int code = await new PlanApplication(client, output, error).RunAsync(plan);

        code.ShouldBe(5);
        output.ToString().ShouldBe("updated upstreams/new\nupdated plugin_configs/shop\n0 created, 2 updated, 0 deleted, 2 failed\n");
        error.ToString().ShouldStartWith("error: upstreams/web is not updated: somebody else has written it since the plan was made: 412: ");
        error.ToString().ShouldContain("\nerror: global_rules/g is not created: somebody else has written it since the plan was made: 412: ");
        (await gateway.DoAsync(group, "get", "upstream", "web", "-o", "json")).ShouldContain("\"127.0.0.1:1\": 1");
        (await gateway.DoAsync(group, "get", "global_rules")).ShouldContain("real-ip");
    }

    [Fact]
    public async Task Apply_AfterAFailedWrite_DeletesNothing()
    {
        string group = await gateway.GroupAsync();
        await gateway.DoAsync(group, "apply", "--yes", "-f", gateway.File(Shop + "\nglobal_rules:\n- {id: a, plugins: {request-id: {}}}"));
        string moved = gateway.File("routes: []\nglobal_rules:\n- {id: b, plugins: {request-id: {}}}");

        // Without --prune the other rule keeps the plugin, which only one may have; with it, it gives the plugin up first.
        ConfigurationGateway.Said refused = await gateway.RunAsync(group, "apply", "--yes", "-f", moved);
        using GatewayClient client = gateway.Client(group);
        string done = await gateway.DoAsync(group, "apply", "--yes", "--prune", "-f", moved);

        refused.Code.ShouldBe(5);
        refused.Error.ShouldBe("error: global_rules/b is not created: 400: plugin 'request-id' already exists in global rule with id 'a'\n");
        Results(done).ShouldBe(["deleted global_rules/a", "created global_rules/b", "deleted routes/shop"]);
    }

    [Fact]
    public async Task Apply_CertificateWithoutItsKey_KeepsTheKey()
    {
        string group = await gateway.GroupAsync();
        using var authority = new TestCertificates();
        (string certificate, string key) = authority.IssueRsaPem("a.test");
        string Ssl(string labels, bool withKey) =>
            $"ssls:\n- id: s\n  snis: [a.test]\n  labels: {labels}\n  cert: |\n{Indented(certificate)}" + (withKey ? $"  key: |\n{Indented(key)}" : "");

        ConfigurationGateway.Said missing = await gateway.RunAsync(group, "apply", "--yes", "-f", gateway.File(Ssl("{a: b, c: d}", withKey: false)));
        string created = await gateway.DoAsync(group, "apply", "--yes", "-f", gateway.File(Ssl("{a: b, c: d}", withKey: true)));
        string dump = await gateway.DoAsync(group, "dump");
        string updated = await gateway.DoAsync(group, "apply", "--yes", "-f", gateway.File(Ssl("{c: e}", withKey: false)));

        missing.Code.ShouldBe(1);
        missing.Error.ShouldContain("ssls/s");
        created.ShouldNotContain("PRIVATE KEY", Case.Sensitive);
        dump.ShouldNotContain("PRIVATE KEY", Case.Sensitive);
        dump.ShouldContain("# The gateway does not give private keys back.");
        updated.ShouldContain("~ ssls/s\n    - labels.a: \"b\"\n    ~ labels.c: \"d\" -> \"e\"\n");
        (await gateway.RunAsync(group, "diff", "-f", gateway.File(Ssl("{c: e}", withKey: true)))).Code.ShouldBe(0);
    }

    [Fact]
    public async Task Apply_NobodySaysYes_DoesNothing()
    {
        string group = await gateway.GroupAsync();
        string file = gateway.File(Shop);
        await using var process = new HeadgateProcess(gateway.Gateway.Folder, ["apply", "-f", file, .. gateway.Access(group)]);

        (await process.ExitAsync()).ShouldBe(6, process.Output);

        process.Output.ShouldContain("5 to create, 0 to update, 0 to delete, 0 as they should be");
        process.Output.ShouldContain("error: nothing was done: there is no terminal to ask at; --yes does it without asking");
        (await gateway.DoAsync(group, "get", "upstreams", "-o", "json")).ShouldBe("[]\n");
    }

    [Theory]
    [InlineData("y", 0)]
    [InlineData("n", 6)]
    public async Task Apply_AtATerminal_Asks(string answer, int exitCode)
    {
        string group = await gateway.GroupAsync();
        string command = string.Join(' ', ["./headgate", "apply", "-f", gateway.File(Shop), .. gateway.Access(group)]);

        // script gives it a terminal, and passes the answer on.
        Tool said = await Tool.RunAsync("sh", "dash", "-c", $"cd {AppContext.BaseDirectory} && echo {answer} | script -qec '{command}' /dev/null");

        said.ExitCode.ShouldBe(exitCode, said.Output);
        said.Output.ShouldContain("Do this? [y/N]");
        (await gateway.DoAsync(group, "get", "upstreams")).Contains("web", StringComparison.Ordinal).ShouldBe(answer == "y");
    }

    private static string[] Results(string said) =>
        [.. said.Split('\n').Where(static line => line.StartsWith("created ", StringComparison.Ordinal) || line.StartsWith("deleted ", StringComparison.Ordinal) || line.StartsWith("updated ", StringComparison.Ordinal))];

    private static string Indented(string text) => string.Concat(text.TrimEnd().Split('\n').Select(static line => $"    {line}\n"));
}
