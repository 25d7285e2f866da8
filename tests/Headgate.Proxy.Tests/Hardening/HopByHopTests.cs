using Headgate.Proxy.Tests.Pipeline;
using Headgate.Testing;

namespace Headgate.Proxy.Tests.Hardening;

/// <summary>
/// Fields that talk to the next hop: Connection, Upgrade, Expect. Sources: RFC 9110 §7.6.1, §7.8, §10.1.1; N. Davison, "Abusing HTTP hop-by-hop request headers" (2019);
/// J. Miller, "h2c Smuggling" (Bishop Fox, 2020); M. Egorov, "websocket-smuggle" (2019); J. Kettle, "HTTP/1.1 must die" (2025) for Expect.
/// </summary>
public sealed class HopByHopTests
{
    private const string Get = "GET / HTTP/1.1\r\nHost: x\r\n";
    private const string Post = "POST / HTTP/1.1\r\nHost: x\r\n";
    private const string WebSocketRoute = ",\"enable_websocket\":true";
    private const string WebSocketFields = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n";

    /// <summary>Attack, source, request, statuses, what the node saw.</summary>
    public static TheoryData<string, string, string, string, string> Served => new()
    {
        { "h2c upgrade", "h2c Smuggling", Get + "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA\r\n\r\n", "200", Get + "\r\n" },
        { "h2c upgrade, settings not named", "h2c Smuggling", Get + "Connection: Upgrade\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n\r\n", "200", Get + "HTTP2-Settings: AAMAAABk\r\n\r\n" },
        { "h2c upgrade without Connection", "h2c Smuggling", Get + "Upgrade: h2c\r\n\r\n", "200", Get + "\r\n" },
        { "h2c upgrade, list", "h2c Smuggling", Get + "Connection: upgrade\r\nUpgrade: websocket, h2c\r\n\r\n", "200", Get + "\r\n" },
        { "h2c upgrade, two fields", "h2c Smuggling", Get + "Connection: upgrade\r\nUpgrade: foo\r\nUpgrade: h2c\r\n\r\n", "200", Get + "\r\n" },
        { "TLS upgrade", "RFC 2817", Get + "Connection: Upgrade\r\nUpgrade: TLS/1.2\r\n\r\n", "200", Get + "\r\n" },
        { "upgrade on a route that allows none", "websocket-smuggle", Get + "Connection: Upgrade\r\nUpgrade: websocket\r\n" + WebSocketFields + "\r\n", "200", Get + WebSocketFields + "\r\n" },

        { "Connection names Host", "Davison 2019", Get + "Connection: keep-alive, Host\r\n\r\n", "200", Get + "\r\n" },
        { "Connection names Content-Length", "Davison 2019", Post + "Connection: Content-Length\r\nContent-Length: 35\r\n\r\n" + Attack.Smuggled, "200", Post + "Content-Length: 35\r\n\r\n" + Attack.Smuggled },
        { "Connection names Transfer-Encoding", "Davison 2019", Post + "Connection: Transfer-Encoding\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "200", Post + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n" },
        { "Connection names the forwarded fields", "CVE-2022-31813 (Apache)", Get + "Connection: X-Forwarded-For, X-Real-IP, X-Forwarded-Host, X-Forwarded-Proto, X-Forwarded-Port\r\n\r\n", "200", Get + "\r\n" },
        { "Connection names Connection", "RFC 9110 §7.6.1", Get + "Connection: Connection\r\n\r\n", "200", Get + "\r\n" },
        { "Connection names fields of the client's", "RFC 9110 §7.6.1", Get + "X-A: 1\r\nConnection: x-a, Cookie\r\nCookie: c\r\nX-B: 2\r\n\r\n", "200", Get + "X-B: 2\r\n\r\n" },
        { "Connection in two fields", "RFC 9110 §7.6.1", Get + "Connection: X-A\r\nX-A: 1\r\nConnection: X-B\r\nX-B: 2\r\n\r\n", "200", Get + "\r\n" },
        { "close among others", "RFC 9112 §9.6", Get + "Connection: x, ,Close\r\n\r\n" + Attack.Smuggled, "200", Get + "\r\n" },
        { "Keep-Alive, Proxy-Connection, Proxy-Authorization", "RFC 9110 §7.6.1", Get + "Keep-Alive: timeout=5\r\nProxy-Connection: keep-alive\r\nProxy-Authorization: Basic eA==\r\n\r\n", "200", Get + "\r\n" },
        { "TE is read, not passed", "RFC 9110 §10.1.4", Get + "TE: gzip, trailers;q=0.5\r\n\r\n", "200", Get + "\r\n" },

        { "Expect with the body behind it", "HTTP/1.1 must die 2025", Post + "Expect: 100-continue\r\nContent-Length: 35\r\n\r\n" + Attack.Smuggled, "200", Post + "Content-Length: 35\r\n\r\n" + Attack.Smuggled },
        { "Expect with chunks behind it", "HTTP/1.1 must die 2025", Post + "Expect: 100-continue\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n" + Attack.Smuggled, "200 200", Post + "Transfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n" + Attack.Smuggled },
        { "Expect in upper case, twice", "RFC 9110 §10.1.1", Post + "Expect: 100-CONTINUE\r\nexpect: 100-continue\r\nContent-Length: 1\r\n\r\nx" + Attack.Smuggled, "200 200", Post + "Content-Length: 1\r\n\r\nx" + Attack.Smuggled },
        { "Expect without a body", "HTTP/1.1 must die 2025", Get + "Expect: 100-continue\r\n\r\n" + Attack.Smuggled, "200 200", Get + "\r\n" + Attack.Smuggled },
        { "Expect with an empty body", "RFC 9110 §10.1.1", Post + "Expect: 100-continue\r\nContent-Length: 0\r\n\r\n" + Attack.Smuggled, "200 200", Post + "Content-Length: 0\r\n\r\n" + Attack.Smuggled },
    };

