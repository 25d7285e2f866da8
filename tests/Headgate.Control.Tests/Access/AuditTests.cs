using System.Text.Json;
using Headgate.Control.Tests.AdminApi;
using Headgate.Store;

namespace Headgate.Control.Tests.Access;

/// <summary>Who changed users, tokens, gateway groups and workspaces, when, from where and why. Each store has its class.</summary>
public abstract class AuditContract(StoreKind kind) : AccessTest(kind)
{
    private const string Owner = """[{"role":"owner"}]""";

    [Fact]
    public async Task EveryChangeOfPeopleAndPlaces_IsThere_WithWhoAndWhy_AndWithoutSecrets()
    {
        await Admin.Send("POST", "/api/users", """{"username":"jane","roles":[{"role":"owner"}]}""", ("X-Headgate-Message", "she runs it now"));
        await Admin.Put("/api/users/jane", """{"roles":[{"role":"owner"}],"desc":"boss"}""");
        await Admin.Put("/api/gateway_groups/blue", """{"name":"Blue"}""");
        await Admin.Put("/api/gateway_groups/blue/workspaces/a", """{"name":"a","hosts":["a.test"]}""");
        await Admin.Put("/api/gateway_groups/blue/workspaces/a", """{"name":"a","hosts":["b.test"]}""");
        await Admin.Put("upstreams/1", Upstream);
        string instance = Id(await Admin.Post("/api/gateway_groups/blue/instance_tokens", """{"name":"rack 7"}"""));
        Person jane = await PutAsync("joe", Owner);
        string token = Id(await jane.Send("POST", "/api/tokens", """{"name":"ci","gateway_group_id":"blue"}"""));
        await jane.Send("DELETE", "/api/tokens/" + token);
        await Admin.Delete("/api/gateway_groups/blue/workspaces/a");
        await Admin.Delete("/api/gateway_groups/blue");

        AdminAnswer answer = (await Admin.Get("/api/audit")).ShouldBe(200);
        Shown(answer).ShouldBe(
        [
            $"deleted instance_tokens/{instance} by ops", "deleted gateway_groups/blue by ops", "deleted workspaces/a by ops", $"deleted tokens/{token} by joe", $"created tokens/{token} by joe",
            "created users/joe by test", $"created instance_tokens/{instance} by ops", "updated workspaces/a by ops", "created workspaces/a by ops", "created gateway_groups/blue by ops",
            "updated users/jane by ops", "created users/jane by ops",
        ]);
        JsonElement[] list = [.. answer.Json.GetProperty("list").EnumerateArray()];
        list[^1].GetProperty("why").GetString().ShouldBe("she runs it now (POST /api/users)");
        list.ShouldAllBe(one => one.GetProperty("who").GetString() == "test" || one.GetProperty("where").GetString() == "127.0.0.1");
        list[^2].GetProperty("difference").GetRawText().ShouldBe("""[{"path":"desc","after":"boss"}]""");
        list[7].GetProperty("difference").GetRawText().ShouldBe("""[{"path":"hosts[0]","before":"a.test","after":"b.test"}]""");
        list[7].GetProperty("gateway_group_id").GetString().ShouldBe("blue");
        await NothingSecretIsInAsync(answer);
        await NothingSecretIsInAsync((await Admin.Get("/api/audit?format=csv")).ShouldBe(200));
        await NothingSecretIsInAsync((await Admin.Get("/api/audit?format=jsonl")).ShouldBe(200));
    }

    [Fact]
    public async Task ChangeOfAPassword_IsThere_AsAChangeOfASecret()
    {
        await MakeAsync("jane", Owner);
        JsonElement[] list = [.. (await Admin.Get("/api/audit?kind=users&id=jane")).ShouldBe(200).Json.GetProperty("list").EnumerateArray()];
        list.Length.ShouldBe(2);
        list[0].GetProperty("who").GetString().ShouldBe("jane");
        list[0].GetProperty("why").GetString().ShouldBe("PUT /api/session/password");
        list[0].GetProperty("difference").EnumerateArray().Single(change => change.GetProperty("path").GetString() == "password_hash").GetRawText()
            .ShouldBe("""{"path":"password_hash","before":"<redacted>","after":"<redacted>","secret":true}""");
        Shown(await Admin.Get("/api/audit")).Length.ShouldBe(2); // logins change nothing
    }

    [Theory]
    [InlineData("\"pbkdf2\"")]
    [InlineData("pbkdf2")]
    [InlineData("""{"password_hash":["pbkdf2"]}""")]
    public async Task WhatAnotherProgramWrites_IsNotShown_WhereASecretWouldBe(string value)
    {
        var commit = new Commit { Operations = [new Operation.Put("/headgate/users/jane", System.Text.Encoding.UTF8.GetBytes(value))], Origin = new Origin("unknown", "local", "") };
        await Server.Store.CommitAsync(commit, TestContext.Current.CancellationToken);
        (await Admin.Get("/api/audit?kind=users")).ShouldBe(200).Body.ShouldNotContain("pbkdf2");
    }

