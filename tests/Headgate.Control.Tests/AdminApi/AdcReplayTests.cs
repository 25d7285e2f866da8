using System.Text.Json;

namespace Headgate.Control.Tests.AdminApi;

/// <summary>
/// The calls that API7's command line ADC 0.28.0 makes, in its order and with bodies as it sends them: a first sync, a second one that changes an upstream,
/// and the deletion of everything.
/// </summary>
public abstract class AdcReplayContract(StoreKind kind) : AdminApiTest(kind)
{
    private const string Service = "1cce0000000000000000000000000000000e694a";
    private const string Canary = "60b800000000000000000000000000000003ea0b";
    private const string RouteId = "c78300000000000000000000000000000000413f";

    private const string ServiceUpstream = """{"name":"httpbin","type":"roundrobin","checks":{"active":{"type":"http","timeout":1,"concurrency":10,"http_path":"/health","https_verify_certificate":true,"healthy":{"http_statuses":[200,302],"successes":2,"interval":1},"unhealthy":{"http_statuses":[429,404,500,501,502,503,504,505],"http_failures":2,"tcp_failures":2,"timeouts":3,"interval":1}},"passive":{"type":"http","unhealthy":{"http_statuses":[429,404,500,501,502,503,504,505],"http_failures":3,"tcp_failures":2,"timeouts":3}}},"nodes":[{"host":"127.0.0.1","port":8001,"weight":3,"priority":0},{"host":"127.0.0.1","port":8002,"weight":1,"priority":0}],"scheme":"http","pass_host":"pass","id":"1cce0000000000000000000000000000000e694a"}""";
    private const string ServiceBody = """{"id":"1cce0000000000000000000000000000000e694a","name":"httpbin","desc":"test service","labels":{"team":"core","managed-by":"adc"},"upstream_id":"1cce0000000000000000000000000000000e694a","hosts":["httpbin.local"]}""";
    private const string RouteBody = """{"id":"c78300000000000000000000000000000000413f","name":"get","labels":{"managed-by":"adc"},"uris":["/get","/anything/*"],"methods":["GET"],"service_id":"1cce0000000000000000000000000000000e694a","priority":5,"status":1}""";
    private const string CanaryBody = """{"name":"canary","type":"chash","hash_on":"header","key":"X-User","nodes":[{"host":"127.0.0.1","port":8003,"weight":1,"priority":0}],"scheme":"http","pass_host":"pass","labels":{"__ADC_UPSTREAM_SERVICE_ID":"1cce0000000000000000000000000000000e694a"}}""";

    private static readonly string[] ReadKinds =
        ["services", "routes", "upstreams", "ssls", "consumers", "plugin_configs", "global_rules", "plugin_metadata", "stream_routes"];

    [Fact]
    public async Task SyncTwiceThenDeleteAll()
    {
        (await Admin.Get("routes")).ShouldBe(200).Message.Headers.Server.ToString().ShouldStartWith("APISIX/3.18.0");
        foreach (AdminAnswer read in await ReadAllAsync())
        {
            read.ShouldBe(200).Json.GetProperty("list").ValueKind.ShouldBe(JsonValueKind.Array);
            read.Keys.ShouldBeEmpty();
        }

        (await Admin.Post("configs/validate", $$"""{"routes":[{{RouteBody}}],"services":[{{ServiceBody}}],"consumers":[],"ssls":[],"global_rules":[],"stream_routes":[],"plugin_metadata":[],"upstreams":[{{ServiceUpstream}}]}""")).ShouldBe(200);
        (await Admin.Put("upstreams/" + Service, ServiceUpstream)).ShouldBe(201);
        (await Admin.Put("services/" + Service, ServiceBody)).ShouldBe(201);
        (await Admin.Put("routes/" + RouteId, RouteBody)).ShouldBe(201);
        (await Admin.Put("upstreams/" + Canary, CanaryBody)).ShouldBe(201);

        // What a second run compares with what it sent: equal but for id and times, and in the order of the keys.
        AdminAnswer upstreams = await Admin.Get("upstreams");
        upstreams.Keys.ShouldBe(["/apisix/upstreams/" + Service, "/apisix/upstreams/" + Canary]);
        Written(upstreams, 0).ShouldBe(Without(ServiceUpstream));
        Written(upstreams, 1).ShouldBe(Without(CanaryBody));
        Written(await Admin.Get("services"), 0).ShouldBe(Without(ServiceBody));
        Written(await Admin.Get("routes"), 0).ShouldBe(Without(RouteBody));

        (await Admin.Put("upstreams/" + Service, ServiceUpstream.Replace("8002", "8009", StringComparison.Ordinal))).ShouldBe(200);

        (await Admin.Delete("routes/" + RouteId)).ShouldBe(200);
        (await Admin.Delete("upstreams/" + Canary)).ShouldBe(200);
        (await Admin.Delete("services/" + Service)).ShouldBe(200);
        AdminAnswer last = (await Admin.Delete("upstreams/" + Service)).ShouldBe(200);

        last.Json.GetProperty("deleted").GetString().ShouldBe("1");
        foreach (AdminAnswer read in await ReadAllAsync())
            read.Keys.ShouldBeEmpty();
    }

