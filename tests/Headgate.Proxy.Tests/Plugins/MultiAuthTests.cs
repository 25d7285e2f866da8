using Headgate.Core.Config;

namespace Headgate.Proxy.Tests.Plugins;

/// <summary><c>multi-auth</c> through the whole gateway.</summary>
public sealed class MultiAuthTests
{
    private const string Both = """{"auth_plugins":[{"basic-auth":{"hide_credentials":true}},{"key-auth":{"header":"X-Key","hide_credentials":true,"realm":"r"}}]}""";

    [Theory]
    [InlineData("Authorization", "Basic amFjazpw", "jack")]
    [InlineData("X-Key", "k", "amy")]
    public async Task AnyWay_Passes(string name, string value, string consumer)
    {
        await using PluginGateway gateway = await StartAsync(Both);
        foreach (int version in (int[])[1, 2])
        {
            PluginAnswer answer = await gateway.GetAsync(version, "/", (name, value));
            answer.Status.ShouldBe(200);
            answer.Seen("X-Consumer-Username").ShouldBe([consumer]);
            answer.Seen(name).ShouldBeEmpty();
            answer.Fields["WWW-Authenticate"].ShouldBeEmpty();
        }
    }

    [Fact]
    public async Task FirstThatKnows_Wins()
    {
        await using PluginGateway gateway = await StartAsync(Both);
        PluginAnswer first = await gateway.GetAsync(1, "/", ("Authorization", "Basic amFjazpw"), ("X-Key", "k"));
        first.Seen("X-Consumer-Username").ShouldBe(["jack"]);
        first.Seen("X-Key").ShouldBe(["k"], "nobody has looked at it");
        (await gateway.GetAsync(1, "/", ("Authorization", "Basic amFjazp3"), ("X-Key", "k"))).Seen("X-Consumer-Username").ShouldBe(["amy"]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task NoWay_IsChallengedByTheLast(int version)
    {
        await using PluginGateway gateway = await StartAsync(Both);
        PluginAnswer answer = await gateway.GetAsync(version, "/", ("Authorization", "Basic amFjazp3"));
        answer.ShouldBeRefused("Authorization Failed");
        answer.Fields["WWW-Authenticate"].ShouldBe(["apikey realm=\"r\""]);
        gateway.Requests.ShouldBe(0);
    }

    [Fact]
    public async Task Anonymous_OfAnyWay_TakesWhatIsNobodys()
    {
        await using PluginGateway gateway = await StartAsync("""{"auth_plugins":[{"jwt-auth":{},"basic-auth":{}},{"key-auth":{"anonymous_consumer":"jack"}}]}""");
        (await gateway.GetAsync(1)).Seen("X-Consumer-Username").ShouldBe(["jack"]);
    }

    [Theory]
    [InlineData("{}", "property \"auth_plugins\" is required")]
    [InlineData("""{"auth_plugins":[{"key-auth":{}}]}""", "property \"auth_plugins\" validation failed: expect array to have at least 2 items")]
    [InlineData("""{"auth_plugins":[{"key-auth":{}},{"nobody-knows":{}}]}""", "failed to validate item 2: nobody-knows plugin did not found")]
    [InlineData("""{"auth_plugins":[{"key-auth":{}},{"cors":{}}]}""", "failed to validate item 2: cors plugin is not supported")]
    [InlineData("""{"auth_plugins":[{"key-auth":{}},{"multi-auth":{}}]}""", "failed to validate item 2: multi-auth plugin is not supported")]
    [InlineData("""{"auth_plugins":[{"key-auth":{}},{}]}""", "failed to validate item 2: no plugin is named")]
    [InlineData("""{"auth_plugins":[{"key-auth":{"heade":"x"}},{"basic-auth":{}}]}""", "property \"key-auth\" validation failed: additional properties forbidden, found heade")]
    [InlineData("""{"auth_plugins":[{"key-auth":{}},{"basic-auth":{}}],"x":1}""", "additional properties forbidden, found x")]
    public void Config_Wrong_IsRefused(string config, string text) => PluginConfigs.ShouldRefuse("multi-auth", config, text);

    [Fact]
    public void Config_Equal_BehavesEqually() => PluginConfigs.Read("multi-auth", Both).ShouldBe(PluginConfigs.Read("multi-auth", Both));

    private static async Task<PluginGateway> StartAsync(string config)
    {
        PluginGateway gateway = await PluginGateway.StartAsync($$"""{"multi-auth":{{config}}}""");
        gateway.Gateway.Put(ResourceKind.Consumer, "jack", """{"username":"jack","plugins":{"basic-auth":{"username":"jack","password":"p"}}}""");
        gateway.Gateway.Put(ResourceKind.Consumer, "amy", """{"username":"amy","plugins":{"key-auth":{"key":"k"}}}""");
        return gateway;
    }
}
