using System.Net;
using Headgate.Proxy.Dns;

namespace Headgate.Proxy.Tests.Dns;

public sealed class HostsFileTests
{
    [Fact]
    public void Read_Lines_AddressesByName()
    {
        IReadOnlyDictionary<string, IPAddress[]> hosts = HostsFile.Read(
            "127.0.0.1\tlocalhost  Shop shop.test. # comment shadow\n::1 localhost\n127.0.0.1 localhost\n# 192.0.2.9 gone\nnot-an-address x\n192.0.2.1\n\r\n192.0.2.2 windows\r\n");

        hosts.OrderBy(host => host.Key, StringComparer.Ordinal).Select(host => $"{host.Key} {string.Join(' ', host.Value.Select(a => a.ToString()))}")
            .ShouldBe(["localhost 127.0.0.1 ::1", "shop 127.0.0.1", "shop.test 127.0.0.1", "windows 192.0.2.2"]);
    }
}
