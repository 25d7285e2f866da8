using System.Text.Json;
using Headgate.Control.Tests.AdminApi;
using Headgate.Core.Config;
using Headgate.Core.Config.Registries;
using Headgate.Core.Discovery;

namespace Headgate.Control.Tests.Registries;

/// <summary>Service registry connections: written, read, refused, tested, asked.</summary>
public sealed class RegistryApiTests
{
    private const string Path = RegistryServer.Path;
    private const string Body = """{"name":"prices","type":"http","http_config":{"url":"http://10.0.0.1/{service}","auth":{"username":"u","password":"s3cret"}},"health_check":{"probe_timeout":2}}""";
    private static readonly DateTimeOffset At = DateTimeOffset.FromUnixTimeSeconds(1_700_000_000);

    [Fact]
    public async Task Put_NewAndAgain_IsStoredEncryptedAndShownWithoutSecret()
    {
        await using RegistryServer server = await RegistryServer.StartAsync();
        AdminAnswer made = (await server.Client.Put($"{Path}/1", Body)).ShouldBe(201);
        made.Body.ShouldNotContain("s3cret");
        made.Header("ETag").ShouldNotBeNull();
        made.Value.GetProperty("id").GetString().ShouldBe("1");
        made.Value.GetProperty("source").GetString().ShouldBe("store");
        made.Value.GetProperty("status").GetString().ShouldBe("connecting");
        made.Value.GetProperty("http_config").GetProperty("auth").GetProperty("password").GetString().ShouldBe("<redacted>");
        string stored = await server.StoredAsync("1");
        stored.ShouldNotContain("s3cret");
        stored.ShouldNotContain("<redacted>");

        // What was shown may be changed and sent back: the secret stays, and what is ours alone is passed over.
        string shown = made.Value.GetRawText().Replace("prices", "prices 2", StringComparison.Ordinal);
        AdminAnswer again = (await server.Client.Put($"{Path}/1", shown)).ShouldBe(200);
        again.Value.GetProperty("name").GetString().ShouldBe("prices 2");
        (await TestedPasswordAsync(server)).ShouldBe("s3cret");
        (await server.StoredAsync("1")).ShouldNotContain("\"status\"");

        (await server.Client.Patch($"{Path}/1", """{"http_config":{"auth":{"password":"n3w"}}}""")).ShouldBe(200);
        (await TestedPasswordAsync(server)).ShouldBe("n3w");
        (await server.Client.Get($"{Path}/1")).ShouldBe(200).Value.GetProperty("name").GetString().ShouldBe("prices 2");
    }

    [Fact]
    public async Task Put_EurekaWithAUser_ThePasswordIsSecretAndUsed()
    {
        await using RegistryServer server = await RegistryServer.StartAsync();
        const string Eureka = """{"type":"eureka","eureka_config":{"host":["http://10.0.0.1:8761"],"auth":{"username":"gateway","password":"s3cret"}}}""";
        AdminAnswer made = (await server.Client.Put($"{Path}/1", Eureka)).ShouldBe(201);
        made.Value.GetProperty("eureka_config").GetProperty("auth").GetRawText().ShouldBe("""{"username":"gateway","password":"<redacted>"}""");
        (await server.StoredAsync("1")).ShouldNotContain("s3cret");
        (await server.Client.Put($"{Path}/1", made.Value.GetRawText())).ShouldBe(200);
        (await server.Client.Post($"{Path}/1/test", null)).ShouldBe(200);
        ((EurekaConfig)(((RegistryConfig, TimeSpan))server.Discovery.Asked[^1]).Item1).Servers.ShouldBe([new RegistryAddress("http://10.0.0.1:8761", "gateway", "s3cret")]);
    }

