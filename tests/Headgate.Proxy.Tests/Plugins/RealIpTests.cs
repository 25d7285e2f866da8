using Headgate.Proxy.Plugins.RealIp;

namespace Headgate.Proxy.Tests.Plugins;

/// <summary><c>real-ip</c> through the whole gateway.</summary>
public sealed class RealIpTests
{
    private const string Trusted = "\"trusted_addresses\":[\"127.0.0.0/24\",\"10.0.0.0/8\"]";

    [Theory]
    [InlineData($$"""{"source":"http_x_forwarded_for",{{Trusted}}}""", "203.0.113.9, 198.51.100.7", "198.51.100.7")]
    [InlineData($$"""{"source":"http_x_forwarded_for",{{Trusted}}}""", "198.51.100.7:8080", "198.51.100.7")]
    [InlineData($$"""{"source":"http_x_forwarded_for",{{Trusted}}}""", "[2001:db8::1]:80", "2001:db8::1")]
    [InlineData($$"""{"source":"http_x_forwarded_for",{{Trusted}}}""", "2001:DB8:0::1", "2001:db8::1")]
    [InlineData($$"""{"source":"http_x_forwarded_for",{{Trusted}}}""", "198.51.100.7,", "127.0.0.1")]
    [InlineData($$"""{"source":"http_x_forwarded_for",{{Trusted}}}""", "unknown", "127.0.0.1")]
    [InlineData($$"""{"source":"http_x_forwarded_for",{{Trusted}}}""", "198.51.100.7:0", "127.0.0.1")]
    [InlineData($$"""{"source":"http_x_forwarded_for",{{Trusted}}}""", "198.51.100.7:65536", "127.0.0.1")]
    [InlineData($$"""{"source":"http_x_forwarded_for",{{Trusted}}}""", null, "127.0.0.1")]
    [InlineData($$"""{"source":"http_x_forwarded_for",{{Trusted}},"recursive":true}""", "203.0.113.9, 198.51.100.7 , 10.1.1.1,10.2.2.2", "198.51.100.7")]
    [InlineData($$"""{"source":"http_x_forwarded_for",{{Trusted}},"recursive":true}""", "10.3.3.3, 10.1.1.1", "10.3.3.3")]
    [InlineData("""{"source":"http_x_forwarded_for"}""", "203.0.113.9", "203.0.113.9")]
    [InlineData("""{"source":"http_x_forwarded_for","trusted_addresses":["10.0.0.0/8"]}""", "203.0.113.9", "127.0.0.1")]
    [InlineData("""{"source":"arg_ip"}""", null, "198.51.100.9")]
    [InlineData("""{"source":"http_x_forwarded_for","_meta":{"disable":true}}""", "203.0.113.9", "127.0.0.1")]
    public async Task Request_AddressFromItsSource_IsTheClientsFromThenOn(string config, string? forwardedFor, string expected)
    {
        await using PluginGateway gateway = await PluginGateway.StartAsync("""{"proxy-rewrite":{"headers":{"set":{"X-Seen":"$remote_addr"}}},"real-ip":""" + config + "}");
        foreach (int version in (int[])[1, 2])
        {
            (string, string)[] fields = forwardedFor is null ? [] : [("X-Forwarded-For", forwardedFor)];
            PluginAnswer answer = await gateway.GetAsync(version, "/?ip=198.51.100.9", fields);
            answer.Status.ShouldBe(200);
            answer.Seen("x-seen").ShouldBe([expected]);
            answer.Seen("x-real-ip").ShouldBe([expected]);
            answer.Seen("x-forwarded-for")[^1].ShouldEndWith(expected);
        }
    }

    [Fact]
    public async Task Requests_OfOneConnection_EachHaveTheirOwnClient()
    {
        await using PluginGateway gateway = await PluginGateway.StartAsync(
            """{"real-ip":{"source":"http_x_forwarded_for","trusted_addresses":["127.0.0.1"]},"ip-restriction":{"blacklist":["203.0.113.0/24"]}}""");
        string answers = await gateway.Gateway.SendRawAsync(
            "GET / HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 203.0.113.9\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n"
            + "GET / HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 198.51.100.1\r\nX-Forwarded-For: 203.0.113.8\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
        answers.Split("HTTP/1.1 ").Skip(1).Select(answer => answer[..3]).ShouldBe(["403", "200", "403", "200"]);
    }

    [Theory]
    [InlineData("1.2.3.4", true, 0)]
    [InlineData("1.2.3.4:5", true, 5)]
    [InlineData("1.2.3.4:x", true, 0)]
    [InlineData("1.2.3.4:-1", false, 0)]
    [InlineData("::1", true, 0)]
    [InlineData("::ffff:1.2.3.4", true, 0)]
    [InlineData("[::1]", true, 0)]
    [InlineData("[::1]:443", true, 443)]
    [InlineData("[::1]443", false, 0)]
    [InlineData("[::1", false, 0)]
    [InlineData("a.test:80", false, 0)]
    [InlineData("", false, 0)]
    [InlineData(":80", false, 0)]
    public void TryParse_AddressAndPort(string text, bool good, int port)
    {
        PeerAddress.TryParse(System.Text.Encoding.ASCII.GetBytes(text), out UInt128 _, out int read).ShouldBe(good);
        if (good)
            read.ShouldBe(port);
    }

    [Theory]
    [InlineData("{}", "property \"source\" is required")]
    [InlineData("""{"source":""}""", "property \"source\" validation failed: string too short, expected at least 1, got 0")]
    [InlineData("""{"source":"arg_a","trusted_addresses":[]}""", "property \"trusted_addresses\" validation failed: expect array to have at least 1 items")]
    [InlineData("""{"source":"arg_a","trusted_addresses":["1.2.3"]}""", "property \"trusted_addresses\" validation failed")]
    [InlineData("""{"source":"arg_a","trusted":true}""", "additional properties forbidden, found trusted")]
    public void Config_Wrong_IsRefused(string config, string text) => PluginConfigs.ShouldRefuse("real-ip", config, text);
}
