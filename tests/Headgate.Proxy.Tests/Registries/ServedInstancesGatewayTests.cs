using System.Text.Json;
using Headgate.Core.Config;
using Headgate.Core.Config.Registries;
using Headgate.Proxy.Discovery;
using Headgate.Proxy.Registries;
using Headgate.Proxy.Tests.Pipeline;
using Headgate.Testing;
using Headgate.Testing.Registries;
using Headgate.Testing.Registries.Eureka;
using Headgate.Testing.Registries.Nacos;
using Microsoft.Extensions.Logging.Abstractions;

namespace Headgate.Proxy.Tests.Registries;

/// <summary>From an instance that registers to an answer that it gave: a real gateway over each of these registries.</summary>
public sealed class ServedInstancesGatewayTests
{
    [Theory]
    [InlineData("nacos", "'prefix':'/nacos/v1/'")]
    [InlineData("nacos", "'prefix':'/nacos/v2/'")]
    [InlineData("nacos", "'prefix':'/nacos/v3/'")]
    [InlineData("eureka", "'prefix':'/eureka/'")]
    public async Task Route_OverAServiceOfARegistry_IsAnsweredByItsInstances(string type, string settings)
    {
        await using ScriptedNode a = ScriptedNode.StartAnswering("a");
        await using ScriptedNode b = ScriptedNode.StartAnswering("b");
        await using HttpRegistryServer registry = type == "nacos" ? new NacosServer() : new EurekaServer();
        await registry.StartAsync();
        Register(registry, a.Port);
        await using GatewayUnderTest gateway = await StartAsync(type, $"{{'host':['{registry.Url}'],'fetch_interval':1,{settings}}}");
        gateway.Put(ResourceKind.Upstream, "u", $$"""{"type":"roundrobin","service_name":"ORDERS","discovery_type":"{{type}}"}""");
        gateway.Put(ResourceKind.Route, "r", """{"uri":"/*","upstream_id":"u"}""");
        using var client = new HttpClient { BaseAddress = gateway.Address };
        await SayAsync(client, "a");

        Register(registry, b.Port);
        await SayAsync(client, "ab");

        int asked = registry.Asked.Count;
        registry.Fails = 500;
        await Eventually.HoldsAsync(() => registry.Asked.Count > asked + 1, "the registry has failed");
        for (int i = 0; i < 20; i++)
            (await client.GetAsync(new Uri("/", UriKind.Relative))).EnsureSuccessStatusCode();
        await SayAsync(client, "ab");
    }

    private static void Register(HttpRegistryServer registry, int port)
    {
        if (registry is NacosServer nacos)
            nacos.Put("ORDERS", "127.0.0.1", port);
        else
            ((EurekaServer)registry).Put("ORDERS", "127.0.0.1", port);
    }

    private static Task<GatewayUnderTest> StartAsync(string type, string settings)
    {
        using var document = JsonDocument.Parse(settings.Replace('\'', '"'));
        RegistryConfig config = ConfigParser.ParseRegistry(type, document.RootElement, new ConfigErrors()).ShouldNotBeNull();
        var loop = new DiscoveryLoop(new DiscoveryOptions { Registries = [config] }, new RegistryServices(TimeProvider.System, NullLoggerFactory.Instance, TestSeed.Value));
        return GatewayUnderTest.StartWithAsync(null, discovery: loop);
    }

    // Six requests in a row over two nodes reach both.
    private static Task SayAsync(HttpClient client, string letters) => Eventually.HoldsAsync(
        async () =>
        {
            var heard = new SortedSet<string>(StringComparer.Ordinal);
            for (int i = 0; i < 6; i++)
            {
                using HttpResponseMessage answer = await client.GetAsync(new Uri("/", UriKind.Relative));
                heard.Add(answer.IsSuccessStatusCode ? await answer.Content.ReadAsStringAsync() : "?");
            }

            return string.Concat(heard) == letters;
        },
        $"answers of {letters}");
}
