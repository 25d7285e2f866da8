using System.Net;
using Headgate.Proxy.Dns;

namespace Headgate.Proxy.Tests.Dns;

public sealed class ResolvConfTests
{
    [Fact]
    public void Read_Everything_AsTheManualSays()
    {
        NameServers read = ResolvConf.Read(
            """
            # comment
            ; comment
            nameserver 192.0.2.1
            	nameserver	2001:db8::1
            nameserver fe80::1%1
            nameserver not-an-address
            domain first.test
            search Default.svc.cluster.local svc.cluster.local. .
            options ndots:5 timeout:3 attempts:4 rotate edns0 single-request
            """);

        read.Servers.Select(server => server.ToString()).ShouldBe(["192.0.2.1:53", "[2001:db8::1]:53", "[fe80::1%1]:53"]);
        read.Search.ShouldBe(["default.svc.cluster.local", "svc.cluster.local"]);
        (read.Dots, read.Timeout, read.Attempts, read.Rotates).ShouldBe((5, TimeSpan.FromSeconds(3), 4, true));
    }

    [Fact]
    public void Read_Nothing_TheServerOfThisMachine()
    {
        NameServers read = ResolvConf.Read("");

        read.ShouldBe(NameServers.Default);
        read.Servers.ShouldBe([new IPEndPoint(IPAddress.Loopback, 53)]);
        (read.Dots, read.Timeout, read.Attempts, read.Rotates).ShouldBe((1, TimeSpan.FromSeconds(2), 2, false));
    }

    [Theory]
    [InlineData("options ndots:99 timeout:99 attempts:99", 15, 30, 5)]
    [InlineData("options ndots:0 timeout:0 attempts:0", 0, 2, 2)]
    [InlineData("options ndots:-1 timeout:x attempts", 1, 2, 2)]
    [InlineData("options ndots:99999999999", 1, 2, 2)]
    public void Read_OptionOutOfBounds_IsBoundedOrPassedOver(string line, int dots, int seconds, int attempts)
    {
        NameServers read = ResolvConf.Read(line);

        (read.Dots, read.Timeout, read.Attempts).ShouldBe((dots, TimeSpan.FromSeconds(seconds), attempts));
    }

    [Fact]
    public void Read_ManyServers_TheFirstEight() =>
        ResolvConf.Read(string.Join('\n', Enumerable.Range(1, 20).Select(i => $"nameserver 192.0.2.{i}"))).Servers.Count.ShouldBe(ResolvConf.ServersMax);
}
