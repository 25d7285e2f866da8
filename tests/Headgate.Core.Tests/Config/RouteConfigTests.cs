using Headgate.Core.Config;
using Headgate.Core.Config.Expressions;

namespace Headgate.Core.Tests.Config;

public sealed class RouteConfigTests
{
    private const string Base = "'uri':'/a','upstream_id':'1'";
    private const string NoTarget =
        "invalid configuration: object matches none of the required: [\"plugins\",\"uri\"] or [\"upstream\",\"uri\"] or [\"upstream_id\",\"uri\"]"
        + " or [\"service_id\",\"uri\"] or [\"plugins\",\"uris\"] or [\"upstream\",\"uris\"] or [\"upstream_id\",\"uris\"] or [\"service_id\",\"uris\"]"
        + " or [\"script\",\"uri\"] or [\"script\",\"uris\"]";

    [Fact]
    public void Parse_OnlyUriAndUpstream_HasEveryDefault()
    {
        Parsed<RouteConfig> parsed = Parsed.Route("{" + Base + "}");
        RouteConfig route = parsed.Valid;
        route.ShouldBe(new RouteConfig { Id = "r1", Uris = ["/a"], UpstreamId = "1" });
        route.Priority.ShouldBe(0);
        route.Enabled.ShouldBeTrue();
        route.EnableWebsocket.ShouldBeNull();
        route.Vars.ShouldBeNull();
        route.Timeout.ShouldBeNull();
        parsed.Warnings.ShouldBeEmpty();
    }

    [Fact]
    public void Parse_EveryField_IsTyped()
    {
        Parsed<RouteConfig> parsed = Parsed.Route("""
            {'id':'r1','name':'n','desc':'','labels':{},'create_time':1,'update_time':2,'uris':['/a','/b/*','*'],'priority':-3,
             'methods':['GET','PURGE'],'hosts':['A.test','*.B.test'],'remote_addrs':['10.0.0.0/8','::1'],
             'timeout':{'connect':1,'send':2,'read':3},'vars':[['arg_a','==','1']],'plugins':{},'plugin_config_id':'p',
             'upstream':{'nodes':{'a:1':1}},'service_id':9,'enable_websocket':false,'status':0}
            """);
        parsed.Valid.ShouldBe(new RouteConfig
        {
            Id = "r1",
            Name = "n",
            Uris = ["/a", "/b/*", "*"],
            Priority = -3,
            Methods = ["GET", "PURGE"],
            Hosts = ["a.test", "*.b.test"],
            RemoteAddrs = ["10.0.0.0/8", "::1"],
            Timeout = new TimeoutConfig(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(3)),
            Vars = new VarsGroup(VarsLogic.And, false, [new VarsComparison("arg_a", VarsOperator.Equal, false, new VarsText("1"))]),
            PluginConfigId = "p",
            Upstream = new UpstreamConfig { Id = "routes/r1", Nodes = [new NodeConfig("a", 1, 1)] },
            ServiceId = "9",
            EnableWebsocket = false,
            Enabled = false,
        });
        parsed.Warnings.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("'host':'A.test'", "a.test")]
    [InlineData("'host':'*'", "*")]
    [InlineData("'hosts':['[::1]']", "[::1]")]
    public void Parse_Host_IsLowerCased(string field, string host) => Parsed.Route($"{{{Base},{field}}}").Valid.Hosts.ShouldBe([host]);

    [Fact]
    public void Parse_RemoteAddr_IsAList() => Parsed.Route($"{{{Base},'remote_addr':'192.168.0.0/16'}}").Valid.RemoteAddrs.ShouldBe(["192.168.0.0/16"]);

