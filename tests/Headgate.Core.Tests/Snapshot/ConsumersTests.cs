using Headgate.Core.Snapshot;

namespace Headgate.Core.Tests.Snapshot;

/// <summary>Consumers, credentials and groups become who may call.</summary>
public sealed class ConsumersTests : IDisposable
{
    private readonly AuthenticatingPlugin _auth = new("auth");
    private readonly Gateway _gateway;

    public ConsumersTests() => _gateway = new Gateway(BalancingSettings.Default, [_auth, new AuthenticatingPlugin("other-auth"), new NamedPlugin("p"), new NamedPlugin("q")]);

    public void Dispose() => _gateway.Dispose();

    [Fact]
    public void Consumer_WithAKeyOfItsOwn_IsFoundByIt()
    {
        _gateway.Put("consumers/jack", """{"username":"jack","labels":{"custom_id":"7"},"plugins":{"auth":{"key":"k"}}}""");
        CredentialSnapshot credential = Find("k"u8).ShouldNotBeNull();
        (credential.Consumer.Config.Username, credential.Consumer.Config.CustomId, credential.Id.Length).ShouldBe(("jack", "7", 0));
        _gateway.Snapshot.Consumers.Find("jack"u8).ShouldBeSameAs(credential.Consumer);
        credential.Consumer.Replacing.ShouldBeEmpty("a plugin that authenticates does nothing else for the consumer");
        _gateway.Snapshot.Consumers.FindCredential(new AuthenticatingPlugin("third"), "k"u8).ShouldBeNull();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Credential_BeforeOrAfterItsConsumer_IsFound(bool consumerFirst)
    {
        (string, string?) consumer = ("consumers/jack", """{"username":"jack"}""");
        (string, string?) credential = ("consumers/jack/credentials/c-1", """{"plugins":{"auth":{"key":"k"}}}""");
        _gateway.Put(consumerFirst ? consumer : credential);
        Find("k"u8).ShouldBeNull("a credential alone is nobody's");
        _gateway.Put(consumerFirst ? credential : consumer);
        Find("k"u8).ShouldNotBeNull().Id.ToArray().ShouldBe("c-1"u8.ToArray());
    }

    [Fact]
    public void Edit_OfConsumerOrCredential_IsWhatIsFoundFromThenOn()
    {
        _gateway.Put(("consumers/jack", """{"username":"jack"}"""), ("consumers/jack/credentials/1", """{"plugins":{"auth":{"key":"a"}}}"""));
        GatewaySnapshot before = _gateway.Snapshot;
        _gateway.Put("consumers/jack/credentials/1", """{"plugins":{"auth":{"key":"b"}}}""");
        Find("a"u8).ShouldBeNull();
        _gateway.Put("consumers/jack", """{"username":"jack","plugins":{"p":{"x":1}}}""");
        Find("b"u8).ShouldNotBeNull().Consumer.Plugins.Count.ShouldBe(1);
        _gateway.Put("consumers/jack", null);
        Find("b"u8).ShouldBeNull();
        _gateway.Snapshot.Consumers.Find("jack"u8).ShouldBeNull();
        before.Consumers.FindCredential(_auth, "a"u8).ShouldNotBeNull("a request keeps what it began with");
        _gateway.Put("consumers/jack", """{"username":"jack"}""");
        Find("b"u8).ShouldNotBeNull("its credential was not deleted");
    }

    [Fact]
    public void SameKeyTwice_TheFirstByName_UntilItGoes()
    {
        _gateway.Put(("consumers/zoe", Keyed("zoe", "k")), ("consumers/amy", Keyed("amy", "k")));
        Find("k"u8)!.Consumer.Config.Username.ShouldBe("amy");
        _gateway.Put("consumers/amy", null);
        Find("k"u8)!.Consumer.Config.Username.ShouldBe("zoe");
    }

    [Fact]
    public void Group_ItsPluginsGiveWayToTheConsumers()
    {
        _gateway.Put(
            ("consumer_groups/g", """{"plugins":{"p":{"x":1},"q":{"x":1}}}"""),
            ("consumers/jack", """{"username":"jack","group_id":"g","plugins":{"p":{"x":2}}}"""));
        Settings().ShouldBe(["p2", "q1"]);
        _gateway.Put("consumer_groups/g", """{"plugins":{"q":{"x":3}}}""");
        Settings().ShouldBe(["p2", "q3"]);
        _gateway.Put("consumers/jack", """{"username":"jack","group_id":"g","plugins":{"q":{"x":2,"_meta":{"disable":true}}}}""");
        Settings().ShouldBeEmpty();
        Jack.Replaces(Jack.Replacing[0].Plugin).ShouldBeTrue("a disabled plugin still hides the route's");
    }

    [Fact]
    public void Group_Missing_OrAPluginUnknown_IsBroken()
    {
        _gateway.Put("consumers/jack", """{"username":"jack","group_id":"g"}""");
        Jack.IsBroken.ShouldBeTrue();
        _gateway.Put("consumer_groups/g", """{"plugins":{}}""");
        Jack.IsBroken.ShouldBeFalse();
        _gateway.Put("consumer_groups/g", """{"plugins":{"nobody-knows":{}}}""");
        Jack.IsBroken.ShouldBeTrue();
        _gateway.Put("consumers/jack", """{"username":"jack","plugins":{"nobody-knows":{}}}""");
        Jack.IsBroken.ShouldBeTrue();
    }

    [Fact]
    public void Edit_OfOne_LeavesTheOthersAsTheyAre()
    {
        _gateway.Put(("consumers/jack", Keyed("jack", "a")), ("consumers/amy", Keyed("amy", "b")));
        ConsumerSnapshot jack = Jack;
        _gateway.Put("consumers/amy", Keyed("amy", "c"));
        Jack.ShouldBeSameAs(jack);
        ConsumerTable table = _gateway.Snapshot.Consumers;
        _gateway.Put("upstreams/1", Gateway.NodesJson("10.0.0.1:80"));
        _gateway.Snapshot.Consumers.ShouldBeSameAs(table);
    }

    [Fact]
    public void PluginConfig_StandsBetweenServiceAndRoute()
    {
        _gateway.Put(
            ("upstreams/u", Gateway.NodesJson("10.0.0.1:80")),
            ("services/s", """{"upstream_id":"u","plugins":{"p":{"x":1},"q":{"x":1}}}"""),
            ("plugin_configs/c", """{"plugins":{"p":{"x":2},"q":{"x":2}}}"""),
            ("routes/r", """{"uri":"/a","service_id":"s","plugin_config_id":"c","plugins":{"q":{"x":3}}}"""));
        RoutePlugins().ShouldBe(["p2", "q3"]);
        _gateway.Put("plugin_configs/c", """{"plugins":{"q":{"x":2}}}""");
        RoutePlugins().ShouldBe(["p1", "q3"]);
        _gateway.Put("plugin_configs/c", null);
        _gateway.Match("/a")!.Target.ShouldBe(Headgate.Core.Routing.RouteTarget.MissingPlugin);
    }

    [Fact]
    public void GlobalRules_AreMerged_AndBrokenByAnUnknownPlugin()
    {
        _gateway.Put(("global_rules/1", """{"plugins":{"p":{"x":1}}}"""), ("global_rules/2", """{"plugins":{"q":{"x":2}}}"""));
        _gateway.Snapshot.GlobalRules.Plugins.Select(setting => setting.Plugin.Name).ShouldBe(["p", "q"]);
        GlobalRules rules = _gateway.Snapshot.GlobalRules;
        _gateway.Put("upstreams/1", Gateway.NodesJson("10.0.0.1:80"));
        _gateway.Snapshot.GlobalRules.ShouldBeSameAs(rules);
        _gateway.Put("global_rules/2", """{"plugins":{"nobody-knows":{}}}""");
        _gateway.Snapshot.GlobalRules.IsBroken.ShouldBeTrue();
        _gateway.Put(("global_rules/1", null), ("global_rules/2", null));
        _gateway.Snapshot.GlobalRules.ShouldBeSameAs(GlobalRules.None);
    }

    private ConsumerSnapshot Jack => _gateway.Snapshot.Consumers.Find("jack"u8).ShouldNotBeNull();

    private static string Keyed(string name, string key) => $$$$"""{"username":"{{{{name}}}}","plugins":{"auth":{"key":"{{{{key}}}}"}}}""";

    private CredentialSnapshot? Find(ReadOnlySpan<byte> key) => _gateway.Snapshot.Consumers.FindCredential(_auth, key);

    private IEnumerable<string> Settings() => Jack.Plugins.Select(setting => $"{setting.Plugin.Name}{((NamedPlugin.XConfig)setting.Config).X}");

    private IEnumerable<string> RoutePlugins() => _gateway.Match("/a")!.Plugins.Select(setting => $"{setting.Plugin.Name}{((NamedPlugin.XConfig)setting.Config).X}");
}
