using Headgate.Control.Tests.AdminApi;
using System.Text.Json;

namespace Headgate.Control.Tests.ObjectsApi;

/// <summary>The objects below /api: API7's shapes and rules.</summary>
public sealed class ObjectsApiTests() : AdminApiTest(StoreKind.Memory)
{
    [Fact]
    public async Task Objects_AreMadeReadChangedAndDeleted()
    {
        AdminAnswer made = (await Admin.Post("/api/upstreams", Upstream)).ShouldBe(201);
        made.Members.ShouldBe(["value"]);
        string id = made.Value.GetProperty("id").GetString()!;
        (await Admin.Get("/api/upstreams/" + id)).ShouldBe(200).Value.GetRawText().ShouldBe(made.Value.GetRawText());
        (await Admin.Put("/api/upstreams/2", Upstream)).ShouldBe(201);
        (await Admin.Patch("/api/upstreams/2", """{"retries":1}""")).ShouldBe(200).Value.GetProperty("retries").GetInt32().ShouldBe(1);
        AdminAnswer list = (await Admin.Get("/api/upstreams?page=1&page_size=10")).ShouldBe(200);
        list.Json.GetProperty("total").GetInt32().ShouldBe(2);
        list.Json.GetProperty("list")[0].GetProperty("id").GetString().ShouldBe(id);
        (await Admin.Send("PUT", "/api/upstreams/2", Upstream, ("If-Match", made.Header("ETag")!))).ShouldBe(412);
        (await Admin.Delete("/api/upstreams/2")).ShouldBe(200);
        (await Admin.Get("/api/upstreams/2")).ShouldBe(404);
    }

    [Fact]
    public async Task EveryRoute_SelectsAnUpstreamOrAService_AndServicesHaveOne()
    {
        await Admin.Put("upstreams/1", Upstream);
        (await Admin.Put("/api/routes/1", """{"uri":"/a","plugins":{}}""")).ShouldBe(400).ErrorMessage.ShouldBe("a route needs an upstream: one of upstream, upstream_id, service_id");
        (await Admin.Put("/api/services/1", """{"name":"s"}""")).ShouldBe(400).ErrorMessage.ShouldBe("a service needs an upstream: one of upstream, upstream_id");
        (await Admin.Put("/api/services/1", """{"name":"s","upstream_id":"1"}""")).ShouldBe(201);
        (await Admin.Put("/api/routes/1", """{"uri":"/a","service_id":"1"}""")).ShouldBe(201);
        (await Admin.Patch("/api/routes/1", """{"service_id":null,"plugins":{}}""")).ShouldBe(400);
        (await Admin.Put("routes/2", """{"uri":"/b","plugins":{}}""")).ShouldBe(201); // APISIX takes it
    }

    [Fact]
    public async Task UpstreamInUse_IsNotDeleted_NotByForceEither()
    {
        await Admin.Put("/api/upstreams/1", Upstream);
        await Admin.Put("/api/routes/1", Route("/a", "\"upstream_id\":\"1\""));
        (await Admin.Delete("/api/upstreams/1")).ShouldBe(400).ErrorMessage.ShouldBe("can not delete this upstream, route [1] is still using it now");
        (await Admin.Delete("/api/upstreams/1?force=true")).ShouldBe(400).ErrorMessage.ShouldBe("nothing in use is deleted by force here");
    }

    [Fact]
    public async Task Secrets_AreShownToNobody_AndStayWhenSentBack()
    {
        AdminAnswer made = (await Admin.Put("/api/consumers/jack", """{"username":"jack","plugins":{"key-auth":{"key":"plain-secret"}}}""")).ShouldBe(201);
        made.Body.ShouldNotContain("plain-secret");
        (await Admin.Get("/api/consumers")).Body.ShouldNotContain("plain-secret");
        JsonElement shown = (await Admin.Get("/api/consumers/jack")).ShouldBe(200).Value;
        shown.GetRawText().ShouldContain("<redacted>");
        string changed = $$"""{"username":"jack","desc":"new","plugins":{{shown.GetProperty("plugins").GetRawText()}}}""";
        (await Admin.Put("/api/consumers/jack", changed)).ShouldBe(200);
        (await Admin.Get("consumers/jack")).Body.ShouldContain("plain-secret"); // the Admin API gives them back, as APISIX
        (await Admin.Put("/api/consumers/joe", changed.Replace("jack", "joe"))).ShouldBe(400).ErrorMessage.ShouldBe("plugins.key-auth.key is \"<redacted>\", which stands for the stored secret, and there is none; give the secret itself");
    }

    [Fact]
    public async Task GroupsAndWorkspaces_AreAddressed()
    {
        await Admin.Put("/api/gateway_groups/blue", """{"name":"blue"}""");
        await Admin.Put("/api/workspaces/a?gateway_group_id=blue", """{"name":"a"}""");
        (await Admin.Put("/api/upstreams/1?gateway_group_id=blue&workspace_id=a", Upstream)).ShouldBe(201);
        (await Admin.Get("/api/upstreams/1?gateway_group_id=blue")).ShouldBe(404);
        (await Admin.Get("/api/upstreams/1?gateway_group_id=blue&workspace_id=a")).ShouldBe(200);
        (await Admin.Get("/api/upstreams?gateway_group_id=green")).ShouldBe(404);
        (await Admin.Get("/api/upstreams?workspace_id=none")).ShouldBe(404);
    }

    [Fact]
    public async Task Credentials_AndSecrets_HavePathsOfTheirOwn()
    {
        await Admin.Put("/api/consumers/jack", """{"username":"jack"}""");
        (await Admin.Put("/api/consumers/jack/credentials/1", """{"plugins":{"key-auth":{"key":"k"}}}""")).ShouldBe(201);
        (await Admin.Get("/api/consumers/jack/credentials")).ShouldBe(200).Json.GetProperty("total").GetInt32().ShouldBe(1);
        (await Admin.Put("/api/secrets/vault/1", """{"uri":"http://127.0.0.1:1","prefix":"kv","token":"t"}""")).ShouldBe(201).Body.ShouldNotContain("\"t\"");
        (await Admin.Get("/api/upstreams/1/x")).ShouldBe(404);
        (await Admin.Send("POST", "/api/global_rules", "{}")).ShouldBe(405);
    }
}
