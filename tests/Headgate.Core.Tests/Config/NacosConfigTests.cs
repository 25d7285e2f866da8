using Headgate.Core.Config;
using Headgate.Core.Config.Registries;

namespace Headgate.Core.Tests.Config;

public sealed class NacosConfigTests
{
    private const string Address = "it is no address of a server (allowed: http://HOST:PORT, also https, also with USER:PASSWORD@ before the host)";

    [Fact]
    public void Parse_HostAlone_HasTheDefaultsOfApisix()
    {
        NacosConfig config = Parse("{'host':['http://192.168.33.1:8848']}").Valid;
        config.Servers.ShouldBe([new RegistryAddress("http://192.168.33.1:8848")]);
        (config.Prefix, config.Api, config.FetchInterval, config.DefaultWeight, config.VerifiesTls).ShouldBe(("/nacos/v1/", NacosApi.V1, TimeSpan.FromSeconds(30), 100, true));
        config.Timeouts.ShouldBe(new RegistryTimeouts { Connect = TimeSpan.FromSeconds(2), Send = TimeSpan.FromSeconds(2), Read = TimeSpan.FromSeconds(5) });
        (config.User, config.Password, config.Token, config.AccessKey, config.SecretKey, config.AuthoritiesPem).ShouldBe((null, null, null, null, null, null));
        config.ShouldBe(Parse("{'host':['http://192.168.33.1:8848/'],'access_key':'','secret_key':''}").Valid);
    }

    [Fact]
    public void Parse_EveryField_IsTypedAndShowsNoSecret()
    {
        NacosConfig config = Parse(
            """
            {'host':['https://nacos:p@ss:w/rd@a.b:8848','http://[::1]:80'],'prefix':'nacos/v2','fetch_interval':5,'weight':7,'timeout':{'connect':1,'send':2,'read':3},
            'access_key':'LTAI','secret_key':'s3cret','ssl_verify':false}
            """).Valid;
        config.Servers.ShouldBe([new RegistryAddress("https://a.b:8848", "nacos", "p@ss:w/rd"), new RegistryAddress("http://[::1]:80")]);
        (config.Prefix, config.Api, config.FetchInterval, config.DefaultWeight, config.VerifiesTls).ShouldBe(("/nacos/v2/", NacosApi.V2, TimeSpan.FromSeconds(5), 7, false));
        (config.Timeouts.Whole, config.AccessKey, config.SecretKey).ShouldBe((TimeSpan.FromMilliseconds(6), "LTAI", "s3cret"));
        config.ToString().ShouldBe("NacosConfig { Servers = https://a.b:8848, http://[::1]:80 }");
    }

    [Fact]
    public void Parse_NamesOfApi7_AreTheSame()
    {
        Parse("{'hosts':['http://a'],'default_weight':9}").Valid.ShouldBe(Parse("{'host':['http://a'],'weight':9}").Valid);
        NacosConfig login = Parse("{'hosts':['http://a'],'auth':{'username':'u','password':'p'}}").Valid;
        (login.User, login.Password).ShouldBe(("u", "p"));
        Parse("{'hosts':['http://a'],'auth':{'token':'t'}}").Valid.Token.ShouldBe("t");
        Parse("{'hosts':['http://a'],'auth':{'access_key':'k','secret_key':'s'}}").Valid.ShouldBe(Parse("{'host':['http://a'],'access_key':'k','secret_key':'s'}").Valid);
    }

    [Theory]
    [InlineData("", NacosApi.V1)]
    [InlineData(",'prefix':'/v2/x'", NacosApi.V1)]
    [InlineData(",'prefix':'/nacos/v2/'", NacosApi.V2)]
    [InlineData(",'prefix':'/nacos/v3'", NacosApi.V3)]
    [InlineData(",'prefix':'/registry','api_version':'v3'", NacosApi.V3)]
    [InlineData(",'prefix':'/registry','api_version':'v2'", NacosApi.V2)]
    [InlineData(",'prefix':'/nacos/v2','api_version':'v1'", NacosApi.V1)]
    public void Parse_Api_ComesFromThePrefixOrIsTold(string more, NacosApi api) => Parse($"{{'host':['http://a']{more}}}").Valid.Api.ShouldBe(api);

