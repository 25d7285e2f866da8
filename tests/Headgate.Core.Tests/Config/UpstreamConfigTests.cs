using Headgate.Core.Config;

namespace Headgate.Core.Tests.Config;

public sealed class UpstreamConfigTests
{
    private const string SomeNodes = "'nodes':{'127.0.0.1:8080':1}";

    [Fact]
    public void Parse_OnlyNodes_HasEveryDefault()
    {
        UpstreamConfig upstream = Parsed.Upstream("{" + SomeNodes + "}").Valid;

        upstream.ShouldBe(new UpstreamConfig { Id = "u1", Nodes = [new NodeConfig("127.0.0.1", 8080, 1)] });
        upstream.Name.ShouldBeNull();
        upstream.Type.ShouldBe("roundrobin");
        upstream.HashOn.ShouldBe("vars");
        upstream.Key.ShouldBeNull();
        upstream.HashBalanceFactor.ShouldBeNull();
        upstream.Retries.ShouldBeNull();
        upstream.RetryTimeout.ShouldBeNull();
        upstream.Timeout.ShouldBeNull();
        upstream.Scheme.ShouldBe(UpstreamScheme.Http);
        upstream.PassHost.ShouldBe(PassHost.Pass);
        upstream.UpstreamHost.ShouldBeNull();
        upstream.KeepalivePool.ShouldBe(new KeepalivePoolConfig(320, TimeSpan.FromSeconds(60), 1000));
        upstream.Tls.ShouldBeNull();
        upstream.Service.ShouldBeNull();
        TimeoutConfig.Default.ShouldBe(new TimeoutConfig(TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(60)));
    }

    [Fact]
    public void Parse_EveryField_IsTyped()
    {
        Parsed<UpstreamConfig> parsed = Parsed.Upstream("""
            {'id':7,'name':'orders','desc':'d','labels':{'team':'core'},'create_time':1,'update_time':2,
             'nodes':[{'host':'A.Test','weight':3,'priority':-1,'metadata':{'zone':'x'}},{'host':'[::1]','port':9000,'weight':0}],
             'type':'chash','hash_on':'header','key':'X-User','hash_balance_factor':150,'retries':0,'retry_timeout':1.5,
             'timeout':{'connect':0.5,'send':6,'read':7.25},'scheme':'https','pass_host':'rewrite','upstream_host':'b.test',
             'keepalive_pool':{'size':1,'idle_timeout':0,'requests':2},'tls':{'verify':true}}
            """);

        parsed.Valid.ShouldBe(new UpstreamConfig
        {
            Id = "u1",
            Name = "orders",
            Nodes = [new NodeConfig("a.test", 443, 3, -1) { Metadata = [new("zone", "x")] }, new NodeConfig("[::1]", 9000, 0)],
            Type = "chash",
            HashOn = "header",
            Key = "X-User",
            HashBalanceFactor = 150,
            Retries = 0,
            RetryTimeout = TimeSpan.FromSeconds(1.5),
            Timeout = new TimeoutConfig(TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(6), TimeSpan.FromSeconds(7.25)),
            Scheme = UpstreamScheme.Https,
            PassHost = PassHost.Rewrite,
            UpstreamHost = "b.test",
            KeepalivePool = new KeepalivePoolConfig(1, TimeSpan.Zero, 2),
            Tls = new UpstreamTlsConfig(null, null, true, []),
        });
        parsed.Warnings.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("http", UpstreamScheme.Http, 80)]
    [InlineData("https", UpstreamScheme.Https, 443)]
    [InlineData("grpc", UpstreamScheme.Grpc, 80)]
    [InlineData("grpcs", UpstreamScheme.Grpcs, 443)]
    public void Parse_NodeWithoutPort_HasTheSchemesPort(string scheme, UpstreamScheme expected, int port)
    {
        UpstreamConfig upstream = Parsed.Upstream($"{{'scheme':'{scheme}','nodes':[{{'host':'a','weight':1}}]}}").Valid;
        upstream.Scheme.ShouldBe(expected);
        upstream.Nodes[0].Port.ShouldBe(port);
    }

