using Headgate.Core.Config;
using Headgate.Core.Snapshot.Explain;
using Headgate.Testing;

namespace Headgate.Proxy.Tests.Plugins;

/// <summary><c>traffic-split</c> through the whole gateway. A node of another upstream answers with that upstream's name, the route's own with the request's head.</summary>
public sealed class TrafficSplitTests
{
    private const string Own = "own";

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Weights_TenThousandRequestsFromEightClients_AreExact(int version)
    {
        await using ScriptedNode node = ScriptedNode.StartAnswering("b");
        await using PluginGateway gateway = await StartAsync(node, """{"rules":[{"weighted_upstreams":[{"upstream_id":"b","weight":8},{"weight":2}]}]}""");
        int[] others = await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ =>
        {
            int count = 0;
            for (int i = 0; i < 1250; i++)
                count += await WhoAsync(gateway, version) == "b" ? 1 : 0;
            return count;
        }));
        (others.Sum(), gateway.Requests).ShouldBe((8000, 2000));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Rules_TheFirstThatTakesTheRequestDecides(int version)
    {
        await using ScriptedNode node = ScriptedNode.StartAnswering("b");
        await using PluginGateway gateway = await StartAsync(node, """
            {"rules":[
                {"match":[{"vars":[["arg_to","==","b"],["http_x-beta","==","1"]]},{"vars":[["arg_always","==","b"]]}],"weighted_upstreams":[{"upstream_id":"b"}]},
                {"match":[{"vars":[["arg_to","==","own"]]}]},
                {"match":[{"vars":[["arg_to","!","in",["","b"]]]}],"weighted_upstreams":[{"upstream_id":"b"}]}]}
            """);
        (await WhoAsync(gateway, version, "/?to=b", ("X-Beta", "1"))).ShouldBe("b");
        (await WhoAsync(gateway, version, "/?to=b")).ShouldBe(Own);
        (await WhoAsync(gateway, version, "/?always=b")).ShouldBe("b");
        (await WhoAsync(gateway, version, "/?to=own")).ShouldBe(Own);
        (await WhoAsync(gateway, version, "/?to=else")).ShouldBe("b");
    }

    [Theory]
    [InlineData("{}", "own own own")]
    [InlineData("""{"rules":[]}""", "own own own")]
    [InlineData("""{"rules":[{}]}""", "own own own")]
    [InlineData("""{"rules":[{"weighted_upstreams":[{}]}]}""", "own own own")]
    [InlineData("""{"rules":[{"match":[],"weighted_upstreams":[{"upstream_id":"b"}]}]}""", "b b b")]
    [InlineData("""{"rules":[{"match":[{"vars":[]}],"weighted_upstreams":[{"upstream_id":"b","weight":0}]}]}""", "b b b")]
    [InlineData("""{"rules":[{"weighted_upstreams":[{"upstream_id":"b","weight":0},{"weight":5}]}]}""", "own own own")]
    [InlineData("""{"rules":[{"weighted_upstreams":[{"upstream_id":"b","weight":0},{"weight":0}]}]}""", "b own b")]
    [InlineData("""{"rules":[{"weighted_upstreams":[{"upstream_id":"b","weight":9},{"weight":1},{"upstream_id":"b","weight":0}]}]}""", "own own own")]
    public async Task Rules_AtTheirEdges(string config, string who)
    {
        await using ScriptedNode node = ScriptedNode.StartAnswering("b");
        await using PluginGateway gateway = await StartAsync(node, config);
        string[] answers = [await WhoAsync(gateway, 1), await WhoAsync(gateway, 1), await WhoAsync(gateway, 1)];
        string.Join(' ', answers).ShouldBe(who);
    }

    // What APISIX drops of an inline upstream: its retries here.
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task InlineUpstream_HasRetries(int version)
    {
        int refusing = ScriptedNode.RefusingPort(out IDisposable holder);
        using IDisposable held = holder;
        await using ScriptedNode node = ScriptedNode.StartAnswering("b");
        await using PluginGateway gateway = await StartAsync(node, Inline(refusing, node.Port, "1"));
        for (int i = 0; i < 4; i++)
            (await WhoAsync(gateway, version)).ShouldBe("b");
        gateway.Put($$"""{"traffic-split":{{Inline(refusing, node.Port, "0")}}}""");
        (await gateway.GetAsync(version)).Status.ShouldBe(502);

        static string Inline(int first, int second, string retries) =>
            $$$"""{"rules":[{"weighted_upstreams":[{"upstream":{"nodes":[{"host":"127.0.0.1","port":{{{first}}},"weight":1,"priority":1},{"host":"127.0.0.1","port":{{{second}}},"weight":1}],"retries":{{{retries}}}}}]}]}""";
    }

    [Fact]
    public async Task NamedUpstream_GoneAndBack_FailsMeanwhile()
    {
        await using ScriptedNode node = ScriptedNode.StartAnswering("b");
        await using PluginGateway gateway = await StartAsync(node, """{"rules":[{"match":[{"vars":[["arg_x","==","1"]]}]},{"weighted_upstreams":[{"upstream_id":"b","weight":0},{"weight":1}]}]}""");
        (await WhoAsync(gateway, 1)).ShouldBe(Own);
        gateway.Gateway.Put(ResourceKind.Upstream, "b", null);
        foreach (int version in (int[])[1, 2])
        {
            PluginAnswer answer = await gateway.GetAsync(version);
            (answer.Status, answer.Body).ShouldBe((500, "failed to fetch upstream info by upstream id: b"));
            (await WhoAsync(gateway, version, "/?x=1")).ShouldBe(Own);
        }

        gateway.Gateway.PutUpstream("b", [node.Port]);
        (await WhoAsync(gateway, 1)).ShouldBe(Own);
    }

    [Theory]
    [InlineData("/?x=1", null, 0, "upstreams/b 1", "upstreams/b")]
    [InlineData("/?x=2", null, 1, "upstreams/b 1 upstreams/u 9", null)]
    [InlineData("/?x=2", "upstreams/u", 1, "upstreams/b 1 upstreams/u 9", "upstreams/u")]
    [InlineData("/?x=2", "upstreams/b", 1, "upstreams/b 1 upstreams/u 9", "upstreams/b")]
    [InlineData("/?x=2", "upstreams/else", 1, "upstreams/b 1 upstreams/u 9", null)]
    [InlineData("/", null, null, "upstreams/u 1", "upstreams/u")]
    public async Task Explain_TellsTheRuleTheChoicesAndTheOneThatIsLeftOrAskedFor(string target, string? wanted, int? rule, string choices, string? upstream)
    {
        await using ScriptedNode node = ScriptedNode.StartAnswering("b");
        await using PluginGateway gateway = await StartAsync(node, """
            {"rules":[
                {"match":[{"vars":[["arg_x","==","1"]]}],"weighted_upstreams":[{"upstream_id":"b"}]},
                {"match":[{"vars":[["arg_x","==","2"]]}],"weighted_upstreams":[{"upstream_id":"b"},{"weight":9}]}]}
            """);

        RequestExplanation explanation = gateway.Gateway.Plane.Explainer.Explain(new InventedRequest { Target = target, Host = "x", Upstream = wanted });

        (explanation.ChosenBy, explanation.Rule, explanation.Status).ShouldBe(("traffic-split", rule, null));
        string.Join(' ', explanation.Choices!.Select(choice => $"{choice.Owner} {choice.Weight}")).ShouldBe(choices);
        explanation.Choices!.ShouldAllBe(choice => choice.IsOwn == (choice.Owner == "upstreams/u"));
        explanation.Upstream?.Upstream.Owner.ShouldBe(upstream);
        (explanation.Upstream is null).ShouldBe(upstream is null);
    }

    [Fact]
    public async Task Explain_NamedUpstreamGone_IsAnsweredAsTheRequestWouldBe()
    {
        await using ScriptedNode node = ScriptedNode.StartAnswering("b");
        await using PluginGateway gateway = await StartAsync(node, """{"rules":[{"weighted_upstreams":[{"upstream_id":"b","weight":0},{"weight":1}]}]}""");
        gateway.Gateway.Put(ResourceKind.Upstream, "b", null);

        RequestExplanation explanation = gateway.Gateway.Plane.Explainer.Explain(new InventedRequest { Target = "/", Host = "x" });

        (explanation.Status, explanation.Refusal, explanation.Upstream).ShouldBe((500, "upstreams/b, which traffic-split names, does not exist", null));
        (await gateway.GetAsync(1)).Status.ShouldBe(500);
    }

    [Theory]
    [InlineData("/", null, "upstreams/u")]
    [InlineData("/?x=1", 0, "upstreams/b")]
    public async Task Explain_PluginThatIsFilteredOut_LeavesTheRoutesOwn(string target, int? rule, string upstream)
    {
        await using ScriptedNode node = ScriptedNode.StartAnswering("b");
        await using PluginGateway gateway = await StartAsync(node, """{"_meta":{"filter":[["arg_x","==","1"]]},"rules":[{"weighted_upstreams":[{"upstream_id":"b"}]}]}""");

        RequestExplanation explanation = gateway.Gateway.Plane.Explainer.Explain(new InventedRequest { Target = target, Host = "x" });

        (explanation.Rule, explanation.Upstream!.Upstream.Owner).ShouldBe((rule, upstream));
    }

    [Fact]
    public async Task RouteWithoutUpstream_GoesWhereTheSplitSays()
    {
        await using ScriptedNode node = ScriptedNode.StartAnswering("b");
        await using PluginGateway gateway = await StartAsync(node, "{}");
        gateway.Gateway.Put(ResourceKind.Route, "r", """{"uri":"/*","plugins":{"traffic-split":{"rules":[{"weighted_upstreams":[{"upstream_id":"b"},{"weight":1}]}]}}}""");
        (await WhoAsync(gateway, 1)).ShouldBe("b");
        (await gateway.GetAsync(1)).Status.ShouldBe(503);
    }

    [Fact]
    public async Task Edit_OfWeights_KeepsTheTurn()
    {
        await using ScriptedNode node = ScriptedNode.StartAnswering("b");
        await using PluginGateway gateway = await StartAsync(node, """{"rules":[{"weighted_upstreams":[{"upstream_id":"b","weight":1},{"weight":1}]}]}""");
        (await WhoAsync(gateway, 1)).ShouldBe("b");
        gateway.Put("""{"traffic-split":{"rules":[{"weighted_upstreams":[{"upstream_id":"b","weight":2},{"weight":2}]}]}}""");
        (await WhoAsync(gateway, 1)).ShouldBe(Own);
    }

    [Fact]
    public async Task Service_SplitsOverAllItsRoutes()
    {
        await using ScriptedNode node = ScriptedNode.StartAnswering("b");
        await using PluginGateway gateway = await StartAsync(node, "{}");
        gateway.Gateway.Put(ResourceKind.Service, "s", $$$$"""
            {"upstream_id":"u","plugins":{"traffic-split":{"rules":[{"weighted_upstreams":[{"upstream":{"nodes":{"127.0.0.1:{{{{node.Port}}}}":1}}},{"weight":1}]}]}}}
            """);
        gateway.Gateway.Put(ResourceKind.Route, "r", """{"uri":"/a","service_id":"s"}""");
        gateway.Gateway.Put(ResourceKind.Route, "q", """{"uri":"/b","service_id":"s"}""");
        (await WhoAsync(gateway, 1, "/a")).ShouldBe("b");
        (await WhoAsync(gateway, 1, "/b")).ShouldBe(Own);
        (await WhoAsync(gateway, 1, "/b")).ShouldBe("b");
    }

    [Theory]
    [InlineData("""{"rules":{"a":1}}""", "property \"rules\" validation failed: wrong type: expected array, got table")]
    [InlineData("""{"rules":[{"weighted_upstreams":[]}]}""", "property \"weighted_upstreams\" validation failed: expect array to have at least 1 items")]
    [InlineData("""{"rules":[{"weighted_upstreams":[{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{}]}]}""", "expect array to have at most 20 items")]
    [InlineData("""{"rules":[{"weighted_upstreams":[{"weight":-1}]}]}""", "property \"weight\" validation failed: expected -1 to be at least 0")]
    [InlineData("""{"rules":[{"weighted_upstreams":[{"upstream_id":"a b"}]}]}""", "property \"upstream_id\" validation failed")]
    [InlineData("""{"rules":[{"weighted_upstreams":[{"upstream":{}}]}]}""", "property \"upstream\" validation failed: value should match only one schema, but matches none")]
    [InlineData("""{"rules":[{"match":[{"vars":[["arg_a","?","1"]]}]}]}""", "failed to validate the 'vars' expression: invalid operator '?'")]
    [InlineData("""{"rules":[{"match":[{}]}]}""", "failed to validate the 'vars' expression: missing argument rule")]
    [InlineData("""{"rules":[{"matches":[]}]}""", "additional properties forbidden, found matches (did you mean match?)")]
    public void Config_Wrong_IsRefused(string config, string text) => PluginConfigs.ShouldRefuse("traffic-split", config, text);

    private static async Task<PluginGateway> StartAsync(ScriptedNode node, string config)
    {
        PluginGateway gateway = await PluginGateway.StartAsync("{}");
        gateway.Gateway.PutUpstream("b", [node.Port]);
        gateway.Put($$"""{"traffic-split":{{config}}}""");
        return gateway;
    }

    private static async Task<string> WhoAsync(PluginGateway gateway, int version, string path = "/", params (string, string)[] fields)
    {
        PluginAnswer answer = await gateway.GetAsync(version, path, fields);
        answer.Status.ShouldBe(200, answer.Body);
        return answer.Body == "b" ? "b" : Own;
    }
}