    [Theory]
    [InlineData("http", """{"url":"http://a/x"}""", """{"url":"http://b/x"}""", "auth", "http_config.url is http://b:80, and the stored http_config.auth.password was given for http://a:80; give http_config.auth.password itself when the server changes")]
    [InlineData("http", """{"url":"https://a/x"}""", """{"url":"http://a/x"}""", "auth", "http_config.url is http://a:80, and the stored http_config.auth.password was given for https://a:443; give http_config.auth.password itself when the server changes")]
    [InlineData("eureka", """{"host":["http://a"]}""", """{"host":["http://a","http://a:81"]}""", "auth", "eureka_config.host[1] is http://a:81, and the stored eureka_config.auth.password was given for http://a:80; give eureka_config.auth.password itself when the server changes")]
    [InlineData("consul", """{"servers":["http://a:8500","http://b:8500"]}""", """{"servers":["http://c:8500"]}""", "token", "consul_config.servers[0] is http://c:8500, and the stored consul_config.token was given for http://a:8500, http://b:8500; give consul_config.token itself when the server changes")]
    [InlineData("kubernetes", """{"service":{"host":"a"}}""", """{"service":{"host":"a","port":"6443"}}""", "client", "kubernetes_config.service is https://a:6443, and the stored kubernetes_config.client.token was given for https://a:${KUBERNETES_SERVICE_PORT}; give kubernetes_config.client.token itself when the server changes")]
    public async Task Write_AnotherServerWithTheStoredSecret_IsRefusedUntilItIsGivenAnew(string type, string first, string other, string member, string problem)
    {
        await using RegistryServer server = await RegistryServer.StartAsync();
        (await server.Client.Put($"{Path}/1", Connection(type, first, member, "s3cret"))).ShouldBe(201);

        (await server.Client.Put($"{Path}/1", Connection(type, other, member, "<redacted>"))).ShouldBe(400).ErrorMessage.ShouldBe(problem);
        (await server.Client.Post($"{Path}/1/test", Connection(type, other, member, "<redacted>"))).ShouldBe(400).ErrorMessage.ShouldBe(problem);
        (await server.Client.Patch($"{Path}/1", $$"""{"{{type}}_config":{{other}}}""")).ShouldBe(400).ErrorMessage.ShouldBe(problem);
        server.Discovery.Asked.ShouldBeEmpty();

        (await server.Client.Put($"{Path}/1", Connection(type, first, member, "<redacted>"))).ShouldBe(200);
        (await server.Client.Patch($"{Path}/1", """{"name":"another"}""")).ShouldBe(200);
        (await server.Client.Put($"{Path}/1", Connection(type, other, member, "n3w"))).ShouldBe(200);
        (await server.Client.Patch($"{Path}/1", Connection(type, first, member, "n3w"))).ShouldBe(200);
    }

    [Fact]
    public async Task Put_ServerTakenOutOrAnotherPath_TheSecretStays()
    {
        await using RegistryServer server = await RegistryServer.StartAsync();
        (await server.Client.Put($"{Path}/1", Connection("eureka", """{"host":["http://a","http://b"]}""", "auth", "s3cret"))).ShouldBe(201);
        (await server.Client.Put($"{Path}/1", Connection("eureka", """{"host":["http://B:80/eureka/"]}""", "auth", "<redacted>"))).ShouldBe(200);
        (await server.Client.Put($"{Path}/1", Connection("http", """{"url":"http://b"}""", "auth", "<redacted>"))).ShouldBe(400).ErrorMessage
            .ShouldBe("http_config.auth.password is \"<redacted>\", which stands for the stored secret, and there is none; give the secret itself");
    }

    [Fact]
    public async Task Put_ClustersInAnotherOrder_NoTokenGoesToTheOther()
    {
        await using RegistryServer server = await RegistryServer.StartAsync();
        const string A = """{"id":"a","service":{"host":"a","port":"1"},"client":{"token":"TOKEN"}}""";
        const string B = """{"id":"b","service":{"host":"b","port":"1"},"client":{"token":"TOKEN"}}""";
        (await server.Client.Put($"{Path}/1", $$"""{"type":"kubernetes","kubernetes_config":[{{A}},{{B}}]}""")).ShouldBe(201);
        string turned = $$"""{"type":"kubernetes","kubernetes_config":[{{B}},{{A}}]}""".Replace("TOKEN", "<redacted>", StringComparison.Ordinal);
        (await server.Client.Put($"{Path}/1", turned)).ShouldBe(400).ErrorMessage.ShouldStartWith(
            "kubernetes_config.0.service is https://b:1, and the stored kubernetes_config.0.client.token was given for https://a:1;");
    }

