using Headgate.Core.Config;

namespace Headgate.Proxy.Tests.Plugins;

/// <summary><c>consumer-restriction</c> through the whole gateway.</summary>
public sealed class ConsumerRestrictionTests
{
    [Theory]
    [InlineData("""{"whitelist":["jack","jim"]}""", "jack", 200)]
    [InlineData("""{"whitelist":["jim"]}""", "jack", 403)]
    [InlineData("""{"whitelist":["Jack","jac","jackk"]}""", "jack", 403)]
    [InlineData("""{"blacklist":["jack"]}""", "jack", 403)]
    [InlineData("""{"blacklist":["jack","jack"]}""", "amy", 200)]
    [InlineData("""{"whitelist":["jack"],"blacklist":["jack"]}""", "jack", 403)]
    [InlineData("""{"allowed_by_methods":[{"user":"jack","methods":["GET","PUT"]}]}""", "jack", 200)]
    [InlineData("""{"allowed_by_methods":[{"user":"jack","methods":["POST"]}]}""", "jack", 403)]
    [InlineData("""{"allowed_by_methods":[{"user":"jack","methods":["POST"]},{"user":"jack","methods":["GET"]}]}""", "jack", 403)]
    [InlineData("""{"allowed_by_methods":[{"user":"jack","methods":["POST"]}]}""", "amy", 200)]
    [InlineData("""{"allowed_by_methods":[{"user":"jack","methods":["POST"]}],"whitelist":["jack"]}""", "jack", 200)]
    [InlineData("""{"allowed_by_methods":[{"user":"jack","methods":["GET"]}],"whitelist":["amy"]}""", "jack", 403)]
    [InlineData("""{"type":"consumer_group_id","whitelist":["g"]}""", "amy", 200)]
    [InlineData("""{"type":"consumer_group_id","blacklist":["g"]}""", "amy", 403)]
    [InlineData("""{"type":"consumer_group_id","blacklist":["g"]}""", "jack", 401)] // he has none
    [InlineData("""{"type":"route_id","whitelist":["r"]}""", "jack", 200)]
    [InlineData("""{"type":"route_id","blacklist":["r"]}""", "jack", 403)]
    [InlineData("""{"type":"service_id","whitelist":["s"]}""", "jack", 200)]
    [InlineData("""{"type":"service_id","whitelist":["t"]}""", "jack", 403)]
    public async Task Lists_Decide(string config, string consumer, int status)
    {
        await using PluginGateway gateway = await StartAsync(config);
        foreach (int version in (int[])[1, 2])
        {
            PluginAnswer answer = await gateway.GetAsync(version, "/", ("apikey", consumer));
            answer.Status.ShouldBe(status);
            string type = config.Contains("consumer_group_id") ? "consumer_group_id" : config.Contains("route_id") ? "route_id" : config.Contains("service_id") ? "service_id" : "consumer_name";
            if (status == 403)
                answer.Body.ShouldBe($"{{\"message\":\"The {type} is forbidden.\"}}\n");
            if (status == 401)
                answer.Body.ShouldBe($"{{\"message\":\"The request is rejected, please check the {type} for this request\"}}\n");
        }
    }

    [Fact]
    public async Task Refusal_IsAsConfigured_AndNobodyIsUnknown()
    {
        await using PluginGateway gateway = await StartAsync("""{"blacklist":["jack"],"rejected_code":429,"rejected_msg":"no \"jack\""}""");
        PluginAnswer refused = await gateway.GetAsync(1, "/", ("apikey", "jack"));
        (refused.Status, refused.Body).ShouldBe((429, "{\"message\":\"no \\\"jack\\\"\"}\n"));
        gateway.Put("""{"consumer-restriction":{"blacklist":["jack"]}}""");
        PluginAnswer unknown = await gateway.GetAsync(1);
        (unknown.Status, unknown.Body).ShouldBe((401, "{\"message\":\"The request is rejected, please check the consumer_name for this request\"}\n"));
        gateway.Requests.ShouldBe(0);
    }

    [Fact]
    public async Task Restriction_OfTheConsumersOwn_SaysWhichServicesItMayUse()
    {
        await using PluginGateway gateway = await StartAsync("""{"blacklist":["nobody"]}""");
        gateway.Gateway.Put(ResourceKind.Consumer, "jack", """{"username":"jack","plugins":{"key-auth":{"key":"jack"},"consumer-restriction":{"type":"service_id","whitelist":["t"]}}}""");
        (await gateway.GetAsync(1, "/", ("apikey", "jack"))).Body.ShouldBe("{\"message\":\"The service_id is forbidden.\"}\n");
        (await gateway.GetAsync(1, "/", ("apikey", "amy"))).Status.ShouldBe(200);
    }

    [Theory]
    [InlineData("{}", "object matches none of the required: [\"blacklist\"] or [\"whitelist\"] or [\"allowed_by_methods\"]")]
    [InlineData("""{"whitelist":[]}""", "property \"whitelist\" validation failed: expect array to have at least 1 items")]
    [InlineData("""{"whitelist":["a"],"type":"consumer"}""", "matches none of the enum values (given \"consumer\"; allowed: consumer_name, consumer_group_id, service_id, route_id)")]
    [InlineData("""{"whitelist":["a"],"rejected_code":199}""", "property \"rejected_code\" validation failed: expected 199 to be at least 200")]
    [InlineData("""{"allowed_by_methods":[{"methods":["GET"]}]}""", "failed to validate item 1: property \"user\" is required")]
    [InlineData("""{"allowed_by_methods":[{"user":"a","methods":["FETCH"]}]}""", "matches none of the enum values (given \"FETCH\"; allowed: GET, POST")]
    [InlineData("""{"white_list":["a"],"blacklist":["b"]}""", "additional properties forbidden, found white_list (did you mean whitelist?)")]
    public void Config_Wrong_IsRefused(string config, string text) => PluginConfigs.ShouldRefuse("consumer-restriction", config, text);

    private static async Task<PluginGateway> StartAsync(string config)
    {
        PluginGateway gateway = await PluginGateway.StartAsync("{}");
        gateway.Gateway.Put(ResourceKind.Service, "s", """{"upstream_id":"u"}""");
        gateway.Put($$"""{"key-auth":{},"consumer-restriction":{{config}}}""", ""","service_id":"s" """);
        gateway.Gateway.Put(ResourceKind.ConsumerGroup, "g", """{"plugins":{}}""");
        gateway.Gateway.Put(ResourceKind.Consumer, "jack", """{"username":"jack","plugins":{"key-auth":{"key":"jack"}}}""");
        gateway.Gateway.Put(ResourceKind.Consumer, "amy", """{"username":"amy","group_id":"g","plugins":{"key-auth":{"key":"amy"}}}""");
        return gateway;
    }
}
