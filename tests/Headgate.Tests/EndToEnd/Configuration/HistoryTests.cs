using System.Text.Json;
using Headgate.CommandLine;
using Headgate.CommandLine.Gateway;
using Headgate.CommandLine.History;
using Headgate.Core.Config;
using Headgate.Testing;
using Headgate.Tests.CommandLine;

namespace Headgate.Tests.EndToEnd.Configuration;

/// <summary><c>headgate history</c> and <c>restore</c>: what was changed by whom and why, and the way back, which overwrites nobody.</summary>
[Collection(EndToEndCollection.Name)]
public sealed class HistoryTests(ConfigurationGateway gateway) : IClassFixture<ConfigurationGateway>
{
    private const string First = """
        upstreams:
        - {id: web, nodes: [{host: 127.0.0.1, port: 8081, weight: 3}, {host: 127.0.0.1, port: 8082, weight: 1}]}
        routes:
        - {id: shop, uri: /*, upstream_id: web}
        consumers:
        - {username: jack, credentials: [{id: main, plugins: {key-auth: {key: hush-hush}}}]}
        """;

    [Fact]
    public async Task History_OfAnObject_SaysWhoWhyAndWhat()
    {
        string group = await gateway.GroupAsync();
        await gateway.DoAsync(group, "apply", "--yes", "-f", gateway.File(First), "--message", "die erste für alle");
        await gateway.DoAsync(group, "apply", "--yes", "-f", gateway.File(First.Replace("weight: 3", "weight: 5", StringComparison.Ordinal)), "-m", "more for the new one");

        string[] all = Lines(await gateway.DoAsync(group, "history", "upstreams/web"));
        string newest = await gateway.DoAsync(group, "history", "upstream/web", "--limit", "1");
        using JsonDocument json = JsonDocument.Parse(await gateway.DoAsync(group, "history", "upstreams/web", "-o", "json"));
        string yaml = await gateway.DoAsync(group, "history", "upstreams/web", "--limit", "1", "-o", "yaml");

        all[0].ShouldMatch(@"^\d+  \d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ  updated upstreams/web  by admin from 127\.0\.0\.1$");
        all[1..3].ShouldBe(["    more for the new one (PUT /apisix/admin/upstreams/web)", "    ~ nodes[127.0.0.1:8081].weight: 3 -> 5"]);
        all[3].ShouldEndWith("  created upstreams/web  by admin from 127.0.0.1");
        all[4].ShouldBe("    die erste für alle (PUT /apisix/admin/upstreams/web)");
        all.ShouldContain("    + id: \"web\"");
        Lines(newest)[..3].ShouldBe(all[..3]);
        newest.ShouldMatch(@"\nolder changes: --before \d+, or a larger --limit\n$");
        json.RootElement.GetProperty("list").EnumerateArray().Select(static change => change.GetProperty("change").GetString()).ShouldBe(["updated", "created"]);
        json.RootElement.GetProperty("before").ValueKind.ShouldBe(JsonValueKind.Null);
        yaml.ShouldStartWith("list:\n- revision: ");
        yaml.ShouldContain("  difference:\n  - path: \"nodes[127.0.0.1:8081].weight\"\n    before: 3\n    after: 5\n");
    }

    [Fact]
    public async Task History_WithoutAnObject_IsTheAuditLog()
    {
        string group = await gateway.GroupAsync();
        await gateway.DoAsync(group, "apply", "--yes", "-f", gateway.File(First));
        await gateway.DoAsync(group, "apply", "--yes", "--prune", "-f", gateway.File("routes: []"));

        string all = await gateway.DoAsync(group, "history");
        string third = await gateway.DoAsync(group, "history", "--limit", "3");

        Changes(all).ShouldBe(["deleted routes/shop", "created routes/shop", "created consumers/jack/credentials/main", "created consumers/jack", "created upstreams/web"]);
        all.ShouldNotContain("hush");
        Changes(third).ShouldBe(Changes(all)[..3]);
        string before = third[(third.IndexOf("--before ", StringComparison.Ordinal) + 9)..].Split(',')[0];
        Changes(await gateway.DoAsync(group, "history", "--before", before)).ShouldBe(Changes(all)[3..]);
        Changes(await gateway.DoAsync(group, "history", "routes")).ShouldBe(Changes(all)[..2]);
        Changes(await gateway.DoAsync(group, "history", "--key", "consumers/jack")).ShouldBe(Changes(all)[2..4]);
        Changes(await gateway.DoAsync(group, "history", "consumers/jack/credentials/main", "--who", "admin")).ShouldBe(Changes(all)[2..3]);
        (await gateway.DoAsync(group, "history", "--who", "nobody")).ShouldBe("nothing was changed\n");
        (await gateway.DoAsync(group, "history", "--to", "2026-01-01T00:00:00Z")).ShouldBe("nothing was changed\n");
        (await gateway.RunAsync(group, "history", "--from", "soon")).ShouldBe(new ConfigurationGateway.Said(
            3, "", "error: the gateway answered 400: invalid argument from; allowed: seconds of Unix time, or a time such as 2026-01-31T12:00:00Z\n"));
    }

