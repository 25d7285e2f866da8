using System.Net;
using Headgate.Control.AdminApi;
using Headgate.Testing;

namespace Headgate.Control.Tests.AdminApi;

public sealed class AuthenticationTests() : AdminApiTest(StoreKind.Memory)
{
    [Fact]
    public async Task NoKey_Answers401MissingApikey()
    {
        using AdminClient stranger = new(Server.Address, null);

        AdminAnswer answer = (await stranger.Get("routes")).ShouldBe(401);

        answer.Body.ShouldBe("""{"error_msg":"failed to check token","description":"missing apikey"}""" + "\n");
    }

    [Theory]
    [InlineData("wrong")]
    [InlineData("admin-key-for-test")]
    [InlineData("admin-key-for-tests1")]
    [InlineData("Admin-key-for-tests")]
    public async Task WrongKey_Answers401WrongApikey(string key)
    {
        using AdminClient stranger = new(Server.Address, key);

        AdminAnswer answer = (await stranger.Get("routes")).ShouldBe(401);

        answer.Body.ShouldBe("""{"error_msg":"failed to check token","description":"wrong apikey"}""" + "\n");
    }

    [Fact]
    public async Task Key_AsQueryArgumentOrCookie_IsAccepted()
    {
        using AdminClient stranger = new(Server.Address, null);

        (await stranger.Get($"routes?api_key={AdminServer.AdminKey}")).ShouldBe(200);
        (await stranger.Send("GET", "routes", null, ("Cookie", $"a=b; x_api_key={AdminServer.AdminKey}"))).ShouldBe(200);
        (await stranger.Send("GET", "routes?api_key=wrong", null, ("X-API-KEY", AdminServer.AdminKey))).ShouldBe(401);
    }

    [Theory]
    [InlineData("PUT", "upstreams/1")]
    [InlineData("POST", "upstreams")]
    [InlineData("PATCH", "upstreams/1")]
    [InlineData("DELETE", "upstreams/1")]
    public async Task Viewer_MayNotWrite(string method, string path)
    {
        using AdminClient viewer = new(Server.Address, AdminServer.ViewerKey);

        (await viewer.Get("upstreams")).ShouldBe(200);
        AdminAnswer answer = (await viewer.Send(method, path, Upstream)).ShouldBe(401);

        answer.Body.ShouldBe("""{"error_msg":"failed to check token","description":"invalid method for role viewer"}""" + "\n");
        (await Admin.Get("upstreams")).Json.GetProperty("total").GetInt32().ShouldBe(0);
    }

    [Fact]
    public async Task Key_BoundToAWorkspace_ActsThere_AndThereAlone()
    {
        await using AdminServer server = await StartBoundAsync(keyRequired: true);
        using AdminClient team = new(server.Address, "team");
        (await team.Put("upstreams/1", Upstream)).ShouldBe(201);
        (await server.Client.Get("upstreams?gateway_group_id=blue&workspace_id=a")).Json.GetProperty("total").GetInt32().ShouldBe(1);
        (await team.Put("upstreams/1?workspace_id=default", Upstream)).ShouldBe(403).ErrorMessage.ShouldBe("team needs role editor in workspace default of gateway group blue, and has owner of blue/a");
        (await team.Put("upstreams/1?gateway_group_id=default", Upstream)).ShouldBe(403);
        (await team.Get("global_rules?workspace_id=default")).ShouldBe(403);
        (await team.Get("/api/users")).ShouldBe(403);
        (await team.Get("/api/workspaces")).ShouldBe(200).Json.GetProperty("total").GetInt32().ShouldBe(1);
    }

    [Fact]
    public async Task Key_BoundToAGroup_ActsInAllOfIt_AndAViewersReads()
    {
        await using AdminServer server = await StartBoundAsync(keyRequired: true);
        using AdminClient group = new(server.Address, "group");
        using AdminClient eyes = new(server.Address, "eyes");
        (await group.Put("upstreams/1", Upstream)).ShouldBe(201);
        (await server.Client.Get("upstreams?gateway_group_id=blue")).Json.GetProperty("total").GetInt32().ShouldBe(1);
        (await group.Put("upstreams/2?workspace_id=a", Upstream)).ShouldBe(201);
        (await group.Put("/api/gateway_groups/blue/workspaces/b", """{"name":"b"}""")).ShouldBe(201);
        (await group.Put("upstreams/1?gateway_group_id=default", Upstream)).ShouldBe(403);
        (await group.Put("/api/gateway_groups/green", """{"name":"green"}""")).ShouldBe(403);
        (await eyes.Get("upstreams")).ShouldBe(200).Json.GetProperty("total").GetInt32().ShouldBe(1);
        (await eyes.Get("upstreams?gateway_group_id=default")).ShouldBe(403);
        (await eyes.Put("upstreams/1", Upstream)).ShouldBe(401);
    }