    [Fact]
    public async Task Post_GivesAnId_AndTheListHasIt()
    {
        await using RegistryServer server = await RegistryServer.StartAsync(null, ("consul", """{"servers":["http://a:8500"],"token":"<redacted>"}"""));
        server.Discovery.Known.Add(new RegistryView(
            "consul", new HttpRegistryConfig { Url = "http://a" }, new RegistryChange(At, RegistryStatus.Lost, "refused"), At.AddSeconds(-5), [], default));
        string id = (await server.Client.Post(Path, Body)).ShouldBe(201).Value.GetProperty("id").GetString()!;
        id.Length.ShouldBe(20);
        JsonElement list = (await server.Client.Get(Path)).ShouldBe(200).Json;
        list.GetProperty("total").GetInt32().ShouldBe(2);
        list.GetProperty("list")[0].GetRawText().ShouldBe(
            """{"id":"discovery:consul","type":"consul","consul_config":{"servers":["http://a:8500"],"token":"<redacted>"},"source":"config.yaml","status":"lost_connection","status_reason":"refused","status_since":1700000000,"last_connect_time":1699999995}""");
        list.GetProperty("list")[1].GetProperty("id").GetString().ShouldBe(id);
        JsonElement page = (await server.Client.Get(Path + "?page=2&page_size=1")).ShouldBe(200).Json;
        page.GetProperty("list").EnumerateArray().ShouldHaveSingleItem().GetProperty("id").GetString().ShouldBe(id);
        page.GetProperty("total").GetInt32().ShouldBe(2);
        foreach ((string search, string found) in ((string, string)[])[("PRICE", id), ("discovery:c", "discovery:consul")])
            (await server.Client.Get($"{Path}?search={search}")).Json.GetProperty("list").EnumerateArray().ShouldHaveSingleItem().GetProperty("id").GetString().ShouldBe(found);
        (await server.Client.Put($"{Path}/discovery:consul", Body)).ShouldBe(400).ErrorMessage
            .ShouldBe("discovery:consul is a registry of config.yaml, key discovery.consul; it is changed there, and by a restart");
        (await server.Client.Delete($"{Path}/discovery:consul")).ShouldBe(400);
        (await server.Client.Get($"{Path}/discovery:consul")).ShouldBe(200);
    }

    [Theory]
    [InlineData(null, "missing configurations")]
    [InlineData("[]", "invalid configuration: wrong type: expected object, got table")]
    [InlineData("""{"type":"http","http_config":{"url":"http://u:p@a"}}""", "http_config.url holds user information before an @; give user and password in the fields of auth (an @ in a path is written %40)")]
    [InlineData("""{"type":"http","http_config":{"url":"http://a","auth":{"username":"u","password":"<redacted>"}}}""", "http_config.auth.password is \"<redacted>\", which stands for the stored secret, and there is none; give the secret itself")]
    [InlineData("""{"type":"http"}""", "invalid configuration: property \"http_config\" is required")]
    [InlineData("""{"type":"http","http_config":{"url":"http://a"},"nam":"x"}""", "invalid configuration: additional properties forbidden, found nam (did you mean name?)")]
    public async Task Put_Wrong_IsRefused(string? body, string problem)
    {
        await using RegistryServer server = await RegistryServer.StartAsync();
        (await server.Client.Put($"{Path}/1", body)).ShouldBe(400).ErrorMessage.ShouldBe(problem);
        (await server.Client.Post($"{Path}/test", body)).ShouldBe(400).ErrorMessage.ShouldBe(problem);
        (await server.Client.Get($"{Path}/1")).ShouldBe(404);
    }