    [Fact]
    public async Task Search_FiltersAndPages()
    {
        foreach (string name in (string[])["a", "b", "c"])
            await Admin.Put($"/api/workspaces/{name}", $$"""{"name":"{{name}}"}""");
        await Admin.Put("/api/gateway_groups/a", """{"name":"a"}""");
        Shown(await Admin.Get("/api/audit?kind=workspaces&page_size=2")).ShouldBe(["created workspaces/c by ops", "created workspaces/b by ops"]);
        long before = (await Admin.Get("/api/audit?kind=workspaces&page_size=2")).Json.GetProperty("before").GetInt64();
        Shown(await Admin.Get($"/api/audit?kind=workspaces&page_size=2&before={before}")).ShouldBe(["created workspaces/a by ops"]);
        Shown(await Admin.Get("/api/audit?kind=workspaces&id=a")).ShouldBe(["created workspaces/a by ops"]);
        Shown(await Admin.Get("/api/audit?kind=gateway_groups&id=a")).ShouldBe(["created gateway_groups/a by ops"]);
        Shown(await Admin.Get("/api/audit?who=eyes")).ShouldBeEmpty();
        Shown(await Admin.Get("/api/audit?to=2000-01-01T00:00:00Z")).ShouldBeEmpty();
        Shown(await Admin.Get("/api/audit?from=2000-01-01T00:00:00Z&who=ops")).Length.ShouldBe(4);
    }

    [Fact]
    public async Task OwnersOfAGroup_SeeTheirGroups_AndNobodyElseSeesAnything()
    {
        await Admin.Put("/api/gateway_groups/blue", """{"name":"Blue"}""");
        await Admin.Put("/api/gateway_groups/blue/workspaces/a", """{"name":"a"}""");
        await Admin.Put("/api/gateway_groups/green", """{"name":"Green"}""");
        await Admin.Put("/api/gateway_groups/green/workspaces/a", """{"name":"a"}""");
        string ours = Id(await Admin.Post("/api/gateway_groups/blue/instance_tokens", """{"name":"ours"}"""));
        await Admin.Post("/api/gateway_groups/green/instance_tokens", """{"name":"theirs"}""");
        Person jane = await PutAsync("jane", """[{"role":"owner","gateway_group_id":"blue"}]""");
        string token = Id(await jane.Send("POST", "/api/tokens", """{"name":"ci","gateway_group_id":"blue"}"""));
        await jane.Send("POST", "/api/tokens", """{"name":"anywhere"}""");

        Shown(await jane.Send("GET", "/api/gateway_groups/blue/audit")).ShouldBe(
            [$"created tokens/{token} by jane", $"created instance_tokens/{ours} by ops", "created workspaces/a by ops", "created gateway_groups/blue by ops"]);
        (await jane.Send("GET", "/api/gateway_groups/blue/audit?kind=users")).ShouldBe(400).ErrorMessage.ShouldBe("invalid argument kind; allowed: tokens, instance_tokens, gateway_groups, workspaces");
        (await jane.Send("GET", "/api/gateway_groups/green/audit")).ShouldBe(403);
        (await jane.Send("GET", "/api/audit")).ShouldBe(403);
        Person operators = await PutAsync("joe", """[{"role":"operator"},{"role":"owner","gateway_group_id":"blue","workspace_id":"a"}]""");
        (await operators.Send("GET", "/api/gateway_groups/blue/audit")).ShouldBe(403);
        (await Admin.Get("/api/gateway_groups/none/audit")).ShouldBe(404);
    }

    [Theory]
    [InlineData("?kind=routes", "invalid argument kind; allowed: users, tokens, instance_tokens, gateway_groups, workspaces")]
    [InlineData("?kind=sessions", "invalid argument kind; allowed: users, tokens, instance_tokens, gateway_groups, workspaces")]
    [InlineData("?id=1", "invalid argument id; it needs the argument kind beside it")]
    [InlineData("?key=/headgate/sessions/", "invalid argument key; allowed: kind, id, who, from, to, before, page_size, format")]
    [InlineData("?from=yesterday", "invalid argument from; allowed: seconds of Unix time, or a time such as 2026-01-31T12:00:00Z")]
    public async Task WrongArgument_IsRefusedByName(string query, string text) => (await Admin.Get("/api/audit" + query)).ShouldBe(400).ErrorMessage.ShouldBe(text);

    private static string Id(AdminAnswer answer) => answer.ShouldBe(201).Value.GetProperty("id").GetString()!;

    private static string[] Shown(AdminAnswer answer) =>
        [.. answer.ShouldBe(200).Json.GetProperty("list").EnumerateArray().Select(static one => $"{one.GetProperty("change")} {one.GetProperty("kind")}/{one.GetProperty("id")} by {one.GetProperty("who")}")];

    /// <summary>Of no record in the store's history a hash, and no key of a session.</summary>
    private async Task NothingSecretIsInAsync(AdminAnswer answer)
    {
        HistoryPage page = await Server.Store.SearchHistoryAsync(new HistoryQuery { Prefix = "/headgate/", Limit = 1000 }, TestContext.Current.CancellationToken);
        var secrets = new List<string>();
        foreach (HistoryRecord record in page.Records)
        {
            foreach (ReadOnlyMemory<byte> value in new[] { record.Before, record.After }.OfType<ReadOnlyMemory<byte>>())
            {
                JsonElement json = JsonElement.Parse(value.Span);
                foreach (string member in (string[])["hash", "password_hash"])
                {
                    if (json.TryGetProperty(member, out JsonElement secret) && secret.GetString() is { Length: > 0 } text)
                        secrets.Add(text);
                }
            }
        }

        secrets.Count.ShouldBeGreaterThan(3);
        foreach (string secret in secrets)
            answer.Body.ShouldNotContain(secret);
        answer.Body.ShouldNotContain("sessions");
        answer.Body.ShouldNotContain("secret:");
    }
}

/// <inheritdoc/>
public sealed class AuditOnEmbeddedStoreTests() : AuditContract(StoreKind.Embedded);

/// <inheritdoc/>
public sealed class AuditOnEtcdTests() : AuditContract(StoreKind.Etcd);
