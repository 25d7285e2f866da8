using System.Text;
using Headgate.Core.Config;
using Headgate.Core.Config.Registries;
using Headgate.Core.Discovery;
using Headgate.Proxy.Discovery;
using Headgate.Proxy.Tests.Pipeline;
using Headgate.Testing;
using Headgate.Testing.Registries.Consul;

namespace Headgate.Proxy.Tests.Registries.Consul;

/// <summary>From Consul to a request: a route over an upstream that names a service serves its instances.</summary>
public sealed class ConsulGatewayTests
{
    private const string Get = "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";

    [Fact]
    public async Task Request_ServiceOfCatalog_ReachesItsInstancesAndOutlivesConsul()
    {
        await using ScriptedNode first = ScriptedNode.StartAnswering("first");
        await using ScriptedNode second = ScriptedNode.StartAnswering("second");
        await using ConsulTestServer consul = await ConsulTestServer.StartAsync();
        await using GatewayUnderTest gateway = await StartAsync(new ConsulConfig(ConsulClients.Access(consul)), "consul", "web");
        (await gateway.SendRawAsync(Get)).ShouldStartWith("HTTP/1.1 503");

        consul.State.Register(new ConsulService("web", "web-1") { Address = "127.0.0.1", Port = first.Port }, "passing");
        await Eventually.HoldsAsync(async () => (await gateway.SendRawAsync(Get)).EndsWith("first", StringComparison.Ordinal), "the first serves");
        consul.State.Register(new ConsulService("web", "web-2") { Address = "127.0.0.1", Port = second.Port });
        consul.State.TrySetStatus("service:web-1", "critical").ShouldBeTrue();
        await ServesAloneAsync(gateway, "second");

        consul.Fail(ConsulFault.NoLeader);
        await Eventually.HoldsAsync(() => gateway.Discovery!.Registries()[0].Last.Status == RegistryStatus.Lost, "lost");
        (await gateway.SendRawAsync(Get)).ShouldEndWith("second");
        consul.State.TrySetStatus("service:web-1", "passing").ShouldBeTrue();
        consul.State.Deregister("web-2");
        consul.Fail(ConsulFault.None);
        await ServesAloneAsync(gateway, "first");
    }

    [Fact]
    public async Task Request_WeightsOfInstances_AreShares()
    {
        await using ScriptedNode light = ScriptedNode.StartAnswering("light");
        await using ScriptedNode heavy = ScriptedNode.StartAnswering("heavy");
        await using ConsulTestServer consul = await ConsulTestServer.StartAsync();
        consul.State.Register(new ConsulService("web", "web-1") { Address = "127.0.0.1", Port = light.Port, PassingWeight = 1 });
        consul.State.Register(new ConsulService("web", "web-2") { Address = "127.0.0.1", Port = heavy.Port, PassingWeight = 3 });
        await using GatewayUnderTest gateway = await StartAsync(new ConsulConfig(ConsulClients.Access(consul)), "consul", "web");
        await Eventually.HoldsAsync(() => gateway.Discovery!.Services()[0].IsKnown && gateway.Discovery.Services()[0].Instances.Count == 2, "known");
        await Eventually.HoldsAsync(async () => (await gateway.SendRawAsync(Get)).StartsWith("HTTP/1.1 200", StringComparison.Ordinal), "served");
        int heavier = 0;
        for (int i = 0; i < 40; i++)
            heavier += (await gateway.SendRawAsync(Get)).EndsWith("heavy", StringComparison.Ordinal) ? 1 : 0;
        heavier.ShouldBe(30, "round robin is exact over whole rounds of four");
    }

    [Fact]
    public async Task Request_ServiceOfKeyValueStoreByItsFullName_ReachesItsInstances()
    {
        await using ScriptedNode node = ScriptedNode.StartAnswering("of a key");
        await using ConsulTestServer consul = await ConsulTestServer.StartAsync();
        await using GatewayUnderTest gateway = await StartAsync(new ConsulKvConfig(ConsulClients.Access(consul)), "consul_kv", $"{consul.Address}/v1/kv/upstreams/webpages/");
        consul.State.Keys.Set($"upstreams/webpages/127.0.0.1:{node.Port}", Encoding.UTF8.GetBytes("""{"weight": 1, "max_fails": 2, "fail_timeout": 1}"""));
        consul.State.Pulse.Beat();
        await ServesAloneAsync(gateway, "of a key");
    }

    private static async Task<GatewayUnderTest> StartAsync(RegistryConfig registry, string type, string service)
    {
        var loop = new DiscoveryLoop(new DiscoveryOptions { Registries = [registry] }, ConsulClients.Services);
        GatewayUnderTest gateway = await GatewayUnderTest.StartWithAsync(null, discovery: loop);
        gateway.Put(ResourceKind.Upstream, "u", $$"""{"type":"roundrobin","service_name":"{{service}}","discovery_type":"{{type}}"}""");
        gateway.Put(ResourceKind.Route, "r", """{"uri":"/*","upstream_id":"u"}""");
        return gateway;
    }

    private static Task ServesAloneAsync(GatewayUnderTest gateway, string body) => Eventually.HoldsAsync(
        async () =>
        {
            for (int i = 0; i < 4; i++)
            {
                if (!(await gateway.SendRawAsync(Get)).EndsWith(body, StringComparison.Ordinal))
                    return false;
            }

            return true;
        },
        $"'{body}' serves alone");
}