    [Fact]
    public async Task Delete_WhileUsed_IsRefusedWithEveryUser()
    {
        await using RegistryServer server = await RegistryServer.StartAsync();
        const string Follows = """{"service_name":"web","discovery_type":"http","service_registry_id":"1"}""";
        (await server.Client.Put("upstreams/1", Follows)).ShouldBe(400).ErrorMessage.ShouldBe("failed to fetch service registry info by service registry id [1], response code: 404");
        (await server.Client.Put($"{Path}/1", Body)).ShouldBe(201);
        (await server.Client.Put("upstreams/1", Follows)).ShouldBe(201);
        (await server.Client.Put("services/2", $$"""{"upstream":{{Follows}}}""")).ShouldBe(201);
        (await server.Client.Put("routes/3", $$$"""{"uri":"/a","upstream":{{{Follows}}},"plugins":{}}""")).ShouldBe(201);

        AdminAnswer refused = (await server.Client.Delete($"{Path}/1")).ShouldBe(400);
        refused.ErrorMessage.ShouldBe("can not delete this service registry, route [3] is still using it now; also service [2], upstream [1]");
        refused.Json.GetProperty("users").EnumerateArray().Select(static user => user.GetString()).ShouldBe(["/apisix/routes/3", "/apisix/services/2", "/apisix/upstreams/1"]);
        JsonElement users = (await server.Client.Get($"{Path}/1/connected_services")).ShouldBe(200).Json;
        users.GetProperty("total").GetInt32().ShouldBe(3);
        users.GetProperty("list")[0].GetRawText().ShouldBe("""{"key":"/apisix/routes/3","kind":"route","id":"3","workspace_id":"default"}""");

        foreach (string user in (string[])["upstreams/1", "services/2", "routes/3"])
            (await server.Client.Delete(user)).ShouldBe(200);
        (await server.Client.Delete($"{Path}/1")).ShouldBe(200);
        (await server.Client.Get($"{Path}/1")).ShouldBe(404);
    }

    [Fact]
    public async Task DryRun_OfAWrite_SaysWhatWouldDifferAndWhomItTouches()
    {
        await using RegistryServer server = await RegistryServer.StartAsync();
        (await server.Client.Post($"{Path}?dry-run=true", Body)).ShouldBe(200).Json.GetProperty("would").GetString().ShouldBe("create");
        (await server.Client.Get(Path)).Json.GetProperty("total").GetInt32().ShouldBe(0);
        AdminAnswer made = (await server.Client.Put($"{Path}/1", Body)).ShouldBe(201);
        (await server.Client.Put("upstreams/1", """{"service_name":"web","discovery_type":"http","service_registry_id":"1"}""")).ShouldBe(201);

        string renamed = made.Value.GetRawText().Replace("prices", "prices 2", StringComparison.Ordinal);
        JsonElement edit = (await server.Client.Put($"{Path}/1?dry-run=true", renamed)).ShouldBe(200).Json;
        edit.GetProperty("difference").EnumerateArray().ShouldHaveSingleItem().GetProperty("path").GetString().ShouldBe("name");
        edit.GetProperty("affected").GetProperty("list").EnumerateArray().ShouldHaveSingleItem().GetProperty("key").GetString().ShouldBe("/apisix/upstreams/1");
        (await server.Client.Patch($"{Path}/1?dry-run=true", """{"name":"prices 2"}""")).ShouldBe(200).Json.GetProperty("would").GetString().ShouldBe("update");
        (await server.Client.Delete($"{Path}/1?dry-run=true")).Json.GetProperty("users").EnumerateArray().ShouldHaveSingleItem().GetString().ShouldBe("/apisix/upstreams/1");
        (await server.Client.Get($"{Path}/1")).ShouldBe(200).Value.GetProperty("name").GetString().ShouldBe("prices");
    }

    [Fact]
    public async Task ConnectedServices_OfSettings_AreThoseServed()
    {
        using var served = new ServedConfig(
            ("upstreams/1", """{"name":"u","service_name":"web","discovery_type":"consul"}"""), ("upstreams/2", """{"service_name":"web","discovery_type":"consul","service_registry_id":"1"}"""));
        await using RegistryServer server = await RegistryServer.StartAsync(served.Upstreams, ("consul", "{}"));
        (await server.Client.Get($"{Path}/discovery:consul/connected_services")).ShouldBe(200).Body.Trim()
            .ShouldBe("""{"list":[{"key":"/apisix/upstreams/1","kind":"upstream","id":"1","workspace_id":"default","upstream_name":"u","service_name":"web"}],"total":1}""");
    }

