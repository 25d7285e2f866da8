using Headgate.Core.Config;
using Headgate.Core.Config.Registries;

namespace Headgate.Core.Tests.Config;

public sealed class EurekaConfigTests
{
    [Fact]
    public void Parse_HostAlone_HasTheDefaultsOfApisix()
    {
        EurekaConfig config = Parse("{'host':['http://127.0.0.1:8761']}").Valid;
        config.Servers.ShouldBe([new RegistryAddress("http://127.0.0.1:8761")]);
        (config.Prefix, config.FetchInterval, config.DefaultWeight, config.VerifiesTls, config.AuthoritiesPem).ShouldBe(("/", TimeSpan.FromSeconds(30), 100, false, null));
        config.Timeouts.ShouldBe(new RegistryTimeouts());
    }

    [Fact]
    public void Parse_EveryField_IsTypedAndShowsNoSecret()
    {
        EurekaConfig config = Parse(
            "{'host':['http://eureka:p@ss@a.b:8761/x/eureka/'],'prefix':'eureka','fetch_interval':5,'weight':0,'timeout':{'connect':1},'ssl_verify':true}").Valid;
        config.Servers.ShouldBe([new RegistryAddress("http://a.b:8761/x/eureka", "eureka", "p@ss")]);
        (config.Prefix, config.FetchInterval, config.DefaultWeight, config.VerifiesTls).ShouldBe(("/eureka/", TimeSpan.FromSeconds(5), 0, true));
        config.Timeouts.ShouldBe(new RegistryTimeouts { Connect = TimeSpan.FromMilliseconds(1) });
        config.ToString().ShouldBe("EurekaConfig { Servers = http://a.b:8761/x/eureka }");
    }

    [Fact]
    public void Parse_Auth_IsForServersWhoseAddressNamesNoUser()
    {
        EurekaConfig config = Parse("{'hosts':['http://own:1@a','http://b'],'auth':{'username':'u','password':'s3cret'}}").Valid;
        config.Servers.ShouldBe([new RegistryAddress("http://a", "own", "1"), new RegistryAddress("http://b", "u", "s3cret")]);
        config.ToString().ShouldNotContain("s3cret");
        Parse("{'host':['http://b'],'auth':{'username':'u','password':''}}").Valid.Servers.ShouldBe([new RegistryAddress("http://b", "u", "")]);
    }

    [Theory]
    [InlineData("{}", "property \"host\" is required")]
    [InlineData("{'host':['http://u:s3cret@']}", "property \"host\" validation failed: failed to validate item 1: it is no address of a server (allowed: http://HOST:PORT/PATH, also https, also with USER:PASSWORD@ before the host)")]
    [InlineData("{'host':['http://a'],'weight':-1}", "property \"weight\" validation failed: expected -1 to be at least 0")]
    [InlineData("{'host':['http://a'],'access_key':'k'}", "additional properties forbidden, found access_key")]
    [InlineData("{'host':['http://a'],'ca_certs':[]}", "property \"ca_certs\" validation failed: expect array to have at least 1 items")]
    [InlineData("{'host':['http://a'],'auth':{'username':'u'}}", "property \"auth\" validation failed: property \"password\" is required")]
    [InlineData("{'host':['http://a'],'auth':{'username':'','password':'p'}}", "property \"auth\" validation failed: property \"username\" validation failed: string too short, expected at least 1, got 0")]
    [InlineData("{'host':['http://a'],'auth':{'username':'u','password':'p','token':'t'}}", "property \"auth\" validation failed: additional properties forbidden, found token")]
    [InlineData("{'host':['http://u:p@a'],'auth':{'username':'u','password':'p'}}", "property \"auth\" validation failed: has no effect, because every server's address names a user (give the user in one place)")]
    public void Parse_Wrong_IsSaid(string json, string error) => Parse(json).ShouldFailWith($"invalid configuration: {error}");

    [Fact]
    public void Parse_CertificatesThatAreNone_AreSaid() =>
        Parse($"{{'host':['http://a'],'ca_certs':['{new string('x', 200)}']}}").ShouldFailWith("failed to parse cert: no PEM certificate in it (ca_certs[0])");

    private static Parsed<EurekaConfig> Parse(string json)
    {
        Parsed<RegistryConfig> parsed = Parsed.Run(json, (value, errors) => ConfigParser.ParseRegistry("eureka", value, errors));
        return new Parsed<EurekaConfig>((EurekaConfig?)parsed.Config, parsed.Errors, parsed.Warnings, parsed.Paths);
    }
}
