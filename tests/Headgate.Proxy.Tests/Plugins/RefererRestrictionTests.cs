namespace Headgate.Proxy.Tests.Plugins;

/// <summary><c>referer-restriction</c> through the whole gateway.</summary>
public sealed class RefererRestrictionTests
{
    private const string White = """{"whitelist":["good.test","*.good.test"]}""";
    private const string Black = """{"blacklist":["bad.test"]}""";

    [Theory]
    [InlineData(White, "https://good.test/a?b", 200)]
    [InlineData(White, "http://GOOD.test:8080/", 200)]
    [InlineData(White, "//x.good.test", 200)]
    [InlineData(White, "http://notgood.test/", 403)]
    [InlineData(White, "http://other.test/http://good.test/", 403)]
    [InlineData(White, "http://good.test@other.test/", 403)]
    [InlineData(White, "good.test", 403)]
    [InlineData(White, "ftp://good.test/", 403)]
    [InlineData(White, null, 403)]
    [InlineData("""{"whitelist":["good.test"],"bypass_missing":true}""", null, 200)]
    [InlineData("""{"whitelist":["good.test"],"bypass_missing":true}""", "nonsense", 200)]
    [InlineData("""{"whitelist":["good.test"],"bypass_missing":true}""", "http://other.test", 403)]
    [InlineData(Black, "http://bad.test/", 403)]
    [InlineData(Black, "http://Bad.test?a", 403)]
    [InlineData(Black, "http://x.bad.test/", 200)]
    [InlineData(Black, null, 403)]
    public async Task Request_ByTheHostOfItsReferer_PassesOrNot(string config, string? referer, int status)
    {
        await using PluginGateway gateway = await PluginGateway.StartAsync($$"""{"referer-restriction":{{config}}}""");
        foreach (int version in (int[])[1, 2])
        {
            PluginAnswer answer = await gateway.GetAsync(version, "/", referer is null ? [] : [("Referer", referer)]);
            answer.Status.ShouldBe(status);
            if (status != 200)
                answer.Body.ShouldBe("{\"message\":\"Your referer host is not allowed\"}\n");
        }

        gateway.Requests.ShouldBe(status == 200 ? 2 : 0);
    }

    // A second field is no way round a rule.
    [Fact]
    public async Task SecondReferer_CountsToo()
    {
        await using PluginGateway gateway = await PluginGateway.StartAsync($$"""{"referer-restriction":{{Black}}}""");
        string answer = await gateway.Gateway.SendRawAsync("GET / HTTP/1.1\r\nHost: a\r\nReferer: http://a.test\r\nReferer: http://bad.test\r\nConnection: close\r\n\r\n");
        answer.ShouldStartWith("HTTP/1.1 403 ");
    }

    [Theory]
    [InlineData("{}", "value should match only one schema, but matches none")]
    [InlineData("""{"whitelist":["a"],"blacklist":["b"]}""", "value should match only one schema, but matches both schemas 1 and 2")]
    [InlineData("""{"whitelist":[]}""", "property \"whitelist\" validation failed: expect array to have at least 1 items")]
    [InlineData("""{"blacklist":["a b"]}""", "property \"blacklist\" validation failed")]
    [InlineData("""{"blacklist":["a"],"message":""}""", "property \"message\" validation failed: string too short, expected at least 1, got 0")]
    [InlineData("""{"denylist":["a"]}""", "additional properties forbidden, found denylist")]
    public void Config_Wrong_IsRefused(string config, string text) => PluginConfigs.ShouldRefuse("referer-restriction", config, text);
}