    [Fact]
    public async Task History_PagedBothWays()
    {
        await using RegistryServer server = await RegistryServer.StartAsync();
        await server.Client.Put($"{Path}/1", Body);
        RegistryChange[] changes = [new(At, RegistryStatus.Connecting, null), new(At.AddSeconds(1), RegistryStatus.Healthy, null), new(At.AddSeconds(2), RegistryStatus.Lost, "reset")];
        server.Discovery.Known.Add(new RegistryView("service_registries/1", new HttpRegistryConfig { Url = "http://a" }, changes[^1], At, changes, new RegistryCounters(1, 2, 3)));
        Times(await server.Client.Get($"{Path}/1/health_check_history")).ShouldBe([2, 1, 0]);
        Times(await server.Client.Get($"{Path}/1/health_check_history?direction=asc&page=1&page_size=2")).ShouldBe([0, 1]);
        Times(await server.Client.Get($"{Path}/1/health_check_history?page=2&page_size=2")).ShouldBe([0]);
        (await server.Client.Get($"{Path}/1/health_check_history?direction=up")).ShouldBe(400);
        (await server.Client.Get($"{Path}/1/health_check_history?page=0")).ShouldBe(400);
        (await server.Client.Get($"{Path}/1/status")).ShouldBe(200).Value.GetRawText()
            .ShouldBe("""{"status":"lost_connection","status_reason":"reset","status_since":1700000002,"last_connect_time":1700000000,"answers":1,"failures":2,"changes":3}""");
    }

    [Fact]
    public async Task Test_GoodAndBad_SaysWhatHappened()
    {
        await using RegistryServer server = await RegistryServer.StartAsync(null, ("http", "{}"));
        JsonElement good = (await server.Client.Post($"{Path}/test", Body)).ShouldBe(200).Value;
        (good.GetProperty("status").GetString(), good.GetProperty("services").GetInt32()).ShouldBe(("healthy", 2));
        (RegistryConfig config, TimeSpan timeout) = ((RegistryConfig, TimeSpan))server.Discovery.Asked.ShouldHaveSingleItem();
        (((HttpRegistryConfig)config).Password, timeout).ShouldBe(("s3cret", TimeSpan.FromSeconds(2)));

        server.Discovery.Trial = new RegistryTrial(null, "it has no list");
        good = (await server.Client.Post($"{Path}/test", Body)).ShouldBe(200).Value;
        (good.TryGetProperty("services", out _), good.GetProperty("services_reason").GetString()).ShouldBe((false, "it has no list"));

        server.Discovery.Failure = "http://10.0.0.1: Connection refused";
        JsonElement bad = (await server.Client.Post($"{Path}/test", Body)).ShouldBe(200).Value;
        (bad.GetProperty("status").GetString(), bad.GetProperty("status_reason").GetString()).ShouldBe(("lost_connection", "http://10.0.0.1: Connection refused"));
        (await server.Client.Post($"{Path}/7/test", null)).ShouldBe(404);
        var known = new HttpRegistryConfig { Url = "http://settings" };
        server.Discovery.Known.Add(new RegistryView("http", known, new RegistryChange(At, RegistryStatus.Healthy, null), At, [], default));
        (await server.Client.Post($"{Path}/discovery:http/test", null)).ShouldBe(200);
        (((RegistryConfig, TimeSpan))server.Discovery.Asked[^1]).Item1.ShouldBe(known);
    }

