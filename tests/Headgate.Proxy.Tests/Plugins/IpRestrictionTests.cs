namespace Headgate.Proxy.Tests.Plugins;

/// <summary><c>ip-restriction</c> through the whole gateway.</summary>
public sealed class IpRestrictionTests
{
    [Theory]
    [InlineData(1, """{"whitelist":["127.0.0.0/8"]}""", 200)]
    [InlineData(2, """{"whitelist":["127.0.0.0/8"]}""", 200)]
    [InlineData(1, """{"whitelist":["10.0.0.1","fe80::/32"]}""", 403)]
    [InlineData(2, """{"whitelist":["10.0.0.1"]}""", 403)]
    [InlineData(1, """{"blacklist":["127.0.0.1"]}""", 403)]
    [InlineData(1, """{"blacklist":["10.0.0.0/8"]}""", 200)]
    [InlineData(1, """{"blacklist":["127.0.0.1"],"response_code":404}""", 404)]
    public async Task Request_ByItsAddress_PassesOrNot(int version, string config, int status)
    {
        await using PluginGateway gateway = await PluginGateway.StartAsync($$"""{"ip-restriction":{{config}}}""");
        PluginAnswer answer = await gateway.GetAsync(version);
        answer.Status.ShouldBe(status);
        if (status != 200)
            answer.Body.ShouldBe("{\"message\":\"Your IP address is not allowed\"}\n");
        gateway.Requests.ShouldBe(status == 200 ? 1 : 0);
    }

    [Fact]
    public async Task Refusal_HasTheConfiguredMessage()
    {
        await using PluginGateway gateway = await PluginGateway.StartAsync("""{"ip-restriction":{"blacklist":["127.0.0.1"],"message":"say \"please\""}}""");
        (await gateway.GetAsync(1)).Body.ShouldBe("{\"message\":\"say \\\"please\\\"\"}\n");
    }

    [Theory]
    [InlineData("{}", "value should match only one schema, but matches none")]
    [InlineData("""{"whitelist":["::1"],"blacklist":["::1"]}""", "value should match only one schema, but matches both schemas 1 and 2")]
    [InlineData("""{"whitelist":[]}""", "property \"whitelist\" validation failed: expect array to have at least 1 items")]
    [InlineData("""{"whitelist":["x"]}""", "property \"whitelist\" validation failed: failed to validate item 1: object matches none of the required (given \"x\"")]
    [InlineData("""{"whitelist":["::1"],"response_code":500}""", "property \"response_code\" validation failed: expected 500 to be at most 404")]
    [InlineData("""{"whitelist":["::1"],"mesage":"x"}""", "additional properties forbidden, found mesage (did you mean message?)")]
    public void Config_Wrong_IsRefused(string config, string text) => PluginConfigs.ShouldRefuse("ip-restriction", config, text);
}
