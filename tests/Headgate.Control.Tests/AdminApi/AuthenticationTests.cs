using System.Net;
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
}
