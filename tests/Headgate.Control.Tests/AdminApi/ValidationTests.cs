using System.Text.Json;

namespace Headgate.Control.Tests.AdminApi;

/// <summary>Texts of refused configurations as a client gets them, and the validation endpoints.</summary>
public sealed class ValidationTests() : AdminApiTest(StoreKind.Memory)
{
    [Theory]
    [InlineData("upstreams", "{}", "invalid configuration: value should match only one schema, but matches none")]
    [InlineData("upstreams", """{"type":"chash","nodes":{"127.0.0.1:1":1}}""", "missing key")]
    [InlineData("upstreams", """{"nodes":{"127.0.0.1:99999":1}}""", "invalid port 99999")]
    [InlineData("upstreams", """{"nodes":{"127.0.0.1:1":-1}}""", "invalid configuration: property \"nodes\" validation failed: object matches none of the required")]
    [InlineData("upstreams", """{"nodes":{"127.0.0.1:1":1},"pass_host":"rewrite"}""", "`upstream_host` can't be empty when `pass_host` is `rewrite`")]
    [InlineData("upstreams", """{"nodes":{"127.0.0.1:1":1},"retry_timeout":-1}""", "invalid configuration: property \"retry_timeout\" validation failed: expected -1 to be at least 0")]
    [InlineData("upstreams", """{"nodes":{"127.0.0.1:1":1},"nodez":1}""", "invalid configuration: additional properties forbidden, found nodez")]
    [InlineData("upstreams", """{"nodes":{"127.0.0.1:1":1},"checks":{"passive":{}}}""", "invalid configuration: property \"checks\" validation failed: object matches none of the required: [\"active\"] or [\"active\",\"passive\"]")]
    [InlineData("upstreams", """{"nodes":{"127.0.0.1:1":1},"type":"fastest"}""", "")]
    [InlineData("routes", """{"uri":"/a"}""", "invalid configuration: object matches none of the required: [\"plugins\",\"uri\"] or [\"upstream\",\"uri\"]")]
    [InlineData("routes", """{"upstream":{"nodes":{"127.0.0.1:1":1}}}""", "invalid configuration: allOf 1 failed: value should match only one schema, but matches none")]
    [InlineData("routes", """{"uri":"/a","host":"a.test","hosts":["b.test"],"upstream":{"nodes":{"127.0.0.1:1":1}}}""", "only one of host or hosts is allowed")]
    [InlineData("routes", """{"uri":"/a","plugins":{"no-such":{}},"upstream":{"nodes":{"127.0.0.1:1":1}}}""", "unknown plugin [no-such]")]
    [InlineData("routes", """{"uri":"/a","filter_func":"function(vars) return true end","upstream":{"nodes":{"127.0.0.1:1":1}}}""", "")]
    public async Task Put_Refused_BeginsAsApisixDoes(string kind, string body, string text)
    {
        AdminAnswer answer = (await Admin.Put(kind + "/1", body)).ShouldBe(400);

        answer.ErrorMessage!.ShouldStartWith(text);
        (await Admin.Get(kind + "/1")).ShouldBe(404);
    }

    [Fact]
    public async Task Put_WithSeveralProblems_ListsAllReferencesIncluded()
    {
        AdminAnswer answer = (await Admin.Put("routes/1", """{"uri":"/a","host":"a.test","hosts":["b.test"],"priority":"high","upstream_id":"none"}""")).ShouldBe(400);

        JsonElement[] errors = [.. answer.Json.GetProperty("errors").EnumerateArray()];
        answer.Members.ShouldBe(["error_msg", "errors"]);
        errors[0].GetProperty("message").GetString().ShouldBe(answer.ErrorMessage);
        errors.Select(error => error.GetProperty("path").GetString()).ShouldContain("priority");
        errors[^1].GetProperty("message").GetString().ShouldBe("failed to fetch upstream info by upstream id [none], response code: 404");
    }

