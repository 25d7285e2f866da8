using System.Text.Json;
using Headgate.Control.Plugins;
using Headgate.Core.Config.Plugins;
using Headgate.Core.Config.Reading;

namespace Headgate.Control.Tests.Plugins;

public sealed class PluginsApiTests
{
    private static readonly JsonElement Answer = JsonElement.Parse(PluginsApi.List(new PluginCatalog([new Played("limits", 1), new Played("ways", 3, isAuthentication: true), new Played("keys", 2, true, """{"title":"consumer"}""", "key")])).Body.Span);

    [Fact]
    public void List_IsInTheOrderInWhichTheyRun()
    {
        Answer.GetProperty("total").GetInt32().ShouldBe(3);
        Answer.GetProperty("list").EnumerateArray().Select(static plugin => plugin.GetProperty("name").GetString()).ShouldBe(["ways", "keys", "limits"]);
        Answer.GetProperty("list").EnumerateArray().Select(static plugin => plugin.GetProperty("priority").GetInt32()).ShouldBe([3, 2, 1]);
    }

    [Theory]
    [InlineData("limits", "route,service,plugin_config,global_rule,consumer_group,consumer")]
    [InlineData("keys", "route,service,plugin_config,global_rule,consumer,credential")]
    [InlineData("ways", "route,service,plugin_config,global_rule")]
    public void List_SaysWhereAPluginIsOfUse(string name, string scopes) => Texts(Of(name), "scopes").ShouldBe(scopes);

    [Fact]
    public void List_OfAPluginThatAuthenticates_HasBothSchemas_AndWhatIsSecret()
    {
        JsonElement keys = Of("keys");
        keys.GetProperty("type").GetString().ShouldBe("auth");
        keys.GetProperty("schema").GetProperty("title").GetString().ShouldBe("route");
        keys.GetProperty("consumer_schema").GetProperty("title").GetString().ShouldBe("consumer");
        Texts(keys, "encrypt_fields").ShouldBe("key");
        Of("limits").TryGetProperty("type", out _).ShouldBeFalse();
        Of("limits").TryGetProperty("consumer_schema", out _).ShouldBeFalse();
    }

    private static JsonElement Of(string name) => Answer.GetProperty("list").EnumerateArray().Single(plugin => plugin.GetProperty("name").GetString() == name);

    private static string Texts(JsonElement plugin, string member) => string.Join(',', plugin.GetProperty(member).EnumerateArray().Select(static text => text.GetString()));

    private sealed class Played(string name, int priority, bool isAuthentication = false, string consumerSchema = "", params string[] secrets) : PluginDefinition
    {
        public override string Name => name;

        public override int Priority => priority;

        public override bool IsAuthentication => isAuthentication;

        public override ReadOnlyMemory<byte> Schema => """{"title":"route"}"""u8.ToArray();

        public override ReadOnlyMemory<byte> ConsumerSchema => System.Text.Encoding.UTF8.GetBytes(consumerSchema);

        public override IReadOnlyList<string> SecretFields => secrets;

        public override PluginConfig? Read(ObjectReader reader) => null;
    }
}