    [Fact]
    public async Task Restore_ShowsThePlan_AndWritesItAsARevision()
    {
        string group = await gateway.GroupAsync();
        await gateway.DoAsync(group, "apply", "--yes", "-f", gateway.File(First));
        long first = await RevisionAsync(group, "upstreams/web");
        await gateway.DoAsync(group, "apply", "--yes", "-f", gateway.File(First.Replace("weight: 3", "weight: 5", StringComparison.Ordinal)));
        string[] restore = ["restore", "upstreams/web", "--revision", $"{first}"];

        string shown = await gateway.DoAsync(group, [.. restore, "--dry-run"]);
        await using var unasked = new HeadgateProcess(gateway.Gateway.Folder, [.. restore, .. gateway.Access(group)]);
        int unaskedCode = await unasked.ExitAsync();
        string untouched = await gateway.DoAsync(group, "get", "upstreams/web", "-o", "json");
        string done = await gateway.DoAsync(group, [.. restore, "--yes", "-m", "weights were right"]);
        long last = await RevisionAsync(group, "upstreams/web");

        shown.ShouldBe("~ upstreams/web\n    ~ nodes[127.0.0.1:8081].weight: 5 -> 3\nconcerns routes: 1\n");
        unaskedCode.ShouldBe(6);
        unasked.Output.ShouldContain("error: nothing was done: there is no terminal to ask at; --yes does it without asking");
        untouched.ShouldContain("\"weight\": 5");
        done.ShouldBe($"{shown}restored upstreams/web as it was after revision {first}, by revision {last}\n");
        (await gateway.DoAsync(group, "get", "upstreams", "web", "-o", "json")).ShouldContain("\"weight\": 3");
        (await gateway.DoAsync(group, "history", "upstreams/web", "--limit", "1")).ShouldContain($"\n    restored from revision {first}: weights were right (POST ");
        (await gateway.DoAsync(group, "get", "upstreams", "--revision", $"{last - 1}", "-o", "json")).ShouldContain("\"weight\": 5");
        (await gateway.DoAsync(group, restore)).ShouldBe($"upstreams/web is as it was after revision {first}; there is nothing to do\n");
    }

    [Fact]
    public async Task Restore_DeletedObjects_ComeBack()
    {
        string group = await gateway.GroupAsync();
        await gateway.DoAsync(group, "apply", "--yes", "-f", gateway.File(First));
        (long consumer, long credential) = (await RevisionAsync(group, "consumers/jack"), await RevisionAsync(group, "consumers/jack/credentials/main"));
        await gateway.DoAsync(group, "apply", "--yes", "--prune", "-f", gateway.File("consumers: []"));

        ConfigurationGateway.Said early = await gateway.RunAsync(group, "restore", "consumers/jack", "--revision", $"{consumer - 1}", "--yes");
        ConfigurationGateway.Said without = await gateway.RunAsync(group, "restore", "consumers/jack/credentials/main", "--revision", $"{credential}", "--yes");
        string back = await gateway.DoAsync(group, "restore", "consumer/jack", "--revision", $"{consumer}", "--yes");
        string secret = await gateway.DoAsync(group, "restore", "consumers/jack/credentials/main", "--revision", $"{credential}", "--yes");

        early.Code.ShouldBe(3);
        early.Error.ShouldBe($"error: consumers/jack is not restored: 404: consumer [jack] did not exist after revision {consumer - 1}\n");
        without.Code.ShouldBe(3);
        without.Error.ShouldStartWith("error: consumers/jack/credentials/main is not restored: ");
        back.ShouldStartWith("+ consumers/jack\n    + username: \"jack\"\n");
        (await gateway.DoAsync(group, "get", "consumers/jack/credentials/main", "--revision", $"{credential}", "-o", "yaml")).ShouldStartWith("id: main\nplugins:\n  key-auth:\n    key: \"<redacted>\"\n");
        (await gateway.RunAsync(group, "get", "consumers", "jack", "--revision", $"{consumer - 1}")).Code.ShouldBe(3);
        secret.ShouldContain("    + plugins: {\"key-auth\":{\"key\":\"<redacted>\"}}\n");
        (await gateway.DoAsync(group, "get", "credentials", "jack/credentials/main", "-o", "json")).ShouldContain("hush-hush");
    }

