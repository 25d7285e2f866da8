using Headgate.Core.Config;

namespace Headgate.Proxy.Tests.Plugins;

/// <summary><c>key-auth</c> through the whole gateway.</summary>
public sealed class KeyAuthTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Key_OfAConsumer_PassesAndTellsTheNode(int version)
    {
        await using PluginGateway gateway = await StartAsync("{}");
        PluginAnswer answer = await gateway.GetAsync(version, "/", ("apikey", "k-jack"), ("X-Consumer-Username", "root"), ("X-Consumer-Custom-ID", "0"));
        answer.Status.ShouldBe(200);
        answer.Body.ShouldContain("x-consumer-username: jack\r\n", Case.Insensitive);
        answer.Body.ShouldContain("x-consumer-custom-id: j7\r\n", Case.Insensitive);
        answer.Body.ShouldContain("apikey: k-jack\r\n", Case.Insensitive);
        answer.Body.ShouldNotContain("root");
        answer.Body.ShouldNotContain("x-credential-identifier", Case.Insensitive);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Key_OfACredential_IsNamedToTheNode(int version)
    {
        await using PluginGateway gateway = await StartAsync("{}");
        gateway.Gateway.Put(ResourceKind.Credential, "jack/credentials/c1", """{"plugins":{"key-auth":{"key":"second"}}}""");
        PluginAnswer answer = await gateway.GetAsync(version, "/?apikey=second&a=1");
        answer.Body.ShouldContain("x-credential-identifier: c1\r\n", Case.Insensitive);
        answer.Body.ShouldStartWith("GET /?apikey=second&a=1 ");
    }

    [Theory]
    [InlineData(1, "", "Missing API key in request")]
    [InlineData(2, "", "Missing API key in request")]
    [InlineData(1, "wrong", "Invalid API key in request")]
    [InlineData(2, "wrong", "Invalid API key in request")]
    public async Task Key_MissingOrWrong_IsChallenged(int version, string key, string message)
    {
        await using PluginGateway gateway = await StartAsync("""{"realm":"the house"}""");
        PluginAnswer answer = await gateway.GetAsync(version, "/", key.Length == 0 ? [] : [("apikey", key)]);
        answer.Status.ShouldBe(401);
        answer.Body.ShouldBe($"{{\"message\":\"{message}\"}}\n");
        answer.Fields["WWW-Authenticate"].ShouldBe(["apikey realm=\"the house\""]);
        gateway.Requests.ShouldBe(0);
    }

    [Theory]
    [InlineData("/?a=1&k%65y=k-jack&b=2", "GET /?a=1&b=2 ")]
    [InlineData("/x?key=k-jack", "GET /x ")]
    [InlineData("/?key=k-jack&key=k-jack&keys=1", "GET /?keys=1 ")]
    public async Task HideCredentials_TakesTheKeyOut(string path, string line)
    {
        await using PluginGateway gateway = await StartAsync("""{"hide_credentials":true,"query":"key","header":"X-Key"}""");
        (await gateway.GetAsync(1, path)).Body.ShouldStartWith(line);
        PluginAnswer byField = await gateway.GetAsync(2, "/", ("X-Key", "k-jack"));
        byField.Status.ShouldBe(200);
        byField.Body.ShouldNotContain("x-key", Case.Insensitive);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Anonymous_TakesWhatIsNobodys(int version)
    {
        await using PluginGateway gateway = await StartAsync("""{"anonymous_consumer":"guest","hide_credentials":true}""");
        PluginAnswer refused = await gateway.GetAsync(version);
        (refused.Status, refused.Body).ShouldBe((401, "{\"message\":\"Invalid user authorization\"}\n"));
        gateway.Gateway.Put(ResourceKind.Consumer, "guest", """{"username":"guest"}""");
        PluginAnswer answer = await gateway.GetAsync(version, "/", ("apikey", "k-wrong"));
        answer.Body.ShouldContain("x-consumer-username: guest\r\n", Case.Insensitive);
        answer.Body.ShouldNotContain("k-wrong");
    }

    [Fact]
    public async Task Key_ByReference_IsWhatTheReferenceStandsFor()
    {
        string name = $"HEADGATE_TEST_{Guid.NewGuid():N}";
        Environment.SetEnvironmentVariable(name, "k-of-the-environment");
        await using PluginGateway gateway = await StartAsync("{}");
        gateway.Gateway.Put(ResourceKind.Consumer, "amy", $$$$"""{"username":"amy","plugins":{"key-auth":{"key":"$env://{{{{name}}}}"}}}""");
        (await gateway.GetAsync(1, "/", ("apikey", "k-of-the-environment"))).Seen("X-Consumer-Username").ShouldBe(["amy"]);
        (await gateway.GetAsync(1, "/", ("apikey", "$env://" + name))).Status.ShouldBe(401);
        Environment.SetEnvironmentVariable(name, null);
    }

    [Theory]
    [InlineData("""{"header":""}""", "property \"header\" validation failed: string too short, expected at least 1, got 0")]
    [InlineData("""{"header":"a b"}""", "header: \"a b\" is no name of a header field")]
    [InlineData("""{"realm":"a\"b"}""", "property \"realm\" validation failed: failed to match pattern")]
    [InlineData("""{"hide_credentials":"yes"}""", "property \"hide_credentials\" validation failed: wrong type: expected boolean, got string")]
    [InlineData("""{"keys":"x"}""", "additional properties forbidden, found keys")]
    public void Config_Wrong_IsRefused(string config, string text) => PluginConfigs.ShouldRefuse("key-auth", config, text);

    private static async Task<PluginGateway> StartAsync(string config)
    {
        PluginGateway gateway = await PluginGateway.StartAsync($$"""{"key-auth":{{config}}}""");
        gateway.Gateway.Put(ResourceKind.Consumer, "jack", """{"username":"jack","labels":{"custom_id":"j7"},"plugins":{"key-auth":{"key":"k-jack"}}}""");
        return gateway;
    }
}
