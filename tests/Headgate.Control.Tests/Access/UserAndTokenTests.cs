using Headgate.Control.Tests.AdminApi;

namespace Headgate.Control.Tests.Access;

/// <summary>Users and their API tokens.</summary>
public sealed class UserAndTokenTests : AccessTest
{
    private const string Owner = """[{"role":"owner"}]""";

    [Fact]
    public async Task Users_AreMadeChangedAndDeleted_ButTheLastOwnerStays()
    {
        AdminAnswer made = (await Admin.Post("/api/users", """{"username":"jane","desc":"boss","roles":[{"role":"owner"}]}""")).ShouldBe(201);
        made.Value.GetProperty("password").GetString()!.Length.ShouldBe(24);
        (await Admin.Post("/api/users", """{"username":"jane"}""")).ShouldBe(409);
        (await Admin.Delete("/api/users/jane")).ShouldBe(409).ErrorMessage.ShouldBe("jane is the last user who may do everything everywhere; give another one that first");
        (await Admin.Put("/api/users/jane", """{"roles":[{"role":"viewer"}]}""")).ShouldBe(409);
        (await Admin.Put("/api/users/jane", """{"roles":[{"role":"owner"}],"disabled":true}""")).ShouldBe(409);
        (await Admin.Post("/api/users", """{"username":"joe","roles":[{"role":"owner"}]}""")).ShouldBe(201);
        (await Admin.Put("/api/users/jane", """{"roles":[{"role":"editor","gateway_group_id":"default","workspace_id":"a"}]}""")).ShouldBe(200);
        (await Admin.Get("/api/users/jane")).Value.GetProperty("roles").GetRawText().ShouldBe("""[{"role":"editor","gateway_group_id":"default","workspace_id":"a"}]""");
        (await Admin.Get("/api/users")).Json.GetProperty("total").GetInt32().ShouldBe(2);
        (await Admin.Delete("/api/users/jane")).ShouldBe(200);
        (await Admin.Delete("/api/users/jane")).ShouldBe(404);
    }

    [Fact]
    public async Task TwoOwners_WhoTakeEachOthersRoles_DoNotBothSucceed()
    {
        for (int round = 0; round < 20; round++)
        {
            await Admin.Post("/api/users", """{"username":"a","roles":[{"role":"owner"}]}""");
            await Admin.Post("/api/users", """{"username":"b","roles":[{"role":"owner"}]}""");
            AdminAnswer[] answers = await Task.WhenAll(new[] { "a", "b" }.Select(name => Task.Run(() => Admin.Delete("/api/users/" + name))));
            answers.Select(answer => answer.Status).Order().ShouldBe([200, 409]);
        }
    }

    [Theory]
    [InlineData("""{"username":"a b"}""", "username must be")]
    [InlineData("""{"username":"jane","roles":[{"role":"king"}]}""", "roles[0].role king is no role; allowed: viewer, editor, operator, owner")]
    [InlineData("""{"username":"jane","roles":[{"role":"viewer","workspace_id":"a"}]}""", "has a workspace_id and no gateway_group_id")]
    [InlineData("""{"username":"jane","roles":[1]}""", "roles[0] must be an object")]
    [InlineData("""{"username":"jane","password":"short"}""", "a password has 12 to 256 characters")]
    [InlineData("""{"username":"jane","admin":true}""", "additional properties forbidden, found admin")]
    public async Task WrongUsers_AreRefused(string body, string text) => (await Admin.Post("/api/users", body)).ShouldBe(400).Body.ShouldContain(text);

    [Fact]
    public async Task ResetPassword_MustBeChanged()
    {
        Person jane = await MakeAsync("jane", Owner);
        Server.Clock.UnixSeconds++;
        string given = (await Admin.Post("/api/users/jane/password", null)).ShouldBe(200).Value.GetProperty("password").GetString()!;
        (await jane.Send("GET", "upstreams")).ShouldBe(401);
        (await (await LogInAsync("jane", given)).Send("GET", "upstreams")).ShouldBe(403);
    }

    [Fact]
    public async Task Token_ActsForItsUser_Narrowed_UntilItExpires()
    {
        await Admin.Put("/api/gateway_groups/default/workspaces/a", """{"name":"a"}""");
        Person jane = await PutAsync("jane", Owner);
        AdminAnswer made = (await jane.Send("POST", "/api/tokens", """{"name":"ci","role":"editor","gateway_group_id":"default","workspace_id":"a","days":1}""")).ShouldBe(201);
        string token = made.Value.GetProperty("token").GetString()!;
        using var ci = new AdminClient(Server.Address, token);
        (await ci.Put("upstreams/1", Upstream)).ShouldBe(201);
        (await Admin.Get("upstreams?workspace_id=a")).Json.GetProperty("total").GetInt32().ShouldBe(1); // the token's own workspace
        (await ci.Put("upstreams/2?workspace_id=default", Upstream)).ShouldBe(403).ErrorMessage.ShouldBe("jane needs role editor in workspace default of gateway group default, and has editor of default/a");
        (await ci.Get("/api/session")).ShouldBe(200).Body.ShouldContain("\"gateway_group_id\":\"default\",\"workspace_id\":\"a\"");
        (await ci.Get("/api/users")).ShouldBe(403);
        (await ci.Post("/api/tokens", """{"name":"more"}""")).ShouldBe(403);
        using var bearer = new AdminClient(Server.Address, null);
        (await bearer.Send("GET", "upstreams", null, ("Authorization", "Bearer " + token))).ShouldBe(200);
        (await jane.Send("GET", "/api/tokens")).ShouldBe(200).Body.ShouldNotContain(token.Split('_')[2]);
        using var wrong = new AdminClient(Server.Address, token[..^1] + (token[^1] == '0' ? '1' : '0'));
        (await wrong.Get("upstreams")).ShouldBe(401);
        Server.Clock.UnixSeconds += 86_400;
        (await ci.Get("upstreams")).ShouldBe(401);
    }

    [Fact]
    public async Task Token_IsGoodForNothing_OnceDeleted_OrItsUserIs()
    {
        Person jane = await PutAsync("jane", Owner);
        await PutAsync("joe", Owner);
        AdminAnswer first = (await jane.Send("POST", "/api/tokens", """{"name":"a"}""")).ShouldBe(201);
        AdminAnswer second = (await jane.Send("POST", "/api/tokens", """{"name":"b"}""")).ShouldBe(201);
        using var one = new AdminClient(Server.Address, first.Value.GetProperty("token").GetString());
        using var two = new AdminClient(Server.Address, second.Value.GetProperty("token").GetString());
        (await one.Get("upstreams")).ShouldBe(200);
        (await jane.Send("DELETE", "/api/tokens/" + first.Value.GetProperty("id").GetString())).ShouldBe(200);
        (await one.Get("upstreams")).ShouldBe(401);
        (await two.Get("upstreams")).ShouldBe(200);
        (await Admin.Delete("/api/users/jane")).ShouldBe(200);
        (await two.Get("upstreams")).ShouldBe(401);
    }

    [Theory]
    [InlineData("""{"days":1}""", "name is needed")]
    [InlineData("""{"name":"a","days":367}""", "days must be a whole number from 1 to 366")]
    [InlineData("""{"name":"a","role":"king"}""", "role king is no role")]
    [InlineData("""{"name":"a","workspace_id":"a"}""", "workspace_id needs gateway_group_id")]
    public async Task WrongTokens_AreRefused(string body, string text) =>
        (await (await PutAsync("jane", Owner)).Send("POST", "/api/tokens", body)).ShouldBe(400).Body.ShouldContain(text);
}