    [Theory]
    [InlineData("tcp", UpstreamScheme.Tcp)]
    [InlineData("tls", UpstreamScheme.Tls)]
    [InlineData("udp", UpstreamScheme.Udp)]
    [InlineData("kafka", UpstreamScheme.Kafka)]
    public void Parse_NodeWithoutPortAndSchemeWithoutStandardPort_IsRefused(string scheme, UpstreamScheme expected)
    {
        Parsed.Upstream($"{{'scheme':'{scheme}',{SomeNodes}}}").Valid.Scheme.ShouldBe(expected);
        Parsed.Upstream($"{{'scheme':'{scheme}','nodes':[{{'host':'a','weight':1}}]}}")
            .ShouldFailWith($"nodes[0] has no port, and the scheme {scheme} has no standard one");
    }

    [Theory]
    [InlineData("pass", PassHost.Pass)]
    [InlineData("node", PassHost.Node)]
    public void Parse_PassHost_IsTyped(string text, PassHost expected) =>
        Parsed.Upstream($"{{{SomeNodes},'pass_host':'{text}'}}").Valid.PassHost.ShouldBe(expected);

    [Theory]
    [InlineData("'a.test:81'", "a.test", 81)]
    [InlineData("'a.test'", "a.test", 80)]
    [InlineData("'10.0.0.1'", "10.0.0.1", 80)]
    [InlineData("'[2001:db8::1]:81'", "[2001:db8::1]", 81)]
    [InlineData("'[2001:DB8::1]'", "[2001:db8::1]", 80)]
    public void Parse_NodeMapKey_IsSplit(string key, string host, int port) =>
        Parsed.Upstream($"{{'nodes':{{{key}:5}}}}").Valid.Nodes.ShouldBe([new NodeConfig(host, port, 5)]);

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    public void Parse_NoNodes_IsAccepted(string nodes) => Parsed.Upstream($"{{'nodes':{nodes}}}").Valid.Nodes.Count.ShouldBe(0);

    [Fact]
    public void Parse_TinyTimes_NeverRoundToNone()
    {
        UpstreamConfig upstream = Parsed.Upstream($"{{{SomeNodes},'retry_timeout':0.0000001,'timeout':{{'connect':1e-9,'send':1,'read':1}}}}").Valid;
        upstream.RetryTimeout.ShouldBe(TimeSpan.FromMilliseconds(1));
        upstream.Timeout!.Connect.ShouldBe(TimeSpan.FromMilliseconds(1));
        Parsed.Upstream($"{{{SomeNodes},'retry_timeout':0}}").Valid.RetryTimeout.ShouldBe(TimeSpan.Zero);
    }

    [Fact]
    public void Parse_WholeNumberWithFraction_IsAnInteger() => Parsed.Upstream($"{{{SomeNodes},'retries':2.0}}").Valid.Retries.ShouldBe(2);

    [Fact]
    public void Parse_Discovery_IsTyped()
    {
        Parsed<UpstreamConfig> parsed = Parsed.Upstream(
            "{'service_name':'web','discovery_type':'nacos','service_registry_id':'r1','discovery_args':{'namespace_id':'a','group_name':'b','metadata':{'v':2},'other':1}}");
        var arguments = new DiscoveryArguments { NamespaceId = "a", GroupName = "b", Metadata = [new MetadataEntry("v", "2")] };
        parsed.Valid.ShouldBe(new UpstreamConfig { Id = "u1", Service = new ServiceKey("nacos", "r1", "web", arguments) });
        parsed.Warnings.ShouldBe(["discovery_args.other is not known here and has no effect"]);
    }

    [Fact]
    public void Parse_ArgumentsOfConsul_AreTyped() =>
        Parsed.Upstream("{'service_name':'web','discovery_type':'consul','discovery_args':{'tags':['x'],'datacenter':'d'}}").Valid.Service!.Arguments
            .ShouldBe(new DiscoveryArguments { Tags = ["x"], Datacenter = "d" });

