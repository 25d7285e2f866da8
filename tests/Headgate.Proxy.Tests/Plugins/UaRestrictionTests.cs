namespace Headgate.Proxy.Tests.Plugins;

/// <summary><c>ua-restriction</c> through the whole gateway.</summary>
public sealed class UaRestrictionTests
{
    [Theory]
    [InlineData("""{"denylist":["^bot","(Baiduspider)/(\\d+)"]}""", "Mozilla/5.0 Baiduspider/2", 403)]
    [InlineData("""{"denylist":["^bot"]}""", "a bot", 200)]
    [InlineData("""{"denylist":["^bot"]}""", null, 403)]
    [InlineData("""{"denylist":["^bot"],"bypass_missing":true}""", null, 200)]
    [InlineData("""{"allowlist":["^curl/"]}""", "curl/8.0", 200)]
    [InlineData("""{"allowlist":["^curl/"]}""", "wget/1", 403)]
    [InlineData("""{"allowlist":["^curl/"]}""", null, 403)]
    [InlineData("""{"allowlist":["^curl/"],"bypass_missing":true}""", null, 200)]
    public async Task Request_ByItsUserAgent_PassesOrNot(string config, string? agent, int status)
    {
        await using PluginGateway gateway = await PluginGateway.StartAsync($$"""{"ua-restriction":{{config}}}""");
        foreach (int version in (int[])[1, 2])
        {
            PluginAnswer answer = await gateway.GetAsync(version, "/", agent is null ? [] : [("User-Agent", agent)]);
            answer.Status.ShouldBe(status);
            if (status != 200)
                answer.Body.ShouldBe("{\"message\":\"Not allowed\"}\n");
        }

        gateway.Requests.ShouldBe(status == 200 ? 2 : 0);
    }

    // A second field is no way round a rule.
    [Theory]
    [InlineData("""{"denylist":["^bot"]}""", "403")]
    [InlineData("""{"allowlist":["^bot"]}""", "200")]
    public async Task SecondUserAgent_CountsToo(string config, string status)
    {
        await using PluginGateway gateway = await PluginGateway.StartAsync($$"""{"ua-restriction":{{config}}}""");
        string answer = await gateway.Gateway.SendRawAsync("GET / HTTP/1.1\r\nHost: a\r\nUser-Agent: good\r\nUser-Agent: bot\r\nConnection: close\r\n\r\n");
        answer.ShouldStartWith($"HTTP/1.1 {status} ");
    }

    [Theory]
    [InlineData("denylist")]
    [InlineData("allowlist")]
    public async Task HostileUserAgent_IsRefused(string list)
    {
        await using PluginGateway gateway = await PluginGateway.StartAsync($$$"""{"ua-restriction":{"{{{list}}}":["^(?=a)(a+)+$"],"message":"no"}}""");
        PluginAnswer answer = await gateway.GetAsync(1, "/", ("User-Agent", new string('a', 200) + "!"));
        (answer.Status, answer.Body).ShouldBe((403, "{\"message\":\"no\"}\n"));
    }

    [Theory]
    [InlineData("{}", "value should match only one schema, but matches none")]
    [InlineData("""{"allowlist":["a"],"denylist":["b"]}""", "value should match only one schema, but matches both schemas 1 and 2")]
    [InlineData("""{"denylist":[]}""", "property \"denylist\" validation failed: expect array to have at least 1 items")]
    [InlineData("""{"denylist":["("]}""", "failed to check the configuration of plugin ua-restriction err: denylist: Invalid pattern")]
    [InlineData("""{"denylist":["a"],"message":""}""", "property \"message\" validation failed: string too short, expected at least 1, got 0")]
    [InlineData("""{"blacklist":["a"]}""", "additional properties forbidden, found blacklist")]
    public void Config_Wrong_IsRefused(string config, string text) => PluginConfigs.ShouldRefuse("ua-restriction", config, text);
}
