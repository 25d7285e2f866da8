using System.Text;
using Headgate.Control.Tests.AdminApi;
using Headgate.Store;

namespace Headgate.Control.Tests.Groups;

/// <summary>Gateway groups: isolated configurations in one store.</summary>
public sealed class GatewayGroupTests() : AdminApiTest(StoreKind.Embedded)
{
    private const string Groups = "/api/gateway_groups";

    [Fact]
    public async Task DefaultGroup_IsThere_AndStays()
    {
        (await Admin.Get(Groups)).ShouldBe(200).Body.ShouldBe("""{"list":[{"id":"default","name":"default","prefix":"/apisix"}],"total":1}""" + "\n");
        (await Admin.Delete(Groups + "/default")).ShouldBe(400).ErrorMessage.ShouldBe("the default gateway group is always there");
        (await Admin.Put(Groups + "/default", """{"name":"Production"}""")).ShouldBe(201);
        (await Admin.Get(Groups + "/default")).ShouldBe(200).Value.GetProperty("name").GetString().ShouldBe("Production");
        (await Admin.Get(Groups)).Json.GetProperty("total").GetInt32().ShouldBe(1);
    }

    [Fact]
    public async Task Groups_HaveObjectsOfTheirOwn_BelowPrefixesOfTheirOwn()
    {
        (await Admin.Put(Groups + "/blue", """{"name":"Blue","desc":"the other one","labels":{"a":"b"}}""")).ShouldBe(201).Value.GetProperty("prefix").GetString().ShouldBe("/gateway_groups/blue");
        (await Admin.Put("upstreams/1", Upstream)).ShouldBe(201);
        (await Admin.Get("upstreams/1?gateway_group_id=blue")).ShouldBe(404);
        (await Admin.Put("upstreams/1?gateway_group_id=blue", """{"nodes":{"127.0.0.1:1981":1}}""")).ShouldBe(201).Json.GetProperty("key").GetString().ShouldBe("/apisix/upstreams/1");
        (await Admin.Send("PUT", "routes/1", Route("/a", "\"upstream_id\":\"1\""), ("X-Gateway-Group-Id", "blue"))).ShouldBe(201);
        (await Admin.Delete("upstreams/1?gateway_group_id=blue")).ShouldBe(400).ErrorMessage.ShouldBe("can not delete this upstream, route [1] is still using it now");
        (await Admin.Delete("upstreams/1?gateway_group_id=default")).ShouldBe(200);
        (await Admin.Get("upstreams")).Json.GetProperty("total").GetInt32().ShouldBe(0);
        (await Admin.Get("upstreams?gateway_group_id=blue")).Json.GetProperty("total").GetInt32().ShouldBe(1);

        StoreView stored = await Server.Store.GetAsync("/", TestContext.Current.CancellationToken);
        stored.Entries.Select(entry => entry.Key).ShouldBe(["/gateway_groups/blue/routes/1", "/gateway_groups/blue/upstreams/1", "/headgate/gateway_groups/blue"]);
    }

    [Fact]
    public async Task Secrets_OfAnotherGroup_LieEncrypted()
    {
        await Admin.Put(Groups + "/blue", """{"name":"Blue"}""");
        (await Admin.Put("consumers?gateway_group_id=blue", """{"username":"jack","plugins":{"key-auth":{"key":"plain-secret"}}}""")).ShouldBe(201);
        StoreView stored = await Server.Store.GetAsync("/gateway_groups/blue/", TestContext.Current.CancellationToken);
        Encoding.UTF8.GetString(stored.Entries.ShouldHaveSingleItem().Value.Span).ShouldNotContain("plain-secret");
        (await Admin.Get("consumers/jack?gateway_group_id=blue")).ShouldBe(200).Body.ShouldContain("plain-secret");
    }

    [Theory]
    [InlineData("?gateway_group_id=none", "", 404, "there is no gateway group none")]
    [InlineData("?gateway_group_id=..%2F", "", 404, "there is no gateway group ../")]
    [InlineData("?gateway_group_id=default", "blue", 400, "gateway_group_id=default and X-Gateway-Group-Id: blue name two; give one, or the same")]
    [InlineData("?workspace_id=none", "", 404, "there is no workspace none in gateway group default")]
    public async Task AddressOfWhatIsNotThere_IsRefused(string query, string header, int status, string text)
    {
        (string, string)[] headers = header.Length == 0 ? [] : [("X-Gateway-Group-Id", header)];
        (await Admin.Send("PUT", "upstreams/1" + query, Upstream, headers)).ShouldBe(status).ErrorMessage.ShouldBe(text);
    }

