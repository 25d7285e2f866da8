using System.Text.Json;
using Headgate.Core.Config;
using Headgate.Core.Discovery;

namespace Headgate.Control.Tests.Registries;

/// <summary>What is followed, what is held, and APISIX's dumps.</summary>
public sealed class DiscoveryApiTests
{
    private const string Path = "/api/gateway_groups/default/discovery/services";
    private static readonly DateTimeOffset At = DateTimeOffset.FromUnixTimeSeconds(1_700_000_000);

    [Fact]
    public async Task Services_Filtered_AreShownWithWhatIsHeld()
    {
        await using RegistryServer server = await RegistryServer.StartAsync();
        server.Discovery.Followed.Add(Service("consul", "web", "10.0.0.1", "10.0.0.2") with { Held = new HeldRemoval(1, At, At.AddSeconds(300)), HeldInstances = [new ServiceInstance("10.0.0.2", 80, 100)], Failure = "refused", FailedAt = At, Problems = ["[1]: bad"] });
        server.Discovery.Followed.Add(Service("nacos", "web", "10.0.0.2") with { Key = new ServiceKey("nacos", "7", "web", new DiscoveryArguments { GroupName = "g" }), AnsweredAt = null, IsKnown = false });
        JsonElement one = (await server.Client.Get(Path + "?registry=consul&instances=true")).ShouldBe(200).Json.GetProperty("list").EnumerateArray().ShouldHaveSingleItem();
        one.GetProperty("age").GetDouble().ShouldBeGreaterThan(0);
        string shown = one.GetRawText();
        shown[..shown.IndexOf("\"age\"", StringComparison.Ordinal)].ShouldBe(
            """{"registry":"consul","discovery_type":"consul","service_name":"web","followers":1,"known":true,"remembered":false,"instance_count":2,"answered_at":1700000000,""");
        shown[shown.IndexOf("changed_at", StringComparison.Ordinal)..].ShouldBe(
            """changed_at":1700000000,"failure":"refused","failed_at":1700000000,"problems":["[1]: bad"],"held":{"missing":1,"since":1700000000,"until":1700000300},"instances":[{"host":"10.0.0.1","port":80,"weight":100},{"host":"10.0.0.2","port":80,"weight":100,"held":true}]}""");
        (await server.Client.Get(Path + "?registry=service_registries/7")).Json.GetProperty("list")[0].GetRawText().ShouldStartWith(
            """{"registry":"service_registries/7","discovery_type":"nacos","service_registry_id":"7","service_name":"web","discovery_args":{"group_name":"g"},"followers":1,"known":false,""");
        (await server.Client.Get(Path + "?service_name=web&page=2&page_size=1")).Json.GetProperty("total").GetInt32().ShouldBe(2);
        (await server.Client.Get(Path + "?instances=yes")).ShouldBe(400);
    }

    [Fact]
    public async Task Release_OfAName_ReleasesEachThatHasIt()
    {
        await using RegistryServer server = await RegistryServer.StartAsync();
        ServiceView web = Service("consul", "web", "10.0.0.1");
        server.Discovery.Followed.AddRange(web with { Held = new HeldRemoval(9, At, At) }, web with { Key = web.Key with { Arguments = new DiscoveryArguments { Tags = ["a"] } } }, Service("consul", "api"));
        (await server.Client.Post(Path + "/release", """{"registry":"consul","service_name":"web"}""")).ShouldBe(200).Body.Trim().ShouldBe("""{"released_services":1,"released_instances":9}""");
        server.Discovery.Released.Count.ShouldBe(2);
        (await server.Client.Post(Path + "/release", """{"registry":"nacos","service_name":"web"}""")).ShouldBe(404).ErrorMessage.ShouldBe("no upstream follows service web of registry nacos");
        foreach (string? wrong in (string?[])[null, "[]", """{"registry":"consul"}""", """{"registry":"consul","service_name":1}""", """{"registry":"consul","service_name":"web","x":1}"""])
            (await server.Client.Post(Path + "/release", wrong)).ShouldBe(400);
    }

    [Theory]
    [InlineData("eureka", """{"host":[]}""", """{"config":{"host":[]},"services":{"web":[{"host":"10.0.0.1","port":80,"weight":100}]}}""")]
    [InlineData("nacos", "{}", """{"services":{"default/public/DEFAULT_GROUP/web":{"nodes":[{"host":"10.0.0.1","port":80,"weight":100}]}}}""")]
    public async Task Dump_HasApisixsShape(string type, string config, string dump)
    {
        await using RegistryServer server = await RegistryServer.StartAsync(null, (type, config));
        server.Discovery.Followed.AddRange(Service(type, "web", "10.0.0.1"), Service(type, "unknown") with { IsKnown = false }, Service("other", "web", "10.0.0.2"));
        (await server.Client.Get($"/v1/discovery/{type}/dump")).ShouldBe(200).Body.Trim().ShouldBe(dump);
    }

    [Fact]
    public async Task Dump_OfKubernetes_HasPortsAsText()
    {
        await using RegistryServer server = await RegistryServer.StartAsync(null, ("kubernetes", """[{"id":"first"}]"""));
        server.Discovery.Followed.AddRange(Service("kubernetes", "first/ns/web:http", "10.0.0.1"), Service("kubernetes", "first/ns/web:8443", "10.0.0.2"));
        JsonElement dump = (await server.Client.Get("/v1/discovery/kubernetes/dump")).ShouldBe(200).Json;
        dump.GetProperty("config").GetRawText().ShouldBe("""[{"id":"first"}]""");
        JsonElement cluster = dump.GetProperty("endpoints").EnumerateArray().ShouldHaveSingleItem();
        cluster.GetProperty("id").GetString().ShouldBe("first");
        JsonElement endpoint = cluster.GetProperty("endpoints").EnumerateArray().ShouldHaveSingleItem();
        endpoint.GetProperty("name").GetString().ShouldBe("ns/web");
        endpoint.GetProperty("value").GetString().ShouldBe("""{"http":[{"host":"10.0.0.1","port":80,"weight":100}],"8443":[{"host":"10.0.0.2","port":80,"weight":100}]}""");
    }

    [Fact]
    public async Task Dump_OfWhatIsNotConfigured_IsNotFound()
    {
        await using RegistryServer server = await RegistryServer.StartAsync(null, ("dns", "{}"), ("kubernetes", "{}"));
        (await server.Client.Get("/v1/discovery/eureka/dump")).ShouldBe(404);
        (await server.Client.Get("/v1/discovery/dns/dump")).ShouldBe(404); // nor has APISIX one
        (await server.Client.Get("/v1/discovery/kubernetes/dump")).ShouldBe(200).Body.Trim().ShouldBe("""{"config":{},"endpoints":[]}""");
    }

    private static ServiceView Service(string type, string name, params string[] hosts) => new()
    {
        Key = new ServiceKey(type, null, name, DiscoveryArguments.None),
        Followers = 1,
        IsKnown = true,
        IsRemembered = false,
        AnsweredAt = At,
        ChangedAt = At,
        Failure = null,
        FailedAt = null,
        Problems = [],
        Held = null,
        HeldInstances = [],
        Instances = [.. hosts.Select(static host => new ServiceInstance(host, 80, 100))],
    };
}
