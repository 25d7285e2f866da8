using Headgate.Proxy.Tests.Pipeline;

namespace Headgate.Proxy.Tests.Hardening;

/// <summary>
/// What the gateway vouches for towards nodes: the client's address and how it reached the gateway. A client must not be able to say them itself, in any spelling.
/// Sources: APISIX's forwarded fields (docs/reference/forwarding.md); RFC 3875 §4.1.18, by which <c>X-Real-IP</c> and <c>X_Real_IP</c> are one variable to a node; CVE-2024-45614
/// (Puma), where they replaced each other.
/// </summary>
public sealed class ForwardedFieldTests
{
    private static readonly string[] Vouched =
        ["x-real-ip: 127.0.0.1", "x-forwarded-for: 127.0.0.1", "x-forwarded-proto: http", "x-forwarded-host: x", "x-forwarded-port: PORT"];

    /// <summary>Attack, the client's lines, the lines at the node but Host.</summary>
    public static TheoryData<string, string, string> Games => new()
    {
        { "overwritten", "X-Real-IP: 6.6.6.6\r\nX-Forwarded-Proto: https\r\nX-Forwarded-Host: evil\r\nX-Forwarded-Port: 443\r\n", "" },
        { "several of each", "X-Real-IP: 6.6.6.6\r\nx-real-ip: 7.7.7.7\r\nX-Forwarded-Host: a\r\nX-Forwarded-Host: b\r\n", "" },
        { "empty", "X-Real-IP:\r\nX-Forwarded-For:\r\nX-Forwarded-Proto:\r\n", "" },
        { "in other case", "X-REAL-IP: 6.6.6.6\r\nx-forwarded-proto: https\r\n", "" },
        { "one underscore", "X_Real-IP: 6.6.6.6\r\nX-Real_IP: 6.6.6.6\r\nX-Forwarded_For: 6.6.6.6\r\n", "" },
        { "all underscores", "X_Real_IP: 6.6.6.6\r\nX_FORWARDED_FOR: 6.6.6.6\r\nx_forwarded_proto: https\r\nX_Forwarded_Host: evil\r\nX_Forwarded_Port: 1\r\n", "" },
        { "framing with underscores", "Content_Length: 3\r\nTransfer_Encoding: chunked\r\nTransfer-encoding_: x\r\n", "transfer-encoding_: x" },
        { "connection with underscores", "Keep_Alive: 5\r\nProxy_Connection: x\r\nProxy_Authorization: x\r\n", "" },
        { "names that only look near", "X_Real_IPs: 1\r\nX-Real.IP: 2\r\nXX_Forwarded_For: 3\r\nX_Custom: 4\r\nX__Real_IP: 5\r\n", "x_real_ips: 1|x-real.ip: 2|xx_forwarded_for: 3|x_custom: 4|x__real_ip: 5" },
        { "fields of other proxies pass: nodes must not trust them", "Forwarded: for=6.6.6.6\r\nTrue-Client-IP: 6.6.6.6\r\nX-Original-URL: /admin\r\n", "forwarded: for=6.6.6.6|true-client-ip: 6.6.6.6|x-original-url: /admin" },
    };

    [Theory]
    [MemberData(nameof(Games))]
    public async Task ClientSaysItself_NodeSeesOnlyTheGatewaysWord(string attack, string lines, string passed)
    {
        string[] expected = ["host: x", .. passed.Split('|', StringSplitOptions.RemoveEmptyEntries), .. Vouched];
        (await LinesAsync($"GET / HTTP/1.1\r\nHost: x\r\n{lines}\r\n")).ShouldBe(expected, attack);
    }

    [Theory]
    [InlineData("X-Forwarded-For: 10.1.2.3\r\n", "10.1.2.3, 127.0.0.1")]
    [InlineData("X-Forwarded-For: 6.6.6.6\r\nX-Forwarded-For: 7.7.7.7, 8.8.8.8\r\n", "6.6.6.6, 7.7.7.7, 8.8.8.8, 127.0.0.1")]
    [InlineData("X-Forwarded-For: 6.6.6.6,\r\nX-Forwarded-For: , \r\n", "6.6.6.6,, ,, 127.0.0.1")]
    [InlineData("X-Forwarded-For: \"6.6.6.6\r\n", "\"6.6.6.6, 127.0.0.1")] // an open quote does not take the peer's address in: it is no list of quoted strings
    public async Task ForwardedFor_PeerIsTheLastElement(string lines, string value) =>
        (await LinesAsync($"GET / HTTP/1.1\r\nHost: x\r\n{lines}\r\n")).ShouldContain("x-forwarded-for: " + value);

    [Theory]
    [InlineData("Host: Shop.Test:8443", "shop.test", "8443")]
    [InlineData("Host: shop.test:", "shop.test", "PORT")]
    [InlineData("Host: shop.test.", "shop.test", "PORT")]
    [InlineData("Host: [::1]:81", "[::1]", "81")]
    public async Task HostAndPort_AreThoseOfTheHostField(string host, string name, string port)
    {
        string[] lines = await LinesAsync($"GET / HTTP/1.1\r\n{host}\r\n\r\n");
        lines.ShouldContain("x-forwarded-host: " + name);
        lines.ShouldContain("x-forwarded-port: " + port);
    }

    [Fact]
    public async Task AbsoluteForm_NamesTheHostThatTheHostFieldNames()
    {
        string[] lines = await LinesAsync("GET https://x/ HTTP/1.1\r\nHost: x\r\n\r\n");
        lines.ShouldContain("host: x");
        lines.ShouldContain("x-forwarded-proto: http"); // as the client reached us, not as it writes
    }

    [Fact]
    public async Task ManyFields_AreJoinedWithoutLossAtTheLimit()
    {
        string lines = string.Concat(Enumerable.Repeat("X-Forwarded-For: 6.6.6.6\r\n", 99));
        (await LinesAsync($"GET / HTTP/1.1\r\nHost: x\r\n{lines}\r\n")).ShouldContain("x-forwarded-for: " + string.Concat(Enumerable.Repeat("6.6.6.6, ", 99)) + "127.0.0.1");
    }

    /// <summary>The field lines of the request at the node, in lower case, the gateway's port as PORT.</summary>
    private static async Task<string[]> LinesAsync(string request)
    {
        await using RecordingNode node = new();
        await using GatewayUnderTest gateway = await GatewayUnderTest.StartForAsync([node.Port]);
        string received = await gateway.SendRawAsync(request, finish: true);
        Answer.ReadAll(received).ShouldHaveSingleItem().Status.ShouldBe(200);
        string text = node.Received.ShouldHaveSingleItem().ToLowerInvariant().Replace($"port: {gateway.Port}\r", "port: PORT\r", StringComparison.Ordinal);
        text.ShouldEndWith("\r\n\r\n");
        return text[..^4].Split("\r\n")[1..];
    }
}
