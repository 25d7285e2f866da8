using Headgate.Control.Tests.AdminApi;
using Headgate.Store;

namespace Headgate.Control.Tests.Groups;

/// <summary>Workspaces: teams share the gateways of a group without seeing each other.</summary>
public sealed class WorkspaceTests() : AdminApiTest(StoreKind.Embedded)
{
    private const string Workspaces = "/api/gateway_groups/default/workspaces";

    [Fact]
    public async Task Objects_AreSeenByTheirWorkspaceAlone()
    {
        await MakeAsync("a", "b");
        (await Admin.Put("upstreams/1", Upstream)).ShouldBe(201);
        (await Admin.Put("upstreams/2?workspace_id=a", Upstream)).ShouldBe(201);
        (await Admin.Send("PUT", "upstreams/3", Upstream, ("X-Workspace-Id", "b"))).ShouldBe(201);

        (await Admin.Get("upstreams")).Keys.ShouldBe(["/apisix/upstreams/1"]);
        (await Admin.Get("upstreams?workspace_id=default")).Keys.ShouldBe(["/apisix/upstreams/1"]);
        (await Admin.Get("upstreams?workspace_id=a")).Keys.ShouldBe(["/apisix/upstreams/2"]);
        (await Admin.Get("upstreams/2")).ShouldBe(404);
        (await Admin.Get("upstreams/2?workspace_id=b")).ShouldBe(404);
        (await Admin.Get("upstreams/2?workspace_id=a")).ShouldBe(200);
        (await Admin.Delete("upstreams/2?workspace_id=b")).ShouldBe(404);
        (await Admin.Delete("upstreams/2?force=true")).ShouldBe(404);
        (await Admin.Patch("upstreams/2", """{"retries":1}""")).ShouldBe(404);
        (await Admin.Put("upstreams/2", Upstream)).ShouldBe(409).ErrorMessage.ShouldBe("the id 2 is taken: another workspace of the gateway group has a upstream of that id");
        (await Admin.Put("upstreams/1?workspace_id=a", Upstream)).ShouldBe(409);
        (await Admin.Put("upstreams/2?workspace_id=a", Upstream)).ShouldBe(200);
        (await Admin.Patch("upstreams/2?workspace_id=a", """{"retries":1}""")).ShouldBe(200);
        (await Admin.Delete("upstreams/2?workspace_id=a")).ShouldBe(200);
        (await Admin.Put("upstreams/2", Upstream)).ShouldBe(201);

        StoreView stored = await Server.Store.GetAsync("/headgate/tenancy/default/owners/", TestContext.Current.CancellationToken);
        stored.Entries.Select(entry => entry.Key).ShouldBe(["/headgate/tenancy/default/owners/upstreams/3"]);
    }

    [Fact]
    public async Task References_StayInTheWorkspace()
    {
        await MakeAsync("a");
        await Admin.Put("upstreams/1", Upstream);
        await Admin.Put("upstreams/2?workspace_id=a", Upstream);
        string missing = "failed to fetch upstream info by upstream id [1], response code: 404";
        (await Admin.Put("routes/1?workspace_id=a", Route("/a", "\"upstream_id\":\"1\""))).ShouldBe(400).ErrorMessage.ShouldBe(missing);
        (await Admin.Put("routes/1", Route("/a", "\"upstream_id\":\"2\""))).ShouldBe(400);
        (await Admin.Put("routes/1?workspace_id=a", Route("/a", "\"upstream_id\":\"2\""))).ShouldBe(201);
        (await Admin.Delete("upstreams/2?workspace_id=a")).ShouldBe(400).ErrorMessage.ShouldBe("can not delete this upstream, route [1] is still using it now");
    }