    [Fact]
    public void Parse_ArgumentThatTheTypeDoesNotKnow_OursIsRefusedAndApisixsWarnedAbout()
    {
        Parsed<UpstreamConfig> parsed = Parsed.Upstream("{'service_name':'web','discovery_type':'eureka','discovery_args':{'tags':['x'],'group_name':'g'}}");
        parsed.ShouldFailWith("discovery_args.tags has no effect with discovery_type eureka; it acts with consul");
        parsed.Warnings.ShouldBe(["discovery_args.group_name has no effect with discovery_type eureka; it acts with nacos"]);
    }

    [Fact]
    public void Parse_NodesAndDiscovery_HasBoth()
    {
        UpstreamConfig upstream = Parsed.Upstream($"{{{SomeNodes},'service_name':'web','discovery_type':'consul'}}").Valid;
        upstream.Nodes.ShouldNotBeEmpty();
        upstream.Service.ShouldBe(new ServiceKey("consul", null, "web", DiscoveryArguments.None));
    }

    [Fact]
    public void Parse_UnknownDiscoveryType_IsWarnedAbout() =>
        Parsed.Upstream("{'service_name':'web','discovery_type':'tars'}").Warnings.ShouldBe(
            ["discovery_type tars is no type of registry (there are: consul, consul_kv, dns, eureka, file, http, kubernetes, nacos): no node is found"]);

    [Fact]
    public void Parse_NodesAndServiceNameOnly_TakesTheNodesAndWarns()
    {
        Parsed<UpstreamConfig> parsed = Parsed.Upstream($"{{{SomeNodes},'service_name':'web'}}");
        parsed.Valid.Service.ShouldBeNull();
        parsed.Warnings.ShouldBe(["service_name has no effect without both service_name and discovery_type"]);
    }

    [Theory]
    [InlineData("'checks':{'active':{'intervall':1}}", "checks.active.intervall is not known here and has no effect")]
    [InlineData("'scheme':'grpcs'", "scheme grpcs has no effect here yet: requests are answered 503")]
    [InlineData("'hash_on':'header'", "hash_on has no effect while type is roundrobin")]
    [InlineData("'key':'uri'", "key has no effect while type is roundrobin")]
    [InlineData("'upstream_host':'a'", "upstream_host has no effect while pass_host is pass")]
    [InlineData("'keepalive_pool':{'sise':3}", "keepalive_pool.sise is not known here and has no effect (did you mean size?)")]
    public void Parse_FieldWithoutEffect_Warns(string field, string warning) =>
        Parsed.Upstream($"{{{SomeNodes},{field}}}").Warnings.ShouldBe([warning]);

    [Fact]
    public void Parse_FieldsWithoutEffect_LeaveTheRecordEqual()
    {
        UpstreamConfig plain = Parsed.Upstream($"{{{SomeNodes}}}").Valid;
        Parsed.Upstream($"{{{SomeNodes},'key':'uri','hash_on':'cookie','upstream_host':'a','desc':'x','labels':{{'a':'b'}}}}").Valid.ShouldBe(plain);
    }

    [Theory]
    [InlineData("roundrobin")]
    [InlineData("least_conn")]
    public void Parse_Type_IsKept(string type) => Parsed.Upstream($"{{{SomeNodes},'type':'{type}'}}").Valid.Type.ShouldBe(type);

    [Theory]
    [InlineData("vars", "uri")]
    [InlineData("vars", "arg_x-y")]
    [InlineData("header", "X-User")]
    [InlineData("cookie", "sid")]
    [InlineData("vars_combinations", "$request_uri$remote_addr")]
    public void Parse_ChashKey_IsKept(string hashOn, string key)
    {
        UpstreamConfig upstream = Parsed.Upstream($"{{{SomeNodes},'type':'chash','hash_on':'{hashOn}','key':'{key}'}}").Valid;
        (upstream.HashOn, upstream.Key).ShouldBe((hashOn, key));
    }

    [Fact]
    public void Parse_ChashOnConsumer_NeedsNoKey() => Parsed.Upstream($"{{{SomeNodes},'type':'chash','hash_on':'consumer'}}").Valid.Key.ShouldBeNull();
}