    [Fact]
    public async Task Restore_ConcurrentEdit_IsNotOverwritten()
    {
        string group = await gateway.GroupAsync();
        await gateway.DoAsync(group, "apply", "--yes", "-f", gateway.File(First));
        long first = await RevisionAsync(group, "upstreams/web");
        await gateway.DoAsync(group, "apply", "--yes", "-f", gateway.File(First.Replace("weight: 3", "weight: 5", StringComparison.Ordinal)));
        using GatewayClient client = gateway.Client(group);
        using StringWriter error = new();
        using var output = new InterruptedWriter(() => gateway.ApiAsync("PUT", $"/apisix/admin/upstreams/web?gateway_group_id={group}", """{"nodes":{"127.0.0.1:1":1}}"""));

        CommandFailedException failed = await Should.ThrowAsync<CommandFailedException>(
            () => new RestoreCall(client, new ObjectName(ResourceKind.Upstream, "web"), first, output, error).RunAsync(yes: true, dryRun: false));

        failed.ExitCode.ShouldBe(5);
        failed.Message.ShouldStartWith("upstreams/web is not restored: somebody else has written it since the plan was made: 412: ");
        (await gateway.DoAsync(group, "get", "upstreams/web", "-o", "json")).ShouldContain("\"127.0.0.1:1\": 1");
    }

    [Theory]
    [InlineData("y", 0)]
    [InlineData("n", 6)]
    public async Task Restore_AtATerminal_Asks(string answer, int exitCode)
    {
        string group = await gateway.GroupAsync();
        await gateway.DoAsync(group, "apply", "--yes", "-f", gateway.File(First));
        long first = await RevisionAsync(group, "upstreams/web");
        await gateway.DoAsync(group, "apply", "--yes", "-f", gateway.File(First.Replace("weight: 3", "weight: 5", StringComparison.Ordinal)));
        string command = string.Join(' ', ["./headgate", "restore", "upstreams/web", "--revision", $"{first}", .. gateway.Access(group)]);

        // script gives it a terminal, and passes the answer on.
        Tool said = await Tool.RunAsync("sh", "dash", "-c", $"cd {AppContext.BaseDirectory} && echo {answer} | script -qec '{command}' /dev/null");

        said.ExitCode.ShouldBe(exitCode, said.Output);
        said.Output.ShouldContain("Do this? [y/N]");
        (await gateway.DoAsync(group, "get", "upstreams/web", "-o", "json")).Contains("\"weight\": 3", StringComparison.Ordinal).ShouldBe(answer == "y");
    }

    [Fact]
    public async Task Token_SaysWhichGroupAndWorkspace()
    {
        string group = await gateway.GroupAsync();
        await gateway.ApiAsync("POST", $"/api/gateway_groups/{group}/workspaces", """{"id":"team","name":"team"}""");
        await gateway.DoAsync(group, "apply", "--yes", "-f", gateway.File("upstreams: [{id: ours, nodes: []}]"));
        await gateway.DoAsync(group, "apply", "--yes", "-f", gateway.File("upstreams: [{id: theirs, nodes: []}]"), "--workspace", "team");
        string file = gateway.File(await gateway.TokenAsync("jane", group, "team"), "");

        (int code, string said) = await RunAsync("history", "--key-file", file);
        (int restored, string nothing) = await RunAsync("restore", "upstreams/theirs", "--revision", $"{await RevisionAsync(group, "upstreams/theirs")}", "--key-file", file);
        (int foreign, string refused) = await RunAsync("history", "--group", "default", "--key-file", file);

        code.ShouldBe(0, said);
        Changes(said).ShouldBe(["created upstreams/theirs"]);
        restored.ShouldBe(0, nothing);
        foreign.ShouldBe(3);
        refused.ShouldContain("error: the gateway answered 403: jane needs role viewer");
    }

