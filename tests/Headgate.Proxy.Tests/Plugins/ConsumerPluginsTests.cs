using System.Collections.Concurrent;
using Headgate.Core.Config;
using Headgate.Proxy.Plugins;
using Headgate.Testing;

namespace Headgate.Proxy.Tests.Plugins;

/// <summary>Plugins of consumers, their groups, plugin configs and global rules, beside those of the route.</summary>
public sealed class ConsumerPluginsTests
{
    private static readonly (string, string) Jack = ("apikey", "k");

    private readonly ConcurrentQueue<string> _calls = new();
    private readonly PluginKind[] _kinds;

    public ConsumerPluginsTests() => _kinds =
    [
        .. PluginKinds.All, new RecordingKind("first", 3000) { Calls = _calls }, new RecordingKind("second", 20) { Calls = _calls }, new RecordingKind("third", 10) { Calls = _calls },
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Consumer_BringsWhatTheRouteLacks_AndReplacesWhatItHas(int version)
    {
        await using PluginGateway gateway = await StartAsync("""{"key-auth":{},"third":{"at":"access","do":"answer"}}""", """{"third":{},"second":{}}""");
        (await gateway.GetAsync(version, "/", Jack)).Status.ShouldBe(200);
        await EndedAsync(2);
        _calls.Order(StringComparer.Ordinal).ShouldBe(
        [
            "second.access", "second.before_proxy", "second.end", "second.head", "second.rewrite", "third.access", "third.before_proxy", "third.end", "third.head", "third.rewrite",
        ]);
        _calls.Take(4).ShouldBe(["third.rewrite", "second.rewrite", "second.access", "third.access"], "the route's rewrite was before the consumer was known");
    }

    [Fact]
    public async Task Consumer_DisablesTheRoutes()
    {
        await using PluginGateway gateway = await StartAsync("""{"key-auth":{},"third":{"at":"access","do":"answer"}}""", """{"third":{"_meta":{"disable":true}}}""");
        (await gateway.GetAsync(1, "/", Jack)).Status.ShouldBe(200);
    }

    [Fact]
    public async Task Consumer_Answers_InItsPlace()
    {
        await using PluginGateway gateway = await StartAsync("""{"key-auth":{},"third":{}}""", """{"second":{"at":"rewrite","do":"answer"}}""");
        (await gateway.GetAsync(1, "/", Jack)).Status.ShouldBe(418);
        gateway.Requests.ShouldBe(0);
        _calls.ShouldNotContain("third.access");
    }

    [Fact]
    public async Task Group_Missing_Is503()
    {
        await using PluginGateway gateway = await StartAsync("""{"key-auth":{}}""", "{}", ""","group_id":"g" """);
        (await gateway.GetAsync(1, "/", Jack)).Status.ShouldBe(503);
        gateway.Gateway.Put(ResourceKind.ConsumerGroup, "g", """{"plugins":{"second":{"at":"access","do":"answer"}}}""");
        (await gateway.GetAsync(1, "/", Jack)).Status.ShouldBe(418);
        (await gateway.GetAsync(1)).Status.ShouldBe(401);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task GlobalRules_RunFirst_InEachPhase_AndWithoutARoute(int version)
    {
        await using PluginGateway gateway = await PluginGateway.StartAsync("""{"first":{}}""", kinds: _kinds);
        gateway.Gateway.Put(ResourceKind.GlobalRule, "1", """{"plugins":{"third":{}}}""");
        (await gateway.GetAsync(version)).Status.ShouldBe(200);
        await EndedAsync(2);
        _calls.ShouldBe(
        [
            "third.rewrite", "third.access", "first.rewrite", "first.access", "third.before_proxy", "first.before_proxy", "third.head", "first.head", "third.end", "first.end",
        ]);

        _calls.Clear();
        gateway.Gateway.Put(ResourceKind.Route, "r", null);
        (await gateway.GetAsync(version)).Status.ShouldBe(404);
        await EndedAsync(1);
        _calls.ShouldBe(["third.rewrite", "third.access", "third.head", "third.end"]);
    }

    [Fact]
    public async Task GlobalRule_FindsTheConsumer_WhosePluginsRunOnTheRoute()
    {
        await using PluginGateway gateway = await StartAsync("{}", """{"second":{"at":"access","do":"answer"}}""");
        gateway.Gateway.Put(ResourceKind.GlobalRule, "1", """{"plugins":{"key-auth":{}}}""");
        (await gateway.GetAsync(1)).Status.ShouldBe(401);
        (await gateway.GetAsync(1, "/", Jack)).Status.ShouldBe(418);
    }

    [Fact]
    public async Task GlobalRule_OfAnUnknownPlugin_IsNeverSkipped()
    {
        await using PluginGateway gateway = await PluginGateway.StartAsync("{}");
        gateway.Gateway.Put(ResourceKind.GlobalRule, "1", """{"plugins":{"nobody-knows":{}}}""");
        (await gateway.GetAsync(1)).Status.ShouldBe(503);
        gateway.Gateway.Put(ResourceKind.GlobalRule, "1", null);
        (await gateway.GetAsync(1)).Status.ShouldBe(200);
    }

    [Fact]
    public async Task GlobalRule_ThatWaits_GoesOn()
    {
        var waiting = new RecordingKind("waiting", 5) { Calls = _calls };
        await using PluginGateway gateway = await PluginGateway.StartAsync("{}", kinds: [.. PluginKinds.All, waiting]);
        gateway.Gateway.Put(ResourceKind.GlobalRule, "1", """{"plugins":{"waiting":{"at":"rewrite","do":"wait"}}}""");
        Task<PluginAnswer> answer = gateway.GetAsync(1);
        await Eventually.HoldsAsync(() => _calls.Contains("waiting.rewrite"), "it waits");
        waiting.Gate.SetResult();
        (await answer).Status.ShouldBe(200);
        _calls.ShouldContain("waiting.access");
    }

    [Fact]
    public async Task ConsumerName_IsAVariable()
    {
        await using PluginGateway gateway = await StartAsync(
            """{"key-auth":{},"uri-blocker":{"block_rules":["x"]},"second":{"at":"access","do":"answer","_meta":{"filter":[["consumer_name","==","jack"]]}}}""", "{}");
        (await gateway.GetAsync(1, "/", Jack)).Status.ShouldBe(418);
        gateway.Gateway.Put(ResourceKind.Consumer, "amy", """{"username":"amy","plugins":{"key-auth":{"key":"a"}}}""");
        (await gateway.GetAsync(1, "/", ("apikey", "a"))).Status.ShouldBe(200);
    }

    private async Task<PluginGateway> StartAsync(string route, string consumer, string more = "")
    {
        PluginGateway gateway = await PluginGateway.StartAsync(route, kinds: _kinds);
        gateway.Gateway.Put(ResourceKind.Consumer, "jack", $$$"""{"username":"jack","plugins":{{{consumer}}}{{{more}}}}""");
        gateway.Gateway.Put(ResourceKind.Credential, "jack/credentials/1", """{"plugins":{"key-auth":{"key":"k"}}}""");
        return gateway;
    }

    private Task EndedAsync(int plugins) => Eventually.HoldsAsync(() => _calls.Count(call => call.EndsWith(".end", StringComparison.Ordinal)) == plugins, "the plugins are told of the end");
}
