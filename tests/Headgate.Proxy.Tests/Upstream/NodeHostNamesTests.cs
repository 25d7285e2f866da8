using System.Net;
using Headgate.Core.Config;
using Headgate.Proxy.Dns;
using Headgate.Proxy.Tests.Pipeline;
using Headgate.Proxy.Upstream;
using Headgate.Testing;

namespace Headgate.Proxy.Tests.Upstream;

/// <summary>Nodes named by host, through a whole gateway.</summary>
public sealed class NodeHostNamesTests
{
    [Fact]
    public async Task Request_NameMovesToAnotherAddress_FollowsWithinItsTtlAndAnOutageOfDnsHarmsNothing()
    {
        await using ScriptedNode first = ScriptedNode.StartAnswering("first");
        await using ScriptedNode second = ScriptedNode.Start(peer => peer.AnswerAllAsync("second"), IPAddress.Parse("127.0.0.2"), first.Port);
        string? address = "127.0.0.1";
        await using ScriptedNameServer server = ScriptedNameServer.Start(
            q => address is null ? [q.Refusal(2)] : q.Type == 1 ? [q.Answer(WireRecord.Address("shop.test", address, 1))] : [q.Refusal(0, WireRecord.Zone("test", 1, 1))]);
        await using GatewayUnderTest gateway = await StartAsync(new DnsResolverOptions { Servers = [server.EndPoint] }, "shop.test", first.Port);
        (await GetAsync(gateway)).ShouldEndWith("first");

        address = "127.0.0.2";
        await Eventually.HoldsAsync(async () => (await GetAsync(gateway)).EndsWith("second"), "the new address is used");

        address = null;
        int asked = server.Questions.Count;
        await Eventually.HoldsAsync(() => server.Questions.Count > asked + 1, "the outage is seen");
        (await GetAsync(gateway)).ShouldEndWith("second");
    }

    [Fact]
    public async Task Request_NameOfTheHostsFileOrLocalhost_NeedsNoNameServer()
    {
        await using ScriptedNode node = ScriptedNode.StartAnswering("here");
        string hosts = Path.GetTempFileName();
        await File.WriteAllTextAsync(hosts, "127.0.0.1 shop.test\n", TestContext.Current.CancellationToken);
        await using ScriptedNameServer silent = ScriptedNameServer.Start(_ => []);
        var options = new DnsResolverOptions { Servers = [silent.EndPoint], HostsPath = hosts, UsesIpv6 = false };
        foreach (string host in (string[])["shop.test", "localhost"])
        {
            await using GatewayUnderTest gateway = await StartAsync(options, host, node.Port);
            (await GetAsync(gateway)).ShouldEndWith("here");
        }

        silent.Questions.ShouldBeEmpty();
        File.Delete(hosts);
    }

    private static async Task<GatewayUnderTest> StartAsync(DnsResolverOptions dns, string host, int port)
    {
        GatewayUnderTest gateway = await GatewayUnderTest.StartWithAsync(null, resolving: new EndpointResolverOptions { Dns = dns });
        gateway.Put(ResourceKind.Upstream, "u", $$"""{"type":"roundrobin","nodes":[{"host":"{{host}}","port":{{port}},"weight":1}]}""");
        gateway.Put(ResourceKind.Route, "r", """{"uri":"/*","upstream_id":"u"}""");
        return gateway;
    }

    private static Task<string> GetAsync(GatewayUnderTest gateway) => gateway.SendRawAsync("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
}