    [Fact]
    public async Task CredentialsOfAConsumer_AreNotFound() =>
        (await Admin.Get("consumers/alice/credentials")).ShouldBe(404).Body.ShouldBe("""{"message":"Key not found"}""" + "\n");

    [Fact]
    public async Task SyncOfConsumersRulesMetadataAndCertificates_ThenDeletion()
    {
        const string Alice = """{"username":"alice","labels":{"managed-by":"adc"},"plugins":{}}""";
        const string Credential = """{"id":"2382000000000000000000000000000000003bc3","name":"k1","plugins":{"key-auth":{"key":"abc"}}}""";
        const string Rule = """{"plugins":{"prometheus":{"prefer_name":true}}}""";
        const string Metadata = """{"log_format":{"host":"$host"}}""";
        using Headgate.Testing.TestCertificates authority = new();
        (string cert, string key) = authority.IssuePem("a.test");
        string ssl = JsonSerializer.Serialize(new { id = "3c0a", labels = new Dictionary<string, string> { ["managed-by"] = "adc" }, status = 1, type = "server", snis = new[] { "a.test" }, cert, key });

        (await Admin.Post("configs/validate", $$"""{"consumers":[{{Alice}}],"ssls":[{{ssl}}],"global_rules":[{"id":"prometheus",{{Rule[1..]}}],"plugin_metadata":[{"id":"http-logger",{{Metadata[1..]}}]}""")).ShouldBe(200);
        (await Admin.Put("ssls/3c0a", ssl)).ShouldBe(201);
        (await Admin.Put("consumers/alice", Alice)).ShouldBe(201);
        (await Admin.Put("global_rules/prometheus", Rule)).ShouldBe(201);
        (await Admin.Put("plugin_metadata/http-logger", Metadata)).ShouldBe(201);
        (await Admin.Get("consumers/alice/credentials")).ShouldBe(404);
        (await Admin.Put("consumers/alice/credentials/2382000000000000000000000000000000003bc3", Credential)).ShouldBe(201);

        // What it compares of each with what it sent.
        Written(await Admin.Get("consumers"), 0).ShouldBe(Without(Alice));
        Written(await Admin.Get("consumers/alice/credentials"), 0).ShouldBe(Without(Credential));
        Written(await Admin.Get("global_rules"), 0).ShouldBe(Without(Rule));
        Written(await Admin.Get("plugin_metadata"), 0).ShouldBe(Without(Metadata));
        (await Admin.Get("plugin_metadata")).Keys[0].Split('/')[^1].ShouldBe("http-logger");
        (await Admin.Get("ssls")).Json.GetProperty("list")[0].GetProperty("value").GetProperty("cert").GetString().ShouldBe(cert);

        foreach (string gone in (string[])["ssls/3c0a", "consumers/alice", "global_rules/prometheus", "plugin_metadata/http-logger"])
            (await Admin.Delete(gone)).ShouldBe(200).Json.GetProperty("deleted").GetString().ShouldBe("1");
        foreach (AdminAnswer read in await ReadAllAsync())
            read.Keys.ShouldBeEmpty();
    }

    [Fact]
    public async Task TenWritesAtOnce_AreAllStored()
    {
        await Admin.Put("upstreams/" + Service, ServiceUpstream);
        await Admin.Put("services/" + Service, ServiceBody);

        for (int group = 0; group < 10; group++)
        {
            int first = group * 10;
            AdminAnswer[] answers = await Task.WhenAll(Enumerable.Range(first, 10).Select(i =>
                Admin.Put($"routes/{i:D40}", RouteBody.Replace(RouteId, i.ToString("D40", System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal))));
            answers.ShouldAllBe(answer => answer.Status == 201);
        }

        (await Admin.Get("routes")).Json.GetProperty("total").GetInt32().ShouldBe(100);
    }

    private Task<AdminAnswer[]> ReadAllAsync() => Task.WhenAll(ReadKinds.Select(Admin.Get));

    private static string Written(AdminAnswer list, int index) => Without(list.Json.GetProperty("list")[index].GetProperty("value").GetRawText());

    /// <summary>Without the members that ADC passes over when it compares.</summary>
    private static string Without(string json) =>
        string.Join('\n', JsonElement.Parse(json).EnumerateObject().Where(member => member.Name is not ("id" or "create_time" or "update_time")).Select(member => member.ToString()));
}

/// <inheritdoc/>
public sealed class AdcReplayTests() : AdcReplayContract(StoreKind.Memory);

/// <inheritdoc/>
public sealed class AdcReplayOverEmbeddedStoreTests() : AdcReplayContract(StoreKind.Embedded);
