using Headgate.Core.Config;

namespace Headgate.Core.Tests.Config;

public sealed class ServiceConfigTests
{
    [Theory]
    [InlineData("{}")]
    [InlineData("{'plugins':{},'labels':{}}")]
    [InlineData("[]")]
    public void Parse_Nothing_HasEveryDefault(string json)
    {
        ServiceConfig service = Parsed.Service(json).Valid;
        service.ShouldBe(new ServiceConfig { Id = "s1" });
        service.Hosts.Count.ShouldBe(0);
        service.Upstream.ShouldBeNull();
        service.UpstreamId.ShouldBeNull();
        service.EnableWebsocket.ShouldBeNull();
        service.Plugins.Count.ShouldBe(0);
    }

    [Fact]
    public void Parse_EveryField_IsTyped() =>
        Parsed.Service("{'id':'s1','name':'n','desc':'d','labels':{'a':'b'},'create_time':1,'update_time':1,'hosts':['A.test','*.b.test'],"
                + "'upstream':{'nodes':{'a:1':1}},'enable_websocket':true,'plugins':{}}").Valid
            .ShouldBe(new ServiceConfig
            {
                Id = "s1",
                Name = "n",
                Hosts = ["a.test", "*.b.test"],
                Upstream = new UpstreamConfig { Id = "services/s1", Nodes = [new NodeConfig("a", 1, 1)] },
                EnableWebsocket = true,
            });

    [Theory]
    [InlineData("{'hosts':[]}", "invalid configuration: property \"hosts\" validation failed: expect array to have at least 1 items")]
    [InlineData("{'hosts':['a','a']}", "invalid configuration: property \"hosts\" validation failed: expected unique items but items 1 and 2 are equal")]
    [InlineData("{'uri':'/a'}", "invalid configuration: additional properties forbidden, found uri")]
    [InlineData("{'enable_websocket':'yes'}", "invalid configuration: property \"enable_websocket\" validation failed: wrong type: expected boolean, got string")]
    [InlineData("{'upstream':{}}", "invalid configuration: property \"upstream\" validation failed: value should match only one schema, but matches none (give nodes, or service_name and discovery_type)")]
    [InlineData("{'upstream':5}", "invalid configuration: property \"upstream\" validation failed: wrong type: expected object, got number")]
    [InlineData("{'plugins':{'cors':{}}}", "unknown plugin [cors]")]
    [InlineData("{'script':'local x = 1 return x'}", "script is not supported: Headgate runs no Lua; write the condition as vars, a list of [variable, operator, value]")]
    public void Parse_Problem_HasItsText(string json, string text) => Parsed.Service(json).ShouldFailWith(text);

    [Fact]
    public void ParseStored_UnknownPlugin_IsNamedAndWarned() =>
        Parsed.Run("{'plugins':{'cors':{}}}", (value, errors) => ConfigParser.ParseStoredService("s1", value, errors)).Valid.UnknownPlugins.ShouldBe(["cors"]);
}
