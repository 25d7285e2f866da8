using System.Globalization;
using Headgate.Core.Config;
using Headgate.Core.Config.Registries;
using Headgate.Core.Discovery;
using Headgate.Proxy.Discovery;
using Headgate.Proxy.Registries;
using Headgate.Proxy.Tests.Pipeline;
using Headgate.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Headgate.Proxy.Tests.Registries.Dns;

/// <summary>Services of a real name server, through a whole gateway.</summary>
public sealed class DnsmasqGatewayTests
{
    private const int Requests = 10_000;
    private const int Clients = 8;

    [Fact]
    public async Task Requests_SrvWeights_ComeOutAsShares()
    {
        await using ScriptedNode one = ScriptedNode.StartAnswering("one"), two = ScriptedNode.StartAnswering("two"), three = ScriptedNode.StartAnswering("three"), spare = ScriptedNode.StartAnswering("spare");
        await using DnsmasqProcess dnsmasq = await DnsmasqProcess.StartAsync(
            "--host-record=here.test,127.0.0.1", Srv(one.Port, 1, 60), Srv(two.Port, 1, 30), Srv(three.Port, 1, 10), Srv(spare.Port, 2, 65535));
        await using GatewayUnderTest gateway = await StartAsync(dnsmasq, "_http._tcp.test");

        Dictionary<string, int> counts = await CountAsync(gateway);

        // 2 % of each share; the spare has a priority of its own, which comes after.
        counts.GetValueOrDefault("one").ShouldBeInRange(5880, 6120);
        counts.GetValueOrDefault("two").ShouldBeInRange(2940, 3060);
        counts.GetValueOrDefault("three").ShouldBeInRange(980, 1020);
        counts.Values.Sum().ShouldBe(Requests);
    }

    [Fact]
    public async Task Requests_RecordsChange_FollowWithinTheTtlAndAnOutageHarmsNothing()
    {
        await using ScriptedNode one = ScriptedNode.StartAnswering("one");
        await using ScriptedNode two = ScriptedNode.Start(peer => peer.AnswerAllAsync("two"), System.Net.IPAddress.Parse("127.0.0.2"), one.Port);
        string hosts = Path.GetTempFileName();
        await File.WriteAllTextAsync(hosts, "127.0.0.1 shop.test\n", TestContext.Current.CancellationToken);
        await using DnsmasqProcess dnsmasq = await DnsmasqProcess.StartAsync($"--addn-hosts={hosts}", "--local-ttl=1");
        await using GatewayUnderTest gateway = await StartAsync(dnsmasq, string.Create(CultureInfo.InvariantCulture, $"shop.test:{one.Port}"));
        (await GetAsync(gateway)).ShouldBe("one");

        await File.WriteAllTextAsync(hosts, "127.0.0.2 shop.test\n", TestContext.Current.CancellationToken);
        dnsmasq.Reload();
        await Eventually.HoldsAsync(async () => await GetAsync(gateway) == "two", "the new address is used");

        await dnsmasq.KillAsync();
        await Eventually.HoldsAsync(() => gateway.Discovery!.Registries()[0].Last.Status == RegistryStatus.Lost, "the outage is seen");
        (await GetAsync(gateway)).ShouldBe("two");

        await File.WriteAllTextAsync(hosts, "127.0.0.1 shop.test\n", TestContext.Current.CancellationToken);
        await dnsmasq.RestartAsync();
        await Eventually.HoldsAsync(async () => await GetAsync(gateway) == "one", "the server is back");
        gateway.Discovery!.Registries()[0].Last.Status.ShouldBe(RegistryStatus.Healthy);
        File.Delete(hosts);
    }

    private static string Srv(int port, int priority, int weight) => string.Create(CultureInfo.InvariantCulture, $"--srv-host=_http._tcp.test,here.test,{port},{priority},{weight}");

    private static async Task<GatewayUnderTest> StartAsync(DnsmasqProcess dnsmasq, string service)
    {
        var discovery = new DiscoveryLoop(
            new DiscoveryOptions { Registries = [new DnsConfig { Servers = [dnsmasq.EndPoint] }] }, new RegistryServices(TimeProvider.System, NullLoggerFactory.Instance, TestSeed.Value));
        GatewayUnderTest gateway = await GatewayUnderTest.StartWithAsync(null, discovery: discovery);
        gateway.Put(ResourceKind.Upstream, "u", $$"""{"type":"roundrobin","service_name":"{{service}}","discovery_type":"dns"}""");
        gateway.Put(ResourceKind.Route, "r", """{"uri":"/*","upstream_id":"u"}""");
        await Eventually.HoldsAsync(() => gateway.Nodes.Count > 0, "the service's nodes");
        return gateway;
    }

    /// <summary>How often each node answered, over connections that are kept.</summary>
    private static async Task<Dictionary<string, int>> CountAsync(GatewayUnderTest gateway)
    {
        using var http = new HttpClient { BaseAddress = gateway.Address };
        var counts = new Dictionary<string, int>();
        await Task.WhenAll(Enumerable.Range(0, Clients).Select(async _ =>
        {
            for (int i = 0; i < Requests / Clients; i++)
            {
                string node = await http.GetStringAsync(new Uri("/", UriKind.Relative), TestContext.Current.CancellationToken);
                lock (counts)
                    counts[node] = counts.GetValueOrDefault(node) + 1;
            }
        }));
        return counts;
    }

    private static async Task<string> GetAsync(GatewayUnderTest gateway)
    {
        string answer = await gateway.SendRawAsync("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
        return answer[(answer.LastIndexOf('\n') + 1)..];
    }
}