    [Fact]
    public async Task Drain_Message_StandsInTheHistory()
    {
        await gateway.Gateway.PutAsync("/upstreams/drained", """{"nodes":{"127.0.0.1:1":1}}""");
        await gateway.Gateway.PutAsync("/routes/drained", """{"uri":"/drained","upstream_id":"drained"}""");
        await gateway.Gateway.ServedAsync();

        (int drained, string said) = await RunAsync("drain", "drained", "127.0.0.1:1", "--force", "--message", "new disks");
        (int back, string undone) = await RunAsync("drain", "drained", "127.0.0.1:1", "--cancel", "-m", "they spin");
        (int code, string history) = await RunAsync("history", "--key", "overrides/upstreams/drained");

        drained.ShouldBe(0, said);
        back.ShouldBe(0, undone);
        code.ShouldBe(0, history);
        Changes(history).ShouldBe(["deleted overrides/upstreams/drained/127.0.0.1:1", "created overrides/upstreams/drained/127.0.0.1:1"]);
        history.ShouldContain("    they spin (DELETE /api/upstreams/drained/nodes/127.0.0.1:1/override)\n");
        history.ShouldContain("    new disks (PUT /api/upstreams/drained/nodes/127.0.0.1:1/override)\n");
    }

    [Theory]
    [InlineData("error: upstreems is no kind of object; did you mean upstreams?", "history", "upstreems/web")]
    [InlineData("error: consumers/jack/a names no object; write consumers/NAME/credentials/ID", "restore", "consumers/jack/a", "--revision", "1")]
    [InlineData("error: upstreams: restore takes one object, KIND/ID", "restore", "upstreams", "--revision", "1")]
    [InlineData("error: --revision: give a number from 1", "restore", "upstreams/web", "--revision", "0")]
    [InlineData("error: \"nowhere\" is no URL of an Admin API, such as http://127.0.0.1:9180", "history", "--admin", "nowhere")]
    [InlineData("error: --limit: give a number from 1", "history", "--limit", "0")]
    [InlineData("error: --message: give one line of 1 to 500 characters, without control characters", "restore", "upstreams/web", "--revision", "1", "--message", "a\nb")]
    [InlineData("error: --message: give one line of 1 to 500 characters, without control characters", "drain", "web", "a.test:80", "-m", " ")]
    public async Task WrongCommandLine_IsSaidBeforeAnythingIsAsked(string message, params string[] arguments)
    {
        using StringWriter output = new(), error = new();

        (await new GatewayCommands(output, error).RunAsync([.. arguments, "--key-file", "/nowhere"])).ShouldBe(1);

        error.ToString().ShouldBe(message + "\nheadgate --help shows the commands\n");
    }

    private async Task<(int Code, string Output)> RunAsync(params string[] arguments)
    {
        await using var process = new HeadgateProcess(gateway.Gateway.Folder, [.. arguments, "--admin", new Uri(gateway.Gateway.Admin).GetLeftPart(UriPartial.Authority)]);
        return (await process.ExitAsync(), process.Output);
    }

    /// <summary>The revision that last changed an object.</summary>
    private async Task<long> RevisionAsync(string group, string name)
    {
        string[] workspace = name.EndsWith("theirs", StringComparison.Ordinal) ? ["--workspace", "team"] : [];
        using JsonDocument history = JsonDocument.Parse(await gateway.DoAsync(group, ["history", name, "--limit", "1", "-o", "json", .. workspace]));
        return history.RootElement.GetProperty("list")[0].GetProperty("revision").GetInt64();
    }

    private static string[] Lines(string text) => text.TrimEnd('\n').Split('\n');

    /// <summary>What was done to which object.</summary>
    private static string[] Changes(string text) => [.. Lines(text).Where(static line => line.Contains("Z  ", StringComparison.Ordinal)).Select(static line => line.Split("  ")[2])];

    /// <summary>Has somebody else act once the plan is shown.</summary>
    private sealed class InterruptedWriter(Func<Task> act) : StringWriter
    {
        public override async Task WriteLineAsync(string? value)
        {
            await base.WriteLineAsync(value);
            if (value!.StartsWith("concerns ", StringComparison.Ordinal))
                await act();
        }
    }
}