    [Fact]
    public async Task Pickers_AskTheRegistry()
    {
        await using RegistryServer server = await RegistryServer.StartAsync();
        await server.Client.Put($"{Path}/1", Body);
        (await server.Client.Get($"{Path}/1/services")).ShouldBe(404); // not followed yet
        server.Discovery.Known.Add(new RegistryView("service_registries/1", new HttpRegistryConfig { Url = "http://a" }, new RegistryChange(At, RegistryStatus.Healthy, null), At, [], default));
        (await server.Client.Get($"{Path}/1/services?max=5")).ShouldBe(200).Body.Trim().ShouldBe("""{"list":["api","web"],"total":2}""");
        server.Discovery.Asked.ShouldBe([("service_registries/1", 5)]);
        (await server.Client.Get($"{Path}/1/services?max=0")).ShouldBe(400).ErrorMessage.ShouldBe("invalid argument max; allowed: 1 to 10000");
        (await server.Client.Get($"{Path}/1/services?search=WE")).ShouldBe(200).Body.Trim().ShouldBe("""{"list":["web"],"total":1}""");
        (await server.Client.Get($"{Path}/1/services?page=2&page_size=1")).ShouldBe(200).Body.Trim().ShouldBe("""{"list":["web"],"total":2}""");
        server.Discovery.Asked[^1].ShouldBe(("service_registries/1", 10_000));

        server.Discovery.Answer = new ServiceAnswer([new ServiceInstance("10.0.0.1", 80, 5, -1) { Metadata = [new MetadataEntry("v", "1")] }]) { Problems = ["[1]: bad"] };
        (await server.Client.Get($"{Path}/1/services/ns/web:http/instances?namespace_id=n&group_name=g&datacenter=d&tag=a&tag=b&metadata.v=1")).ShouldBe(200).Body.Trim()
            .ShouldBe("""{"list":[{"host":"10.0.0.1","port":80,"weight":5,"priority":-1,"metadata":{"v":"1"}}],"total":1,"problems":["[1]: bad"]}""");
        server.Discovery.Asked[^1].ShouldBe(new ServiceKey(
            "http", "1", "ns/web:http",
            new DiscoveryArguments { NamespaceId = "n", GroupName = "g", Datacenter = "d", Tags = ["a", "b"], Metadata = [new MetadataEntry("v", "1")] }));
        await server.Client.Get($"{Path}/1/services/a%2Fb/instances");
        ((ServiceKey)server.Discovery.Asked[^1]).Name.ShouldBe("a/b");

        server.Discovery.Failure = "connection refused";
        (await server.Client.Get($"{Path}/1/services")).ShouldBe(502).ErrorMessage.ShouldBe("connection refused");
        (await server.Client.Get($"{Path}/1/services/web/instances")).ShouldBe(502);
    }

    [Fact]
    public async Task Access_IsTheAdminApis()
    {
        await using RegistryServer server = await RegistryServer.StartAsync();
        using AdminClient nobody = new(server.Address, null);
        using AdminClient viewer = new(server.Address, AdminServer.ViewerKey);
        (await nobody.Get(Path)).ShouldBe(401);
        (await viewer.Get(Path)).ShouldBe(200);
        (await viewer.Put($"{Path}/1", Body)).ShouldBe(401);
        (await viewer.Post($"{Path}/test", Body)).ShouldBe(401);
        (await viewer.Post("/api/gateway_groups/default/discovery/services/release", "{}")).ShouldBe(401);
        (await server.Client.Get("/api/gateway_groups/other/service_registries")).ShouldBe(404).ErrorMessage.ShouldBe("there is no gateway group other");
        (await server.Client.Get($"{Path}/1/nothing")).ShouldBe(404);
        (await server.Client.Delete(Path)).ShouldBe(405);
    }

    /// <summary>A connection with its secret in the member of its type that has it.</summary>
    private static string Connection(string type, string config, string member, string secret)
    {
        string access = member switch
        {
            "auth" => $$"""{"username":"u","password":"{{secret}}"}""",
            "client" => $$"""{"token":"{{secret}}"}""",
            _ => $"\"{secret}\"",
        };
        return $$"""{"type":"{{type}}","{{type}}_config":{{config[..^1]}},"{{member}}":{{access}} } }""";
    }

    private static long[] Times(AdminAnswer answer) =>
        [.. answer.ShouldBe(200).Json.GetProperty("list").EnumerateArray().Select(static change => change.GetProperty("connect_time").GetInt64() - 1_700_000_000)];

    /// <summary>The password that the stored connection is tested with.</summary>
    private static async Task<string?> TestedPasswordAsync(RegistryServer server)
    {
        (await server.Client.Post($"{Path}/1/test", null)).ShouldBe(200);
        return ((HttpRegistryConfig)(((RegistryConfig, TimeSpan))server.Discovery.Asked[^1]).Item1).Password;
    }
}