    [Theory]
    [InlineData("'uri':''", "property \"uri\" validation failed: string too short, expected at least 1, got 0")]
    [InlineData("'uri':1", "property \"uri\" validation failed: wrong type: expected string, got number")]
    [InlineData("'uri':'/a','priority':1.5", "property \"priority\" validation failed: wrong type: expected integer, got number")]
    [InlineData("'uri':'/a','methods':['get']", "property \"methods\" validation failed: failed to validate item 1: matches none of the enum values (given \"get\"; allowed: GET, POST, PUT, DELETE, PATCH, HEAD, OPTIONS, CONNECT, TRACE, PURGE)")]
    [InlineData("'uri':'/a','methods':['GET','GET']", "property \"methods\" validation failed: expected unique items but items 1 and 2 are equal")]
    [InlineData("'uri':'/a','methods':'GET'", "property \"methods\" validation failed: wrong type: expected array, got string")]
    [InlineData("'uri':'/a','hosts':[]", "property \"hosts\" validation failed: expect array to have at least 1 items")]
    [InlineData("'uri':'/a','hosts':['a/b']", "property \"hosts\" validation failed: failed to validate item 1: failed to match pattern \"^\\\\*$|^\\\\*?[0-9a-zA-Z-._\\\\[\\\\]:]+$\" with \"a/b\"")]
    [InlineData("'uri':'/a','remote_addr':'10.0.0'", "property \"remote_addr\" validation failed: object matches none of the required (given \"10.0.0\"; allowed: an IPv4 or IPv6 address, or one with /0 to /32 or /128)")]
    [InlineData("'uri':'/a','remote_addrs':['10.0.0.1','10.0.0.0/33']", "property \"remote_addrs\" validation failed: failed to validate item 2: object matches none of the required (given \"10.0.0.0/33\"; allowed: an IPv4 or IPv6 address, or one with /0 to /32 or /128)")]
    [InlineData("'uri':'/a','timeout':{}", "property \"timeout\" validation failed: property \"connect\" is required", "property \"timeout\" validation failed: property \"send\" is required", "property \"timeout\" validation failed: property \"read\" is required")]
    [InlineData("'uri':'/a','vars':'x'", "property \"vars\" validation failed: wrong type: expected array, got string")]
    [InlineData("'uri':'/a','plugins':1", "property \"plugins\" validation failed: wrong type: expected object, got number")]
    [InlineData("'uri':'/a','enable_websocket':1", "property \"enable_websocket\" validation failed: wrong type: expected boolean, got number")]
    [InlineData("'uri':'/a','status':2", "property \"status\" validation failed: matches none of the enum values (given 2; allowed: 1, 0)")]
    [InlineData("'uri':'/a','status':true", "property \"status\" validation failed: wrong type: expected integer, got boolean")]
    [InlineData("'uri':'/a','upstream_id':[]", "property \"upstream_id\" validation failed: object matches none of the required (given []; allowed: 1 to 64 of a-z A-Z 0-9 - _ ., or an integer from 1)")]
    [InlineData("'uri':'/a','path':'/b'", "additional properties forbidden, found path")]
    [InlineData("'uris':[]", "property \"uris\" validation failed: expect array to have at least 1 items")]
    [InlineData("'uri':'/a','upstream':{'nodes':{'a:1':-1}}", "property \"upstream\" validation failed: property \"nodes\" validation failed: object matches none of the required (upstream.nodes[\"a:1\"]: expected -1 to be at least 0)")]
    public void Parse_SchemaProblem_HasApisixsText(string fields, params string[] texts) =>
        Parsed.Route($"{{'service_id':'1',{fields}}}").ShouldFailWith([.. texts.Select(text => "invalid configuration: " + text)]);

    [Fact]
    public void Parse_NoTarget_ListsWhatIsAllowed() => Parsed.Route("{'uri':'/a'}").ShouldFailWith(NoTarget);

    [Fact]
    public void Parse_Nothing_NamesBothMissingParts() =>
        Parsed.Route("{}").ShouldFailWith(
            "invalid configuration: allOf 1 failed: value should match only one schema, but matches none (give uri or uris)", NoTarget);

    [Theory]
    [InlineData("'filter_func':'function(vars) return true end'", "filter_func")]
    [InlineData("'script':'local x = 1 return x'", "script")]
    [InlineData("'script_id':'1'", "script_id")]
    public void Parse_Lua_IsRefusedWithAPointerToVars(string field, string name) =>
        Parsed.Route($"{{{Base},{field}}}").ShouldFailWith(
            $"{name} is not supported: Headgate runs no Lua; write the condition as vars, a list of [variable, operator, value]");

