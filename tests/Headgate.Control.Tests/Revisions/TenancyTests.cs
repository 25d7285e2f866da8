using Headgate.Control.Tests.AdminApi;

namespace Headgate.Control.Tests.Revisions;

/// <summary>Each gateway group has its own history, and each workspace sees that of its own objects.</summary>
public sealed class TenancyTests() : AdminApiTest(StoreKind.Memory)
{
    private const string Blue = "?workspace_id=blue";

    [Fact]
    public async Task Group_HasItsOwnHistory()
    {
        (await Admin.Put("/api/gateway_groups/east", """{"name":"East"}""")).ShouldBe(201);
        long first = Revision((await Admin.Put("consumers/jack?gateway_group_id=east", """{"username":"jack","plugins":{"key-auth":{"key":"a-very-secret-word"}}}""")).ShouldBe(201));
        (await Admin.Put("consumers/jack?gateway_group_id=east", """{"username":"jack"}""")).ShouldBe(200);
        (await Admin.Put("upstreams/2", Upstream)).ShouldBe(201);

        (await Admin.Get("/api/gateway_groups/east/revisions?kind=consumers")).ShouldBe(200).Body.ShouldNotContain("a-very-secret-word");
        (await KeysAsync("/api/gateway_groups/default/revisions")).ShouldBe(["/apisix/upstreams/2"]);
        (await KeysAsync("/api/gateway_groups/east/revisions?key=consumers")).ShouldBe(["/apisix/consumers/jack", "/apisix/consumers/jack"]);
        (await KeysAsync("/api/gateway_groups/east/consumers/jack/history")).Length.ShouldBe(2);
        (await Admin.Post("/api/gateway_groups/east/consumers/jack/restore", $$"""{"revision":{{first}}}""")).ShouldBe(200);
        (await Admin.Get("consumers/jack?gateway_group_id=east")).Value.GetProperty("plugins").GetProperty("key-auth").GetProperty("key").GetString().ShouldBe("a-very-secret-word");
        (await Admin.Get("consumers/jack")).ShouldBe(404);
        (await Admin.Get("/api/gateway_groups/west/revisions")).ShouldBe(404);
    }

    [Fact]
    public async Task Workspace_SeesAndRestoresItsOwn()
    {
        (await Admin.Put("/api/workspaces/blue", """{"name":"Blue"}""")).ShouldBe(201);
        long blue = Revision((await Admin.Put("upstreams/b" + Blue, Upstream)).ShouldBe(201));
        await Admin.Patch("upstreams/b" + Blue, """{"retries":3}""");
        await Admin.Put("upstreams/mine", Upstream);
        (await Admin.Delete("upstreams/b" + Blue)).ShouldBe(200);
        const string Group = "/api/gateway_groups/default/";

        (await KeysAsync(Group + "revisions")).ShouldBe(["/apisix/upstreams/mine"]);
        (await KeysAsync(Group + "revisions" + Blue)).ShouldBe(["/apisix/upstreams/b", "/apisix/upstreams/b", "/apisix/upstreams/b"]);
        (await Admin.Get(Group + "revisions?format=csv")).ShouldBe(200).Body.ShouldNotContain("upstreams/b");
        (await KeysAsync(Group + "upstreams/b/history")).ShouldBeEmpty();
        (await Admin.Get($"{Group}upstreams/b/history/{blue}")).ShouldBe(404);
        (await Admin.Get($"{Group}revisions/{blue}/upstreams")).ShouldBe(200).Json.GetProperty("total").GetInt32().ShouldBe(0);
        (await Admin.Get($"{Group}revisions/{blue}/upstreams{Blue}")).ShouldBe(200).Json.GetProperty("total").GetInt32().ShouldBe(1);
        (await Admin.Get($"{Group}revisions/{blue}")).ShouldBe(404);
        (await Admin.Post(Group + "upstreams/b/restore", $$"""{"revision":{{blue}}}""")).ShouldBe(404);
        (await Admin.Post(Group + "upstreams/b/restore" + Blue, $$"""{"revision":{{blue}}}""")).ShouldBe(201);
        (await Admin.Get("upstreams/b" + Blue)).ShouldBe(200);
        (await Admin.Get("upstreams/b")).ShouldBe(404);
        (await Admin.Get(Group + "revisions?workspace_id=red")).ShouldBe(404);
    }

    [Fact]
    public async Task Workspace_LearnsNothingOfAnothersObjectByAConflictOrADryRun()
    {
        await Admin.Put("/api/workspaces/blue", """{"name":"Blue"}""");
        long revision = Revision((await Admin.Put("upstreams/b" + Blue, """{"nodes":{"10.9.9.9:1":1}}""")).ShouldBe(201));
        await Admin.Put("upstreams/b" + Blue, """{"nodes":{"10.9.9.9:1":2}}""");

        (await Admin.Send("PUT", "upstreams/b", Upstream, ("If-Match", $"\"{revision}\""))).ShouldBe(412).Members.ShouldBe(["error_msg"]);
        (await Admin.Put("upstreams/b?dry-run=true", Upstream)).ShouldBe(409).Body.ShouldNotContain("10.9.9.9");
        (await Admin.Delete("upstreams/b?dry-run=true")).ShouldBe(404);
        (await Admin.Put("routes/1?dry-run=true", Route("/a", """ "upstream_id":"b" """))).ShouldBe(400).Json.GetProperty("errors")[0].GetProperty("path").GetString().ShouldBe("upstream_id");
    }

    private static long Revision(AdminAnswer answer) => long.Parse(answer.Header("ETag")!.Trim('"'), System.Globalization.CultureInfo.InvariantCulture);

    private async Task<string[]> KeysAsync(string path) =>
        [.. (await Admin.Get(path)).ShouldBe(200).Json.GetProperty("list").EnumerateArray().Select(one => one.GetProperty("key").GetString()!)];
}