    [Theory]
    [InlineData("{}", """property "name" is required""")]
    [InlineData("""{"name":""}""", "string too short")]
    [InlineData("""{"name":"a","nodes":1}""", "additional properties forbidden, found nodes")]
    [InlineData("""{"name":"a","id":"a b"}""", "wrong gateway group id")]
    [InlineData("[]", "missing configurations")]
    public async Task WrongGroups_AreRefused(string body, string text) => (await Admin.Put(Groups + "/blue", body)).ShouldBe(400).ErrorMessage!.ShouldContain(text);

    [Fact]
    public async Task Post_MakesAnId_PutKeepsTheCreateTime_IfMatchActs()
    {
        AdminAnswer made = (await Admin.Post(Groups, """{"name":"Green"}""")).ShouldBe(201);
        string id = made.Value.GetProperty("id").GetString()!;
        id.Length.ShouldBe(12);
        (await Admin.Post(Groups, $$"""{"name":"Green","id":"{{id}}"}""")).ShouldBe(409).ErrorMessage.ShouldBe($"there is a gateway group {id} already");
        Server.Clock.UnixSeconds += 10;
        AdminAnswer changed = (await Admin.Put($"{Groups}/{id}", made.Value.GetRawText().Replace("Green", "Greener"))).ShouldBe(200);
        changed.Value.GetProperty("name").GetString().ShouldBe("Greener");
        changed.Value.GetProperty("create_time").GetInt64().ShouldBe(made.Value.GetProperty("create_time").GetInt64());
        changed.Value.GetProperty("update_time").GetInt64().ShouldBe(made.Value.GetProperty("update_time").GetInt64() + 10);
        (await Admin.Send("PUT", $"{Groups}/{id}", """{"name":"x"}""", ("If-Match", made.Header("ETag")!))).ShouldBe(412);
        (await Admin.Get(Groups + "?search=green")).Json.GetProperty("total").GetInt32().ShouldBe(1);
        (await Admin.Get(Groups + "?name=Green")).Json.GetProperty("total").GetInt32().ShouldBe(0);
    }

    [Fact]
    public async Task Delete_WantsAnEmptyGroup_OrItsName()
    {
        await Admin.Put(Groups + "/blue", """{"name":"Blue Team"}""");
        await Admin.Put(Groups + "/blue/workspaces/w", """{"name":"w"}""");
        for (int i = 0; i < 300; i++)
            (await Admin.Put($"upstreams/{i}?gateway_group_id=blue&workspace_id=w", Upstream)).ShouldBe(201);
        (await Admin.Delete(Groups + "/blue")).ShouldBe(409).ErrorMessage.ShouldBe("gateway group blue is not empty: it has 300 upstreams; delete them, or say confirm=NAME");
        (await Admin.Delete(Groups + "/blue?confirm=Blue")).ShouldBe(400);
        (await Admin.Delete(Groups + "/blue?confirm=Blue%20Team")).ShouldBe(200);
        (await Admin.Get("upstreams?gateway_group_id=blue")).ShouldBe(404);
        (await Admin.Get(Groups + "/blue")).ShouldBe(404);
        (await Server.Store.GetAsync("/", TestContext.Current.CancellationToken)).Entries.ShouldBeEmpty();

        (await Admin.Put(Groups + "/blue", """{"name":"Blue again"}""")).ShouldBe(201);
        (await Admin.Get("upstreams?gateway_group_id=blue")).Json.GetProperty("total").GetInt32().ShouldBe(0);
        (await Admin.Delete(Groups + "/blue")).ShouldBe(200);
    }

    [Fact]
    public async Task WriteAgainstDeletionOfTheGroup_LeavesNothingBehind()
    {
        for (int round = 0; round < 40; round++)
        {
            (await Admin.Put(Groups + "/g", """{"name":"g"}""")).ShouldBe(201);
            Task<AdminAnswer> write = Task.Run(() => Admin.Put("upstreams/1?gateway_group_id=g", Upstream));
            Task<AdminAnswer> delete = Task.Run(() => Admin.Delete(Groups + "/g"));
            await Task.WhenAll(write, delete);
            bool deleted = (await delete).Status == 200;
            bool written = (await write).Status == 201;
            (deleted ^ written).ShouldBeTrue($"round {round}: delete {(await delete).Body}, write {(await write).Body}");
            if (written)
                (await Admin.Delete(Groups + "/g?confirm=g")).ShouldBe(200);
            (await Server.Store.GetAsync("/", TestContext.Current.CancellationToken)).Entries.ShouldBeEmpty();
        }
    }

    [Fact]
    public async Task Viewer_Reads_AndDoesNotWrite()
    {
        using var viewer = new AdminClient(Server.Address, AdminServer.ViewerKey);
        (await viewer.Get(Groups)).ShouldBe(200);
        (await viewer.Put(Groups + "/blue", """{"name":"Blue"}""")).ShouldBe(401);
    }
}