    [Theory]
    [InlineData("'uri':'a'", "uri \"a\" can never match: a path begins with / (or with the wildcard *)")]
    [InlineData("'uris':['/a','b/*']", "uris[1] \"b/*\" can never match: a path begins with / (or with the wildcard *)")]
    [InlineData("'uris':['']", "uris[0] \"\" can never match: a path begins with / (or with the wildcard *)")]
    public void Parse_UriThatCannotMatch_IsRefused(string field, string text) => Parsed.Route($"{{'service_id':'1',{field}}}").ShouldFailWith(text);

    [Theory]
    [InlineData("'uri':'/a','host':'a.test:80'", "host \"a.test:80\" matches nothing: requests are matched by their host without the port")]
    [InlineData("'uri':'/a','upstream':{'nodes':{'a:1':1}},'upstream_id':'1'", "upstream has no effect beside upstream_id")]
    [InlineData("'uri':'/a','upstream':{'service_name':'a','nodes':{'a:1':1}}", "upstream.service_name has no effect without both service_name and discovery_type")]
    public void Parse_DoubtfulField_Warns(string fields, string warning)
    {
        Parsed<RouteConfig> parsed = Parsed.Route($"{{'service_id':'1',{fields}}}");
        parsed.Valid.ShouldNotBeNull();
        parsed.Warnings.ShouldBe([warning]);
    }

    [Fact]
    public void Parse_UriLengths_AreBounded()
    {
        Parsed.Route($"{{'service_id':'1','uri':'/{new string('a', 4095)}'}}").Valid.Uris[0].Length.ShouldBe(4096);
        Parsed.Route($"{{'service_id':'1','uri':'/{new string('a', 4096)}'}}").ShouldFailWith(
            "invalid configuration: property \"uri\" validation failed: string too long, expected at most 4096, got 4097");
    }

    [Fact]
    public void Parse_InlineUpstreamOfCodeProblems_ComesAfterTheSchema() =>
        Parsed.Route("{'uri':'/a','status':3,'upstream':{'nodes':[{'host':'::1','weight':1}],'pass_host':'rewrite'}}").ShouldFailWith(
            "invalid configuration: property \"status\" validation failed: matches none of the enum values (given 3; allowed: 1, 0)",
            "invalid configuration: IPv6 address must be enclosed with '[' and ']' (upstream.nodes[0]: write [::1])",
            "`upstream_host` can't be empty when `pass_host` is `rewrite`");

    [Theory]
    [InlineData("{'limit-count':{}}", "unknown plugin [limit-count]")]
    [InlineData("{'limit-count':1}", "invalid plugin conf 1 for plugin [limit-count]")]
    public void Parse_Plugin_MustBeKnown(string plugins, string text) => Parsed.Route($"{{{Base},'plugins':{plugins}}}").ShouldFailWith(text);

    [Fact]
    public void ParseStored_UnknownPlugin_IsNamedAndWarned()
    {
        Parsed<RouteConfig> parsed = Parsed.Run(
            $"{{{Base},'plugins':{{'key-auth':{{}}}}}}", (value, errors) => ConfigParser.ParseStoredRoute("r1", value, errors));
        parsed.Valid.UnknownPlugins.ShouldBe(["key-auth"]);
        parsed.Warnings.ShouldBe(["unknown plugin [key-auth]: requests are answered 503, because a plugin is never skipped"]);
    }

    [Fact]
    public void Parse_SameTextTwice_GivesEqualRecords()
    {
        const string text = $"{{{Base},'vars':[['arg_a','~~','^a'],['OR',['host','in',['x',1]],['remote_addr','ipmatch',['10.0.0.0/8']]]]}}";
        Parsed.Route(text).Valid.ShouldBe(Parsed.Route(text).Valid);
        Parsed.Route(text).Valid.GetHashCode().ShouldBe(Parsed.Route(text).Valid.GetHashCode());
    }
}
