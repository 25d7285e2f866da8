using System.Globalization;
using System.Text;
using Headgate.Proxy.Tests.Pipeline;
using Headgate.Testing;

namespace Headgate.Proxy.Tests.Plugins;

/// <summary><c>client-control</c> through the whole gateway, whose own limit is 100 bytes where it has one.</summary>
public sealed class ClientControlTests
{
    [Theory]
    [InlineData(1, false)]
    [InlineData(1, true)]
    [InlineData(2, false)]
    [InlineData(2, true)]
    public async Task Body_AboveTheLimit_IsRefused(int version, bool isChunked)
    {
        await using PluginGateway gateway = await PluginGateway.StartAsync("""{"client-control":{"max_body_size":1000}}""");
        (await PostAsync(gateway, version, 1000, isChunked)).Status.ShouldBe(200);
        (await PostAsync(gateway, version, 1001, isChunked)).Status.ShouldBe(413);
        (await PostAsync(gateway, version, 1000, isChunked)).Status.ShouldBe(200);
        gateway.Put("{}");
        (await PostAsync(gateway, version, 1001, isChunked)).Status.ShouldBe(200);
    }

    [Fact]
    public async Task Body_AnnouncedTooLong_IsRefusedBeforeItComes()
    {
        await using PluginGateway gateway = await PluginGateway.StartAsync("""{"client-control":{"max_body_size":1000}}""");
        string answer = await gateway.Gateway.SendRawAsync("POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 1001\r\n\r\n");
        answer.ShouldStartWith("HTTP/1.1 413 ");
        gateway.Requests.ShouldBe(0);
    }

    [Theory]
    [InlineData("""{"client-control":{"max_body_size":1000}}""", 1000, 1001)]
    [InlineData("""{"client-control":{"max_body_size":0}}""", 1_000_000, null)]
    [InlineData("""{"client-control":{"max_body_size":50}}""", 50, 51)]
    [InlineData("""{"client-control":{}}""", 100, 101)]
    [InlineData("""{"client-control":{"max_body_size":1000,"_meta":{"filter":[["arg_large","==","1"]]}}}""", 100, 101)]
    [InlineData("""{"request-id":{}}""", 100, 101)]
    [InlineData("{}", 100, 101)]
    public async Task Limit_OfTheGateway_IsReplacedForTheseRequests(string plugins, int most, int? tooMany)
    {
        using var node = new BlockingNode(static socket =>
        {
            byte[] buffer = new byte[65_536];
            while (socket.Receive(buffer) is var count and > 0)
            {
                string head = Encoding.Latin1.GetString(buffer, 0, count);
                int length = int.Parse(head[(head.IndexOf("Content-Length: ", StringComparison.Ordinal) + 16)..].Split('\r')[0], CultureInfo.InvariantCulture);
                for (int rest = length - (count - head.IndexOf("\r\n\r\n", StringComparison.Ordinal) - 4); rest > 0;)
                    rest -= socket.Receive(buffer);
                socket.Send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"u8);
            }
        });
        await using GatewayUnderTest gateway = await GatewayUnderTest.StartForAsync(
            [node.EndPoint.Port], limits: ProxyLimits.Default with { BodyBytesMax = 100 }, routeMore: $""","plugins":{plugins}""");
        foreach (int version in (int[])[1, 2])
        {
            (await StatusAsync(gateway, version, most)).ShouldBe(200);
            if (tooMany is { } length)
                (await StatusAsync(gateway, version, length)).ShouldBe(413);
            (await StatusAsync(gateway, version, most)).ShouldBe(200);
        }
    }

    [Theory]
    [InlineData("""{"max_body_size":-1}""", "property \"max_body_size\" validation failed: expected -1 to be at least 0")]
    [InlineData("""{"max_body_size":"1k"}""", "property \"max_body_size\" validation failed: wrong type: expected integer, got string")]
    [InlineData("""{"max_body":1}""", "additional properties forbidden, found max_body")]
    public void Config_Wrong_IsRefused(string config, string text) => PluginConfigs.ShouldRefuse("client-control", config, text);

    private static Task<PluginAnswer> PostAsync(PluginGateway gateway, int version, int length, bool isChunked)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, $"http://127.0.0.1:{gateway.Gateway.Port}/") { Content = new ByteArrayContent(new byte[length]) };
        request.Headers.TransferEncodingChunked = isChunked ? true : null;
        if (isChunked && version == 2)
            request.Content = new StreamContent(new UnknownLength(length));
        return gateway.SendAsync(version, request);
    }

    private static async Task<int> StatusAsync(GatewayUnderTest gateway, int version, int length)
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, $"http://127.0.0.1:{gateway.Port}/")
        {
            Content = new ByteArrayContent(new byte[length]),
            Version = new Version(version, version == 1 ? 1 : 0),
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        using HttpResponseMessage answer = await client.SendAsync(request, TestContext.Current.CancellationToken);
        return (int)answer.StatusCode;
    }

    /// <summary>A body that does not say how long it is.</summary>
    private sealed class UnknownLength(int length) : MemoryStream(new byte[length])
    {
        public override bool CanSeek => false;
    }
}