    [Fact]
    public async Task Credentials_BelongToTheWorkspaceOfTheirConsumer()
    {
        await MakeAsync("a");
        (await Admin.Put("consumers?workspace_id=a", """{"username":"jack"}""")).ShouldBe(201);
        string credential = """{"plugins":{"key-auth":{"key":"k"}}}""";
        (await Admin.Put("consumers/jack/credentials/1", credential)).ShouldBe(404);
        (await Admin.Put("consumers/jack/credentials/1?workspace_id=a", credential)).ShouldBe(201);
        (await Admin.Get("consumers/jack/credentials")).ShouldBe(404);
        (await Admin.Get("consumers/jack/credentials?workspace_id=a")).Keys.Length.ShouldBe(1);
        (await Admin.Delete("consumers/jack")).ShouldBe(404);
        (await Admin.Delete("consumers/jack?workspace_id=a")).ShouldBe(200);
        (await Admin.Put("consumers", """{"username":"jack"}""")).ShouldBe(201);
    }

    [Fact]
    public async Task WhatConcernsAllTraffic_IsTheDefaultWorkspaces()
    {
        await MakeAsync("a");
        await Admin.Put("global_rules/1", """{"plugins":{}}""");
        (await Admin.Get("global_rules?workspace_id=a")).Json.GetProperty("total").GetInt32().ShouldBe(0);
        (await Admin.Put("global_rules/2?workspace_id=a", """{"plugins":{}}""")).ShouldBe(400).ErrorMessage!.ShouldStartWith("a global rule concerns all of the gateway group");
        (await Admin.Delete("global_rules/1?workspace_id=a")).ShouldBe(404);
    }

    [Fact]
    public async Task Hosts_AreOneWorkspacesAlone()
    {
        (await Admin.Put(Workspaces + "/a", """{"name":"a","hosts":["*.a.test","a.test"]}""")).ShouldBe(201);
        (await Admin.Put(Workspaces + "/b", """{"name":"b","hosts":["x.a.test"]}""")).ShouldBe(400).ErrorMessage.ShouldBe("hosts: x.a.test belongs to workspace a of this gateway group");
        (await Admin.Put(Workspaces + "/b", """{"name":"b","hosts":["*.test"]}""")).ShouldBe(400);
        (await Admin.Put(Workspaces + "/b", """{"name":"b"}""")).ShouldBe(201);
        await Admin.Put("upstreams/1", Upstream);
        await Admin.Put("upstreams/a?workspace_id=a", Upstream);
        await Admin.Put("upstreams/b?workspace_id=b", Upstream);

        (await Admin.Put("routes/1?workspace_id=a", Of("a", "x.a.test"))).ShouldBe(201);
        (await Admin.Put("routes/2?workspace_id=a", Of("a", "x.b.test"))).ShouldBe(400).ErrorMessage.ShouldBe("hosts x.b.test is none of workspace a, which has *.a.test, a.test");
        (await Admin.Put("routes/2?workspace_id=a", Route("/a", "\"upstream_id\":\"a\""))).ShouldBe(400).ErrorMessage!.ShouldContain("needs hosts");
        (await Admin.Put("routes/3?workspace_id=b", Of("b", "y.a.test"))).ShouldBe(400).ErrorMessage.ShouldBe("hosts y.a.test belongs to workspace a of this gateway group");
        (await Admin.Put("routes/3", Of("1", "*.a.test"))).ShouldBe(400);
        (await Admin.Put("routes/3", Of("1", "c.test"))).ShouldBe(201);
        (await Admin.Put("services/1?workspace_id=a", """{"hosts":["s.a.test"],"upstream_id":"a"}""")).ShouldBe(201);
        (await Admin.Put("routes/4?workspace_id=a", Route("/s", "\"service_id\":\"1\""))).ShouldBe(201);

        (await Admin.Put(Workspaces + "/a", """{"name":"a","hosts":["*.a.test"]}""")).ShouldBe(409).ErrorMessage.ShouldBe("hosts of workspace a cannot change while it has routes; /apisix/routes/1 is one");
        (await Admin.Put(Workspaces + "/a", """{"name":"renamed","hosts":["a.test","*.a.test"]}""")).ShouldBe(200);
        (await Admin.Put(Workspaces + "/c", """{"name":"c","hosts":["c.test"]}""")).ShouldBe(409).ErrorMessage.ShouldBe("hosts: /apisix/routes/3 would have hosts that are not theirs");
    }