    [Fact]
    public async Task Put_AcceptedWithoutEffect_WarnsInAHeader()
    {
        AdminAnswer answer = (await Admin.Put("upstreams/1", """{"nodes":{"127.0.0.1:1":1},"scheme":"kafka","desc":"\u00e4\n"}""")).ShouldBe(201);

        answer.Header("X-Headgate-Warning")!.ShouldContain("kafka");
        answer.Members.ShouldBe(["key", "value"]);
    }

    [Theory]
    [InlineData("upstreams", Upstream)]
    [InlineData("upstream", Upstream)]
    [InlineData("services", "{}")]
    public async Task ValidateObject_Good_Answers200Empty(string kind, string body)
    {
        (await Admin.Post("schema/validate/" + kind, body)).ShouldBe(200).Body.ShouldBe("");
        (await Admin.Get("upstreams")).Json.GetProperty("total").GetInt32().ShouldBe(0);
    }

    [Theory]
    [InlineData("upstreams", "{}", 400, "value should match only one schema, but matches none")]
    [InlineData("upstreams", "[]", 400, "wrong type: expected object, got table")]
    [InlineData("routes", """{"uri":"/a","upstream_id":"none"}""", 400, "failed to fetch upstream info by upstream id [none], response code: 404")]
    [InlineData("nothing", "{}", 404, "Unsupported resource type: nothing")]
    [InlineData("consumers", "{}", 400, "property \"username\" is required")]
    [InlineData("secrets", """{"id":"vault/1"}""", 400, "property \"uri\" is required")]
    [InlineData("stream_routes", "{}", 501, "stream_routes are not available in Headgate 0.1.0 yet")]
    [InlineData("upstreams", null, 400, "missing configurations")]
    public async Task ValidateObject_Bad_AnswersWithoutTheWriterPrefix(string kind, string? body, int status, string text)
    {
        (await Admin.Post("schema/validate/" + kind, body)).ShouldBe(status).ErrorMessage!.ShouldStartWith(text);
    }

    [Fact]
    public async Task ValidateConfigs_Good_Answers200()
    {
        await Admin.Put("upstreams/stored", Upstream);

        (await Admin.Post("configs/validate", """
            {"upstreams":[{"id":"u","nodes":{"127.0.0.1:1":1}}],"services":[{"id":"s","upstream_id":"u"}],"consumers":[],"routes_conf_version":3,
             "routes":[{"id":1,"uri":"/a","service_id":"s"},{"id":"2","uri":"/b","upstream_id":"stored"},{"uri":"/c","upstream_id":"u"},{"uri":"/d","upstream_id":"u"}]}
            """)).ShouldBe(200).Body.ShouldBe("{}\n");
        (await Admin.Get("routes")).Json.GetProperty("total").GetInt32().ShouldBe(0);
    }

    [Fact]
    public async Task ValidateConfigs_Bad_ListsEveryProblem()
    {
        AdminAnswer answer = (await Admin.Post("configs/validate", """
            {"upstreams":[{"id":"u","nodes":{"127.0.0.1:1":1}},{"id":"bad"}],"routes_conf_version":"x",
             "routes":[{"id":"1","uri":"/a","upstream_id":"u"},{"id":1,"uri":"/b","upstream_id":"none"},7],
             "consumers":[{"username":"jack","group_id":"g"},{"username":"jack"},{"id":"nobody/credentials/1"}],"stream_routes":[{}],"routez":[]}
            """)).ShouldBe(400);

        answer.ErrorMessage.ShouldBe("Configuration validation failed");
        answer.Json.GetProperty("errors").EnumerateArray().Select(error => error.GetRawText()).ShouldBe([
            """{"resource_type":"upstreams","resource_id":"bad","index":1,"error":"invalid configuration: value should match only one schema, but matches none (give nodes, or service_name and discovery_type)"}""",
            """{"resource_type":"routes","error":"routes_conf_version must be a number"}""",
            """{"resource_type":"routes","resource_id":"1","index":1,"error":"failed to fetch upstream info by upstream id [none], response code: 404"}""",
            """{"resource_type":"routes","resource_id":"1","index":1,"error":"found duplicate id 1 in routes"}""",
            """{"resource_type":"routes","resource_id":"","index":2,"error":"invalid configuration: wrong type: expected object, got number"}""",
            """{"resource_type":"consumers","resource_id":"jack","index":0,"error":"failed to fetch consumer group info by consumer group id [g], response code: 404"}""",
            """{"resource_type":"consumers","resource_id":"jack","index":1,"error":"found duplicate username jack in consumers"}""",
            """{"resource_type":"consumers","resource_id":"nobody/credentials/1","index":2,"error":"plugins must hold exactly one auth plugin: without it the credential is good for nothing"}""",
            """{"resource_type":"consumers","resource_id":"nobody/credentials/1","index":2,"error":"consumer not found"}""",
            """{"resource_type":"stream_routes","index":0,"error":"stream_routes are not available in Headgate 0.1.0 yet"}""",
            """{"resource_type":"routez","error":"Unsupported resource type: routez"}""",
        ]);
    }

