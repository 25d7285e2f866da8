namespace Headgate.Proxy.Tests.Plugins;

/// <summary><c>uri-blocker</c> through the whole gateway.</summary>
public sealed class UriBlockerTests
{
    [Theory]
    [InlineData(1, """{"block_rules":["root.exe","root.m+"]}""", "/a?x=root.exe", 403)]
    [InlineData(2, """{"block_rules":["root.exe","root.m+"]}""", "/root.mm", 403)]
    [InlineData(1, """{"block_rules":["root.exe","root.m+"]}""", "/ROOT.exe", 200)]
    [InlineData(1, """{"block_rules":["root.exe"],"case_insensitive":true}""", "/ROOT.exe", 403)]
    [InlineData(1, """{"block_rules":["^/a%2F"]}""", "/a%2Fb", 403)]
    [InlineData(2, """{"block_rules":["é"],"rejected_code":404}""", "/a", 200)]
    [InlineData(2, """{"block_rules":["^/a$"],"rejected_code":404}""", "/a", 404)]
    public async Task Target_ByRule_PassesOrNot(int version, string config, string path, int status)
    {
        await using PluginGateway gateway = await PluginGateway.StartAsync($$"""{"uri-blocker":{{config}}}""");
        (await gateway.GetAsync(version, path)).Status.ShouldBe(status);
        gateway.Requests.ShouldBe(status == 200 ? 1 : 0);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Refusal_HasTheConfiguredMessage(int version)
    {
        await using PluginGateway gateway = await PluginGateway.StartAsync("""{"uri-blocker":{"block_rules":["a"],"rejected_msg":"not that"}}""");
        (await gateway.GetAsync(version, "/a")).Body.ShouldBe("{\"error_msg\":\"not that\"}\n");
    }

    // Nobody gets past a rule by making it take long.
    [Fact]
    public async Task HostileTarget_IsRefused()
    {
        await using PluginGateway gateway = await PluginGateway.StartAsync("""{"uri-blocker":{"block_rules":["^/(?=a)(a+)+$"]}}""");
        (await gateway.GetAsync(1, "/" + new string('a', 200) + "!")).Status.ShouldBe(403);
    }

    [Theory]
    [InlineData("{}", "property \"block_rules\" is required")]
    [InlineData("""{"block_rules":[]}""", "property \"block_rules\" validation failed: expect array to have at least 1 items")]
    [InlineData("""{"block_rules":["a","a"]}""", "property \"block_rules\" validation failed: expected unique items but items 1 and 2 are equal")]
    [InlineData("""{"block_rules":["("]}""", "failed to check the configuration of plugin uri-blocker err: block_rules: Invalid pattern")]
    [InlineData("""{"block_rules":["a"],"rejected_code":100}""", "property \"rejected_code\" validation failed: expected 100 to be at least 200")]
    [InlineData("""{"block_rules":["a"],"rejected_msg":""}""", "property \"rejected_msg\" validation failed: string too short, expected at least 1, got 0")]
    [InlineData("""{"block_rules":["a"],"message":"x"}""", "additional properties forbidden, found message")]
    public void Config_Wrong_IsRefused(string config, string text) => PluginConfigs.ShouldRefuse("uri-blocker", config, text);
}
