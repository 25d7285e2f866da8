using System.Text;
using System.Text.Json;
using Headgate.Core.Config;
using Headgate.Core.Config.Plugins;
using Headgate.Core.Plugins;
using Headgate.Core.Primitives;
using Headgate.Core.Tests.Snapshot;

namespace Headgate.Core.Tests.Plugins;

/// <summary>How <c>plugins</c> is read, and the order in which plugins run.</summary>
public sealed class PluginSettingsTests
{
    private static readonly PluginCatalog Catalog = new([new NamedPlugin("low", 1), new NamedPlugin("high", 9), new NamedPlugin("also-high", 9)]);

    [Fact]
    public void Parse_KnownPlugins_AreTyped()
    {
        PluginSetting setting = Route("""{"high":{"x":3,"_meta":{"disable":false,"priority":7,"filter":[["arg_a","==","1"]],"error_response":{"code":1}}}}""", out _)!.Plugins[0];
        setting.Plugin.Name.ShouldBe("high");
        setting.Config.ShouldBe(new NamedPlugin.XConfig(3));
        setting.Priority.ShouldBe(7);
        setting.Meta.Filter.ShouldNotBeNull();
        setting.Meta.ErrorResponse.ShouldBe("""{"code":1}""");
        setting.Meta.IsErrorJson.ShouldBeTrue();
    }

    // In the words of APISIX's check_single_plugin_schema.
    [Theory]
    [InlineData("""{"high":{"x":10}}""", "plugins.high.x", "failed to check the configuration of plugin high err: property \"x\" validation failed: expected 10 to be at most 9")]
    [InlineData("""{"high":{"y":1}}""", "plugins.high", "failed to check the configuration of plugin high err: additional properties forbidden, found y")]
    [InlineData("""{"high":1}""", "plugins.high", "invalid plugin conf 1 for plugin [high]")]
    [InlineData("""{"nope":{}}""", "plugins.nope", "unknown plugin [nope]")]
    [InlineData("""{"high":{"_meta":{"priority":"x"}}}""", "plugins.high._meta.priority",
        "failed to check the configuration of plugin high err: property \"_meta\" validation failed: property \"priority\" validation failed: wrong type: expected integer, got string")]
    [InlineData("""{"high":{"_meta":{"filter":[["a"]]}}}""", "plugins.high._meta.filter", "failed to validate the 'vars' expression: ")]
    [InlineData("""{"high":{"_meta":{"pre_function":"x"}}}""", "plugins.high._meta.pre_function", "pre_function is not supported: Headgate runs no Lua")]
    public void Parse_Wrong_SaysWhatAndWhere(string plugins, string path, string message)
    {
        Route(plugins, out ConfigErrors errors).ShouldBeNull();
        errors.Errors.ShouldHaveSingleItem().Path.ShouldBe(path);
        errors.Errors[0].Message.ShouldStartWith(message);
    }

    [Fact]
    public void Parse_SchemaFirst_PluginsAfterwards()
    {
        Route("""{"high":{"x":10}},"priority":"x" """, out ConfigErrors errors).ShouldBeNull();
        errors.Errors.Select(error => error.Path).ShouldBe(["priority", "plugins.high.x"]);
    }

    [Fact]
    public void Merge_HigherPriorityFirst_ThenByName() =>
        Names(PluginOrder.Merge(Settings("""{"low":{},"high":{},"also-high":{}}"""))).ShouldBe(["also-high", "high", "low"]);

    [Fact]
    public void Merge_MetaPriority_MovesOne() =>
        Names(PluginOrder.Merge(Settings("""{"low":{"_meta":{"priority":100}},"high":{}}"""))).ShouldBe(["low", "high"]);

    [Fact]
    public void Merge_LaterSource_ReplacesWholeSetting()
    {
        EquatableArray<PluginSetting> merged = PluginOrder.Merge(Settings("""{"high":{"x":1},"low":{}}"""), Settings("""{"high":{}}"""));
        Names(merged).ShouldBe(["high", "low"]);
        merged[0].Config.ShouldBe(new NamedPlugin.XConfig(null));
    }

    [Fact]
    public void Merge_Disabled_HidesWhatItReplaces() =>
        Names(PluginOrder.Merge(Settings("""{"high":{},"low":{}}"""), Settings("""{"high":{"_meta":{"disable":true}}}"""))).ShouldBe(["low"]);

    private static EquatableArray<PluginSetting> Settings(string plugins) => Route(plugins, out _)!.Plugins;

    private static IEnumerable<string> Names(EquatableArray<PluginSetting> settings) => settings.Select(setting => setting.Plugin.Name);

    private static RouteConfig? Route(string plugins, out ConfigErrors errors)
    {
        errors = new ConfigErrors();
        using JsonDocument document = JsonDocument.Parse(Encoding.UTF8.GetBytes($$"""{"uri":"/a","upstream_id":"u","plugins":{{plugins}}}"""));
        return ConfigParser.ParseRoute("r", document.RootElement, errors, Catalog);
    }
}