    /// <summary>Attack, source, request, status, a part of the reason.</summary>
    public static TheoryData<string, string, string, int, string> Refused => new()
    {
        { "unknown expectation", "RFC 9110 §10.1.1", Post + "Expect: the impossible\r\nContent-Length: 1\r\n\r\nx", 417, "100-continue" },
        { "obfuscated expectation", "HTTP/1.1 must die 2025", Post + "Expect: y 100-continue\r\nContent-Length: 1\r\n\r\nx", 417, "100-continue" },
        { "expectation list", "HTTP/1.1 must die 2025", Post + "Expect: 100-continue, 100-continue\r\nContent-Length: 1\r\n\r\nx", 417, "100-continue" },
        { "expectation empty", "RFC 9110 §10.1.1", Post + "Expect:\r\nContent-Length: 1\r\n\r\nx", 417, "100-continue" },
        { "expectation, second one unknown", "RFC 9110 §10.1.1", Post + "Expect: 100-continue\r\nExpect: x\r\nContent-Length: 1\r\n\r\nx", 417, "100-continue" },
        { "Connection that is no list of tokens", "RFC 9110 §7.6.1", Get + "Connection: close, \"x\"\r\n\r\n", 400, "Connection field" },
        { "Connection with two words", "RFC 9110 §7.6.1", Get + "Connection: keep alive\r\n\r\n", 400, "Connection field" },
        { "Connection with 33 elements", "work bound of names times fields", Get + "Connection: " + string.Join(',', Enumerable.Range(0, 33).Select(i => $"x{i}")) + "\r\n\r\n", 400, "32 elements" },
        { "Connection in 33 fields", "work bound of names times fields", Get + string.Concat(Enumerable.Repeat("Connection: x\r\n", 33)) + "\r\n", 400, "32 elements" },
    };