    [Fact]
    public async Task ValidateConfigs_RegistryConnections_AreCheckedAndMayBeNamed()
    {
        const string Upstream = """{"service_name":"s","discovery_type":"consul","service_registry_id":"prices"}""";
        const string Good = """{"id":"prices","type":"consul","consul_config":{"servers":["http://127.0.0.1:8500"]},"status":"healthy"}""";

        (await Admin.Post("configs/validate", $$"""{"upstreams":[{{Upstream}}],"service_registries":[{{Good}}]}""")).ShouldBe(200).Body.ShouldBe("{}\n");
        AdminAnswer answer = (await Admin.Post("configs/validate", $$"""{"upstreams":[{{Upstream}}],"service_registries":[{"id":"bad","type":"consull"},{{Good.Replace("prices", "bad", StringComparison.Ordinal)}}],"overrides":[]}""")).ShouldBe(400);

        answer.Json.GetProperty("errors").EnumerateArray().Select(error => error.GetRawText()).ShouldBe([
            """{"resource_type":"upstreams","resource_id":"","index":0,"error":"failed to fetch service registry info by service registry id [prices], response code: 404"}""",
            """{"resource_type":"service_registries","resource_id":"bad","index":0,"error":"invalid configuration: property \"type\" validation failed: matches none of the enum values (given \"consull\"; allowed: consul, consul_kv, dns, eureka, file, http, kubernetes, nacos)"}""",
            """{"resource_type":"service_registries","resource_id":"bad","index":1,"error":"found duplicate id bad in service_registries"}""",
            """{"resource_type":"overrides","error":"Unsupported resource type: overrides"}""",
        ]);
        (await Admin.Post("schema/validate/service_registries", Good)).ShouldBe(404);
    }

    [Theory]
    [InlineData(null, "empty request body")]
    [InlineData("[]", "expected an object such as {\"upstreams\":[...],\"routes\":[...]}")]
    [InlineData("{", "not JSON")]
    public async Task ValidateConfigs_NoConfiguration_Answers400(string? body, string text)
    {
        (await Admin.Post("configs/validate", body)).ShouldBe(400).ErrorMessage!.ShouldStartWith("invalid request body: " + text);
    }

    [Theory]
    [InlineData("upstream")]
    [InlineData("route")]
    [InlineData("service")]
    public async Task Schema_IsAJsonSchemaWithInlineUpstream(string kind)
    {
        JsonElement schema = (await Admin.Get("schema/" + kind)).ShouldBe(200).Json;

        schema.GetProperty("type").GetString().ShouldBe("object");
        JsonElement upstream = kind == "upstream" ? schema : schema.GetProperty("properties").GetProperty("upstream");
        JsonElement type = upstream.GetProperty("properties").GetProperty("type");
        type.GetProperty("default").GetString().ShouldBe("roundrobin");
        type.GetProperty("enum").EnumerateArray().Select(name => name.GetString()).ShouldBe(Headgate.Core.Config.LoadBalancingTypes.All);
    }
}
