namespace Headgate.Proxy.Tests.Plugins;

/// <summary><c>traffic-label</c> through the whole gateway.</summary>
public sealed class TrafficLabelTests
{
    [Fact]
    public async Task Rules_TheFirstThatMatches_SetsItsFields()
    {
        await using PluginGateway gateway = await PluginGateway.StartAsync("""
            {"traffic-label":{"rules":[
              {"match":[["arg_version","==","v1"]],"actions":[{"set_headers":{"X-Server-Id":100}}]},
              {"match":["OR",["arg_version","==","v2"],["arg_version","==","v1"]],"actions":[{"set_headers":{"X-Server-Id":"200","X-From":"$remote_addr-$arg_version"}}]},
              {"match":[["http_x_all","==","1"]],"actions":[{"weight":5}]}]}}
            """);
        foreach (int version in (int[])[1, 2])
        {
            (await gateway.GetAsync(version, "/?version=v1", ("X-Server-Id", "client"))).Seen("x-server-id").ShouldBe(["100"]);
            PluginAnswer second = await gateway.GetAsync(version, "/?version=v2");
            (second.Seen("x-server-id").Single(), second.Seen("x-from").Single()).ShouldBe(("200", "127.0.0.1-v2"));
            (await gateway.GetAsync(version, "/", ("X-Server-Id", "client"), ("X-All", "1"))).Seen("x-server-id").ShouldBe(["client"]);
            (await gateway.GetAsync(version)).Seen("x-server-id").ShouldBeEmpty();
        }
    }

    [Fact]
    public async Task Actions_Weights_AreExactSharesAndLaterPluginsSeeThem()
    {
        await using PluginGateway gateway = await PluginGateway.StartAsync("""
            {"traffic-label":{"rules":[{"actions":[{"set_headers":{"X-Group":"a"},"weight":3},{"set_headers":{"X-Group":"b"},"weight":2},{"weight":5}]}]},
             "traffic-split":{"rules":[{"match":[{"vars":[["http_x_group","==","b"]]}],"weighted_upstreams":[{"upstream":{"nodes":{"127.0.0.1:1":1}}}]}]}}
            """);
        var seen = new List<string>();
        for (int i = 0; i < 20; i++)
        {
            PluginAnswer answer = await gateway.GetAsync(1 + (i % 2));
            seen.Add(answer.Status == 200 ? answer.Seen("x-group").SingleOrDefault("none") : "split");
        }

        seen.CountBy(group => group).OrderBy(pair => pair.Key).ShouldBe([new("a", 6), new("none", 10), new("split", 4)]);
    }

    [Theory]
    [InlineData("{}", "property \"rules\" is required")]
    [InlineData("""{"rules":[]}""", "property \"rules\" validation failed: expect array to have at least 1 items")]
    [InlineData("""{"rules":[{}]}""", "property \"actions\" is required")]
    [InlineData("""{"rules":[{"actions":[]}]}""", "expect array to have at least 1 items")]
    [InlineData("""{"rules":[{"match":[],"actions":[{"weight":1}]}]}""", "property \"match\" validation failed: expect array to have at least 1 items")]
    [InlineData("""{"rules":[{"match":[["a","~","b"]],"actions":[{"weight":1}]}]}""", "match")]
    [InlineData("""{"rules":[{"actions":[{"weight":0}]}]}""", "property \"weight\" validation failed: expected 0 to be at least 1")]
    [InlineData("""{"rules":[{"actions":[{"set_headers":{}}]}]}""", "expect object to have at least 1 properties")]
    [InlineData("""{"rules":[{"actions":[{"set_headers":{"a b":"c"}}]}]}""", "invalid field character in header")]
    [InlineData("""{"rules":[{"actions":[{"redirect":"/a"}]}]}""", "not supported action: redirect")]
    [InlineData("""{"rule":[]}""", "additional properties forbidden, found rule")]
    public void Config_Wrong_IsRefused(string config, string text) => PluginConfigs.ShouldRefuse("traffic-label", config, text);
}