    [Fact]
    public async Task Delete_WantsAnEmptyWorkspace()
    {
        await MakeAsync("a");
        await Admin.Put("upstreams/1?workspace_id=a", Upstream);
        AdminAnswer shown = (await Admin.Get(Workspaces + "/a")).ShouldBe(200);
        shown.Value.GetProperty("objects").GetRawText().ShouldBe("""{"upstreams":1}""");
        (await Admin.Delete(Workspaces + "/a")).ShouldBe(409).ErrorMessage.ShouldBe("workspace a is not empty: 1 objects belong to it, /apisix/upstreams/1 among them; delete them first");
        await Admin.Delete("upstreams/1?workspace_id=a");
        (await Admin.Delete(Workspaces + "/a")).ShouldBe(200);
        (await Admin.Put("upstreams/1?workspace_id=a", Upstream)).ShouldBe(404);
        (await Admin.Delete(Workspaces + "/default")).ShouldBe(400);
        (await Admin.Get("/api/workspaces")).Json.GetProperty("list").EnumerateArray().Select(item => item.GetProperty("id").GetString()).ShouldBe(["default"]);
        (await Admin.Get("/api/workspaces?gateway_group_id=none")).ShouldBe(404);
    }

    [Fact]
    public async Task WriteAgainstDeletionOfTheWorkspace_NeverBothSucceed()
    {
        for (int round = 0; round < 60; round++)
        {
            await MakeAsync("w");
            Task<AdminAnswer> write = Task.Run(() => Admin.Put("upstreams/1?workspace_id=w", Upstream));
            Task<AdminAnswer> delete = Task.Run(() => Admin.Delete(Workspaces + "/w"));
            await Task.WhenAll(write, delete);
            bool deleted = (await delete).Status == 200;
            bool written = (await write).Status == 201;
            (deleted ^ written).ShouldBeTrue($"round {round}: delete {(await delete).Body}, write {(await write).Body}");
            if (!written)
                continue;
            (await Admin.Delete("upstreams/1?workspace_id=w")).ShouldBe(200);
            (await Admin.Delete(Workspaces + "/w")).ShouldBe(200);
        }
    }

    [Fact]
    public async Task TwoWorkspaces_ThatMakeTheSameId_OneGetsIt()
    {
        await MakeAsync("a", "b");
        for (int round = 0; round < 60; round++)
        {
            AdminAnswer[] answers = await Task.WhenAll(new[] { "a", "b", "default" }.Select(workspace => Task.Run(() => Admin.Put("upstreams/1?workspace_id=" + workspace, Upstream))));
            answers.Count(answer => answer.Status == 201).ShouldBe(1);
            answers.Count(answer => answer.Status == 409).ShouldBe(2);
            string winner = new[] { "a", "b", "default" }[Array.FindIndex(answers, answer => answer.Status == 201)];
            (await Admin.Delete("upstreams/1?workspace_id=" + winner)).ShouldBe(200);
        }
    }

    [Fact]
    public async Task ObjectThatAnotherProgramDeleted_MayBeMadeByAnyWorkspace()
    {
        await MakeAsync("a");
        await Admin.Put("upstreams/1?workspace_id=a", Upstream);
        var delete = new Commit { Operations = [new Operation.Delete("/apisix/upstreams/1")], Origin = new Origin("etcdctl", "local", "del") };
        await Server.Store.CommitAsync(delete, TestContext.Current.CancellationToken);
        (await Admin.Put("upstreams/1", Upstream)).ShouldBe(201);
        (await Admin.Get("upstreams")).Keys.ShouldBe(["/apisix/upstreams/1"]);
        (await Admin.Get("upstreams?workspace_id=a")).Json.GetProperty("total").GetInt32().ShouldBe(0);
    }

    private static string Of(string upstream, string host) => $$"""{"uri":"/a","hosts":["{{host}}"],"upstream_id":"{{upstream}}"}""";

    private async Task MakeAsync(params string[] workspaces)
    {
        foreach (string workspace in workspaces)
            (await Admin.Put($"{Workspaces}/{workspace}", $$"""{"name":"{{workspace}}"}""")).ShouldBe(201);
    }
}