    [Theory]
    [InlineData("{}", "property \"host\" is required")]
    [InlineData("{'host':[]}", "property \"host\" validation failed: expect array to have at least 1 items")]
    [InlineData("{'host':['http://a'],'hosts':['http://b']}", "host and hosts are two names of the same (give one of them)")]
    [InlineData("{'host':['http://a'],'fetch_intervall':1}", "additional properties forbidden, found fetch_intervall (did you mean fetch_interval?)")]
    [InlineData("{'host':['http://a'],'prefix':'/a b'}", "property \"prefix\" validation failed: /a b is no path (allowed: letters, digits, / - _ .)")]
    [InlineData("{'host':['http://a'],'fetch_interval':0}", "property \"fetch_interval\" validation failed: expected 0 to be at least 1")]
    [InlineData("{'host':['http://a'],'weight':0}", "property \"weight\" validation failed: expected 0 to be at least 1")]
    [InlineData("{'host':['http://a'],'timeout':{'connect':0}}", "property \"timeout\" validation failed: property \"connect\" validation failed: expected 0 to be at least 1")]
    [InlineData("{'host':['http://a'],'timeout':{'wait':5}}", "property \"timeout\" validation failed: additional properties forbidden, found wait")]
    [InlineData("{'host':['http://a'],'auth':{}}", "property \"auth\" validation failed: it has to have one of: username and password; token; access_key and secret_key")]
    [InlineData("{'host':['http://a'],'auth':{'username':'u','token':'t'}}", "property \"auth\" validation failed: it has to have one of: username and password; token; access_key and secret_key")]
    [InlineData("{'host':['http://a'],'auth':{'username':'u'}}", "property \"auth\" validation failed: property \"password\" is required")]
    [InlineData("{'host':['http://a'],'access_key':'a','secret_key':'b','auth':{'access_key':'a','secret_key':'b'}}", "property \"auth\" validation failed: access_key and secret_key stand beside auth already (give them in one place)")]
    public void Parse_Wrong_IsSaid(string json, string error) => Parse(json).ShouldFailWith($"invalid configuration: {error}");

    [Theory]
    [InlineData("a.b:8848")]
    [InlineData("ftp://a")]
    [InlineData("http://")]
    [InlineData("http://s3cret@a:80")]
    [InlineData("http://:s3cret@a:80")]
    [InlineData("http://u:s3cret@a:80/path")]
    [InlineData("http://u:s3cret@a:80?x")]
    [InlineData("http://u:s3cret@a:999999")]
    [InlineData("http://u:s3cret@a b")]
    public void Parse_WrongAddress_IsSaidWithoutThePassword(string address) =>
        Parse($"{{'host':['{address}']}}").ShouldFailWith($"invalid configuration: property \"host\" validation failed: failed to validate item 1: {Address}");

    [Fact]
    public void Parse_HalfAKey_IsNoted() =>
        Parse("{'host':['http://a'],'access_key':'k'}").Warnings.ShouldBe(["access_key has no effect without secret_key: questions are not signed"]);

    [Fact]
    public void Upstream_OfGrpc_PrefersThePortOfGrpc()
    {
        Parsed.Upstream("{'type':'roundrobin','scheme':'grpc','service_name':'a','discovery_type':'nacos'}").Valid.Service!.Arguments.PrefersGrpcPort.ShouldBeTrue();
        Parsed.Upstream("{'type':'roundrobin','service_name':'a','discovery_type':'nacos'}").Valid.Service!.Arguments.PrefersGrpcPort.ShouldBeFalse();
        Parsed.Upstream("{'type':'roundrobin','scheme':'grpc','service_name':'a','discovery_type':'eureka'}").Valid.Service!.Arguments.PrefersGrpcPort.ShouldBeFalse();
    }

    private static Parsed<NacosConfig> Parse(string json)
    {
        Parsed<RegistryConfig> parsed = Parsed.Run(json, (value, errors) => ConfigParser.ParseRegistry("nacos", value, errors));
        return new Parsed<NacosConfig>((NacosConfig?)parsed.Config, parsed.Errors, parsed.Warnings, parsed.Paths);
    }
}
