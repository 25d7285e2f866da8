using System.Text.Json;
using Headgate.Core.Config;
using Headgate.Core.Config.Registries;

namespace Headgate.Core.Tests.Config;

/// <summary>Settings of <c>consul</c> and <c>consul_kv</c>: APISIX's keys, defaults and units, and what is refused.</summary>
public sealed class ConsulConfigTests
{
    [Fact]
    public void Consul_ServersAlone_HasApisixDefaults()
    {
        ConsulConfig config = Consul("{'servers': ['http://127.0.0.1:8500']}").Valid;
        config.Access.ShouldBe(new ConsulAccess
        {
            Servers = [new Uri("http://127.0.0.1:8500")],
            Token = null,
            ConnectTimeout = TimeSpan.FromSeconds(2),
            ReadTimeout = TimeSpan.FromSeconds(2),
            Wait = TimeSpan.FromSeconds(60),
            WaitsForChanges = true,
            FetchInterval = TimeSpan.FromSeconds(3),
            Weight = 1,
            DefaultInstance = null,
            Datacenter = null,
            VerifiesTls = true,
            AuthoritiesPem = null,
        });
        config.Skips("consul").ShouldBeTrue();
        config.Skips("web").ShouldBeFalse();
        config.ShouldBe(Consul("{'servers': ['http://127.0.0.1:8500/']}").Valid);
    }

    [Fact]
    public void Consul_EveryKey_IsReadOrWarnedAbout()
    {
        Parsed<ConsulConfig> parsed = Consul("""
            {'servers': ['http://127.0.0.1:8500', 'https://consul.example.com'], 'token': 'hush', 'skip_services': ['service_a'], 'timeout': {'connect': 1000, 'read': 1500, 'wait': 30},
             'weight': 5, 'fetch_interval': 7, 'keepalive': false, 'sort_type': 'combine_sort', 'shared_size': '64m', 'datacenter': 'dc2', 'tls': {'verify': false},
             'default_service': {'host': '127.0.0.1', 'port': 20999, 'metadata': {'fail_timeout': 1, 'weight': 1, 'max_fails': 1}}, 'dump': {'path': 'logs/consul.dump', 'expire': 2592000}}
            """);
        ConsulConfig config = parsed.Valid;
        config.Access.ShouldBe(new ConsulAccess
        {
            Servers = [new Uri("http://127.0.0.1:8500"), new Uri("https://consul.example.com")],
            Token = "hush",
            ConnectTimeout = TimeSpan.FromSeconds(1),
            ReadTimeout = TimeSpan.FromMilliseconds(1500),
            Wait = TimeSpan.FromSeconds(30),
            WaitsForChanges = false,
            FetchInterval = TimeSpan.FromSeconds(7),
            Weight = 5,
            DefaultInstance = new ConsulDefaultInstance("127.0.0.1", 20999),
            Datacenter = "dc2",
            VerifiesTls = false,
        });
        config.Skips("service_a").ShouldBeTrue();
        config.ToString().ShouldNotContain("hush");
        config.Access.ToString().ShouldNotContain("hush");
        parsed.Warnings.ShouldBe(
        [
            "dump has no effect here: the last answers of all registries are kept on disk without it",
            "default_service.metadata has no effect here: weight is the registry's, and failures are counted by the upstream's checks and retries",
            "sort_type has no effect here: nodes stand in the order of host and port",
            "shared_size has no effect here: there is no memory of a fixed size to share",
        ]);
    }

    [Theory]
    [InlineData("{}", "property \"servers\" is required")]
    [InlineData("{'servers': []}", "property \"servers\" validation failed: expect array to have at least 1 items")]
    [InlineData("{'servers': ['127.0.0.1:8500']}",
        "property \"servers\" validation failed: failed to validate item 1: it is no address of a server (given \"127.0.0.1:8500\"; allowed: http://HOST:PORT, also https)")]
    [InlineData("{'servers': ['http://a/v1']}",
        "property \"servers\" validation failed: failed to validate item 1: it is no address of a server (given \"http://a/v1\"; allowed: http://HOST:PORT, also https)")]
    [InlineData("{'servers': ['http://u:hush@a']}",
        "property \"servers\" validation failed: failed to validate item 1: it is no address of a server (given an address with a user in it; allowed: http://HOST:PORT, also https)")]
    [InlineData("{'servers': ['http://a'], 'weight': 0}", "property \"weight\" validation failed: expected 0 to be at least 1")]
    [InlineData("{'servers': ['http://a'], 'timeout': {'wait': 0}}", "property \"timeout\" validation failed: property \"wait\" validation failed: expected 0 to be at least 1")]
    [InlineData("{'servers': ['http://a'], 'tokn': 'x'}", "additional properties forbidden, found tokn (did you mean token?)")]
    [InlineData("{'servers': ['http://a'], 'default_service': {'port': 80}}", "property \"default_service\" validation failed: property \"host\" is required")]
    [InlineData("{'servers': ['http://a'], 'tls': {'verify': true}}",
        "property \"tls\" validation failed: has no effect, because no server has an https address; allowed: without it, or https servers")]
    public void Consul_Wrong_IsRefusedByName(string json, string error) => Consul(json).ShouldFailWith($"invalid configuration: {error}");

    [Fact]
    public void ConsulKv_ServersAlone_HasApisixDefaults()
    {
        ConsulKvConfig config = Kv("{'servers': ['http://127.0.0.1:8500']}").Valid;
        config.Prefix.ShouldBe("upstreams");
        config.SkippedKeys.ShouldBeEmpty();
        config.Access.ShouldBe(Consul("{'servers': ['http://127.0.0.1:8500']}").Valid.Access);
    }

    [Theory]
    [InlineData("default_service")]
    [InlineData("default_server")]
    public void ConsulKv_PrefixSkippedKeysAndDefaultByEitherName_AreRead(string member)
    {
        ConsulKvConfig config = Kv($$"""{'servers': ['http://a:1'], 'prefix': '/my/gate/', 'skip_keys': ['my/gate/unused/'], '{{member}}': {'host': 'b'} }""").Valid;
        (config.Prefix, config.Access.DefaultInstance).ShouldBe(("my/gate", new ConsulDefaultInstance("b", null)));
        config.SkippedKeys.ShouldBe(["my/gate/unused"]);
    }

    [Theory]
    [InlineData("{'servers': ['http://a'], 'prefix': '//'}", "property \"prefix\" validation failed: names no folder (given slashes alone; allowed: a path such as \"upstreams\")")]
    [InlineData("{'servers': ['http://a'], 'default_server': {'host': 'a'}, 'default_service': {'host': 'a'}}", "default_service and default_server are the same; allowed: one of them")]
    [InlineData("{'servers': ['http://a'], 'skip_services': ['a']}", "additional properties forbidden, found skip_services")]
    public void ConsulKv_Wrong_IsRefusedByName(string json, string error) => Kv(json).ShouldFailWith($"invalid configuration: {error}");

    private static Parsed<ConsulConfig> Consul(string json) => Read<ConsulConfig>("consul", json);

    private static Parsed<ConsulKvConfig> Kv(string json) => Read<ConsulKvConfig>("consul_kv", json);

    private static Parsed<T> Read<T>(string type, string json)
        where T : RegistryConfig
    {
        var errors = new ConfigErrors();
        var config = (T?)ConfigParser.ParseRegistry(type, JsonElement.Parse(json.Replace('\'', '"')), errors);
        return new Parsed<T>(config, [.. errors.Errors.Select(static error => error.Message)], [.. errors.Warnings.Select(static warning => warning.Message)], []);
    }
}