    [Fact]
    public async Task Key_ThatIsNotRequired_StillSaysWhatIsMeant()
    {
        await using AdminServer server = await StartBoundAsync(keyRequired: false);
        using AdminClient team = new(server.Address, "team");
        (await team.Put("upstreams/1", Upstream)).ShouldBe(201);
        (await server.Client.Get("upstreams?gateway_group_id=blue&workspace_id=a")).Json.GetProperty("total").GetInt32().ShouldBe(1);
    }

    [Fact]
    public async Task KeyNotRequired_LetsEverybodyInAndRecordsAnonymous()
    {
        await using AdminServer open = await AdminServer.StartAsync(new InMemoryStore(), AdminServer.Options with { KeyRequired = false });
        using AdminClient stranger = new(open.Address, null);

        (await stranger.Put("upstreams/1", Upstream)).ShouldBe(201);
        (await open.Client.Put("upstreams/1", Upstream)).ShouldBe(200);

        var history = await open.Store.GetHistoryAsync("/apisix/upstreams/1", 10, CancellationToken.None);
        history.Select(record => record.Origin.Who).ShouldBe(["ops", "anonymous"]);
    }

    [Fact]
    public async Task NoKeysConfigured_RefusesEverybody()
    {
        await using AdminServer closed = await AdminServer.StartAsync(new InMemoryStore(), AdminServer.Options with { Keys = [] });

        (await closed.Client.Get("routes")).ShouldBe(401);
    }

    [Fact]
    public async Task AddressNotAllowed_Answers403BeforeTheKeyIsLookedAt()
    {
        await using AdminServer narrow = await AdminServer.StartAsync(new InMemoryStore(), AdminServer.Options with { AllowAdmin = [IPNetwork.Parse("10.0.0.0/8")] });
        using AdminClient stranger = new(narrow.Address, null);

        AdminAnswer answer = (await stranger.Get("routes")).ShouldBe(403);

        answer.Body.ShouldBe("""{"error_msg":"address 127.0.0.1 may not use the Admin API; see deployment.admin.allow_admin"}""" + "\n");
    }

    [Fact]
    public async Task AddressAllowed_PassesOn()
    {
        await using AdminServer narrow = await AdminServer.StartAsync(
            new InMemoryStore(), AdminServer.Options with { AllowAdmin = [IPNetwork.Parse("10.0.0.0/8"), IPNetwork.Parse("127.0.0.0/24")] });

        (await narrow.Client.Get("routes")).ShouldBe(200);
    }

    [Fact]
    public async Task Write_IsRecordedWithWhoWhereAndWhy()
    {
        await Admin.Put($"upstreams/1?api_key={AdminServer.AdminKey}", Upstream);

        var history = await Server.Store.GetHistoryAsync("/apisix/upstreams/1", 10, CancellationToken.None);
        history.ShouldHaveSingleItem().Origin.ShouldBe(new Headgate.Store.Origin("ops", "127.0.0.1", "PUT /apisix/admin/upstreams/1"));
    }

    [Fact]
    public void AdminKey_AsText_HoldsNoSecret() => AdminServer.Options.Keys[0].ToString().ShouldNotContain(AdminServer.AdminKey);

    /// <summary>A server with a group and a workspace in it, and keys that are bound to them.</summary>
    private static async Task<AdminServer> StartBoundAsync(bool keyRequired)
    {
        AdminKey[] bound =
        [
            new("team", "team", AdminRole.Admin) { Group = "blue", Workspace = "a" }, new("group", "group", AdminRole.Admin) { Group = "blue" },
            new("group eyes", "eyes", AdminRole.Viewer) { Group = "blue" },
        ];
        AdminServer server = await AdminServer.StartAsync(new InMemoryStore(), AdminServer.Options with { KeyRequired = keyRequired, Keys = [.. AdminServer.Options.Keys, .. bound] });
        (await server.Client.Put("/api/gateway_groups/blue", """{"name":"Blue"}""")).ShouldBe(201);
        (await server.Client.Put("/api/gateway_groups/blue/workspaces/a", """{"name":"a"}""")).ShouldBe(201);
        return server;
    }
}