    /// <summary>Requests for a switch to WebSocket that are none (RFC 6455 §4.1), and what the node sees of their fields.</summary>
    public static TheoryData<string, string, string> NoHandshakes => new()
    {
        { "with a body", "GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 35\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n" + Attack.Smuggled, Get + "Content-Length: 35\r\n\r\n" + Attack.Smuggled },
        { "with POST", "POST / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n", Post + "\r\n" },
        { "with HTTP/1.0", "GET / HTTP/1.0\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n", Get + "\r\n" },
        { "without Connection", "GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\n\r\n", Get + "\r\n" },
        { "with another protocol", "GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n", Get + "\r\n" },
        { "with two protocols", "GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket, h2c\r\n\r\n", Get + "\r\n" },
        { "with two fields", "GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nUpgrade: websocket\r\n\r\n", Get + "\r\n" },
    };

    [Theory]
    [MemberData(nameof(Served))]
    public Task FieldForTheNextHop_StopsHere(string attack, string source, string sent, string statuses, string nodeSaw) =>
        Attack.IsServedAsync($"{attack} ({source})", sent, statuses, nodeSaw);

    [Theory]
    [MemberData(nameof(Refused))]
    public Task FieldThatCannotBeUnderstood_IsRefused(string attack, string source, string sent, int status, string reason) =>
        Attack.IsRefusedAsync($"{attack} ({source})", sent, status, reason);

    [Theory]
    [MemberData(nameof(NoHandshakes))]
    public Task NoWebSocketHandshake_IsAnOrdinaryRequest(string attack, string sent, string nodeSaw) =>
        Attack.IsServedAsync(attack, sent, "200", nodeSaw, WebSocketRoute);

    [Theory]
    [InlineData("HTTP/1.1 426 Upgrade Required\r\nContent-Length: 0\r\n\r\n", "426 426")]
    [InlineData("HTTP/1.1 200 OK\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nContent-Length: 0\r\n\r\n", "200 200")]
    public async Task HandshakeThatTheNodeRefuses_OpensNoTunnel(string answer, string statuses)
    {
        // websocket-smuggle: a wrong version makes the node refuse, and a gateway that did not look at the status forwards what follows unseen.
        AttackResult result = await Attack.RunAsync(
            Get + "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 777\r\n\r\n" + Attack.Smuggled, routeMore: WebSocketRoute, nodeAnswer: answer);
        result.Statuses.ShouldBe(statuses);

        // The second one went through the gateway's hands: with the lines it adds, which the result leaves out.
        string.Concat(result.NodeSaw).ShouldBe(Get + "Sec-WebSocket-Version: 777\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n" + Attack.Smuggled);
    }

    [Theory]
    [InlineData("HTTP/1.1 101 Switching Protocols\r\n\r\n")]
    [InlineData("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n")]
    [InlineData("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n")]
    [InlineData("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nContent-Length: 5\r\n\r\nhello")]
    public async Task SwitchThatIsNoneToWebSocket_Is502(string answer)
    {
        AttackResult result = await Attack.RunAsync(
            Get + "Connection: Upgrade\r\nUpgrade: websocket\r\n" + WebSocketFields + "\r\n" + Attack.Smuggled, routeMore: WebSocketRoute, nodeAnswer: answer);
        result.Answers[0].Status.ShouldBe(502);
        result.NodeSaw[0].ShouldNotContain("smuggled");
    }

    [Fact]
    public async Task Expect_BodyThatNeverComes_ConnectionIsNotReadOnAsRequests()
    {
        // Asked for the body by the gateway, the client sends a request instead: it is the body, however it looks.
        await using RecordingNode node = new();
        await using GatewayUnderTest gateway = await GatewayUnderTest.StartForAsync([node.Port]);
        string received = await gateway.SendRawAsync(Post + "Expect: 100-continue\r\nContent-Length: 1000\r\n\r\n" + Attack.Smuggled, finish: true);
        received.ShouldBeOneOf("", "HTTP/1.1 100 Continue\r\n\r\n");
        await Eventually.HoldsAsync(() => gateway.Plane.Counters.ConnectionsOpen == 0 && gateway.Plane.NodeConnectionsOpen == 0, "closed");
        gateway.TriesInFlight.ShouldBe(0);
    }
}
