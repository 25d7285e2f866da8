using System.Net.Sockets;
using System.Text;
using Headgate.Testing;

namespace Headgate.Proxy.Tests.Pipeline;

/// <summary>
/// Malformed requests over a real connection: each gets its status and a reason, and what stands behind it on the connection is never understood as a request.
/// </summary>
public sealed class MalformedRequestTests
{
    private const string Smuggled = "GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n";
    private static readonly ProxyLimits Quick = new() { LingerTimeout = TimeSpan.FromMilliseconds(100) };

    /// <summary>Wrong heads, each with its status and a part of its reason.</summary>
    public static TheoryData<string, int, string> WrongHeads => new()
    {
        { "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400, "exclude each other" },
        { "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n", 400, "exclude each other" },
        { "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\nContent-Length: 40\r\n\r\n", 400, "more than one Content-Length" },
        { "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nContent-Length: 3\r\n\r\nabc", 400, "more than one Content-Length" },
        { "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3, 3\r\n\r\nabc", 400, "Content-Length must be" },
        { "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: +3\r\n\r\nabc", 400, "Content-Length must be" },
        { "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n", 400, "Content-Length must be" },
        { "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 0x3\r\n\r\nabc", 400, "Content-Length must be" },
        { "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9223372036854775808\r\n\r\n", 400, "Content-Length must be" },
        { "POST / HTTP/1.1\r\nHost: x\r\nContent-Length:\r\n\r\n", 400, "Content-Length must be" },
        { "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400, "more than one Transfer-Encoding" },
        { "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n", 400, "exactly 'chunked'" },
        { "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: identity\r\n\r\n", 400, "exactly 'chunked'" },
        { "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", 501, "not supported" },
        { "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 501, "not supported" },
        { "POST / HTTP/1.0\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400, "HTTP/1.0" },
        { "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding : chunked\r\n\r\n0\r\n\r\n", 400, "field name" },
        { "GET / HTTP/1.1\r\nHost: x\r\nX : y\r\n\r\n", 400, "field name" },
        { "GET / HTTP/1.1\r\nHost: x\r\nX: y\r\n folded\r\n\r\n", 400, "folded" },
        { "GET / HTTP/1.1\r\n Host: x\r\n\r\n", 400, "folded" },
        { "GET / HTTP/1.1\nHost: x\n\n", 400, "bare LF" },
        { "GET / HTTP/1.1\r\nHost: x\nX: y\r\n\r\n", 400, "bare LF" },
        { "GET / HTTP/1.1\r\nHost: x\r\nX: a\rb\r\n\r\n", 400, "CR without LF" },
        { "GET / HTTP/1.1\r\nHost: x\r\nX: a\0b\r\n\r\n", 400, "NUL" },
        { "GET /\0 HTTP/1.1\r\nHost: x\r\n\r\n", 400, "NUL" },
        { "GET / HTTP/1.1\r\nHost: x\r\nX: a\u0001b\r\n\r\n", 400, "control byte" },
        { "GET / HTTP/1.1\r\nHost: x\r\nno colon\r\n\r\n", 400, "field name" },
        { "GET / HTTP/1.1\r\nHost: x\r\nnocolon\r\n\r\n", 400, "no colon" },
        { "GET / HTTP/1.1\r\nHost: x\r\n: y\r\n\r\n", 400, "empty name" },
        { "GET / HTTP/1.1\r\nHost: x\r\nX(y): z\r\n\r\n", 400, "not a token" },
        { "GET / HTTP/1.1\r\n\r\n", 400, "Host field is missing" },
        { "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400, "more than one Host" },
        { "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", 400, "more than one Host" },
        { "GET / HTTP/1.1\r\nHost: a b\r\n\r\n", 400, "Host field must be" },
        { "GET / HTTP/1.1\r\nHost: a:99999\r\n\r\n", 400, "Host field must be" },
        { "GET http://a/ HTTP/1.1\r\nHost: b\r\n\r\n", 400, "differ" },
        { "GET ftp://a/ HTTP/1.1\r\nHost: a\r\n\r\n", 400, "request target must begin" },
        { "GET relative HTTP/1.1\r\nHost: a\r\n\r\n", 400, "request target must begin" },
        { "GET * HTTP/1.1\r\nHost: a\r\n\r\n", 400, "request target must begin" },
        { "GET /a#b HTTP/1.1\r\nHost: a\r\n\r\n", 400, "fragment" },
        { "GET /\u00e9 HTTP/1.1\r\nHost: a\r\n\r\n", 400, "visible ASCII" },
        { "GET /a b HTTP/1.1\r\nHost: a\r\n\r\n", 400, "version is malformed" },
        { "GET  / HTTP/1.1\r\nHost: a\r\n\r\n", 400, "target is empty" },
        { "GET /%zz HTTP/1.1\r\nHost: a\r\n\r\n", 400, "percent-encoding" },
        { "GET /%00 HTTP/1.1\r\nHost: a\r\n\r\n", 400, "NUL" },
        { "GET /../x HTTP/1.1\r\nHost: a\r\n\r\n", 400, "above its root" },
        { "GET /\r\nHost: a\r\n\r\n", 400, "no HTTP version" },
        { "GET / HTTP/1.1 \r\nHost: a\r\n\r\n", 400, "version is malformed" },
        { "GET / http/1.1\r\nHost: a\r\n\r\n", 400, "version is malformed" },
        { "GET / HTTP/2.0\r\nHost: a\r\n\r\n", 505, "not supported" },
        { "GET / HTTP/3.0\r\nHost: a\r\n\r\n", 505, "not supported" },
        { " GET / HTTP/1.1\r\nHost: a\r\n\r\n", 400, "white space" },
        { "\r\n\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", 400, "empty lines" },
        { "G@T / HTTP/1.1\r\nHost: a\r\n\r\n", 400, "method" },
        { "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003", 400, "control byte" }, // a TLS hello on the clear-text port
        { "CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n", 501, "CONNECT" },
        { "GET / HTTP/1.1\r\nHost: a\r\nConnection: close, \"x\"\r\n\r\n", 400, "Connection field" },
        { "POST / HTTP/1.1\r\nHost: a\r\nExpect: the impossible\r\nContent-Length: 1\r\n\r\nx", 417, "100-continue" },
        { $"GET /{new string('a', 8200)} HTTP/1.1\r\nHost: a\r\n\r\n", 414, "request line" },
        { $"GET / HTTP/1.1\r\nHost: a\r\nX: {new string('a', 33_000)}\r\n\r\n", 431, "larger than the limit" },
        { $"GET / HTTP/1.1\r\nHost: a\r\n{string.Concat(Enumerable.Repeat("X: y\r\n", 100))}\r\n", 431, "more header fields" },
    };

    /// <summary>Chunked bodies that break.</summary>
    public static TheoryData<string> WrongChunks =>
    [
        "zz\r\n", "\r\n", "-1\r\n", "+1\r\nx\r\n", "0x1\r\nx\r\n", " 1\r\nx\r\n", "1 \r\nx\r\n", "1\nx\n", "1\r\nxy\r\n", "3\r\nab\r\n0\r\n\r\n", "ffffffffffffffff\r\n",
        "11111111111111111\r\n", "1;\0=x\r\nx\r\n", "1\r\nx\r\n0\r\n folded: x\r\n\r\n", "1\r\nx\r\n0\r\nBad Name: x\r\n\r\n", "1\r\nx\n0\r\n\r\n",
        $"1;x={new string('a', 2000)}\r\nx\r\n",
    ];

    [Theory]
    [MemberData(nameof(WrongHeads))]
    public async Task WrongHead_IsRefusedWithReason_AndNothingBehindItIsServed(string request, int status, string reason)
    {
        int asked = 0;
        await using ScriptedNode node = Counting(() => Interlocked.Increment(ref asked));
        await using GatewayUnderTest gateway = await GatewayUnderTest.StartForAsync([node.Port], limits: Quick);
        string answer = await gateway.SendRawAsync(request + Smuggled);
        answer.ShouldStartWith($"HTTP/1.1 {status} ");
        answer.ShouldContain("Connection: close\r\n");
        answer.ShouldContain("\r\n\r\n{\"error_msg\":\"");
        answer.ShouldContain(reason);
        answer.ShouldEndWith("\"}\n");
        answer.Split("Content-Length: ").Length.ShouldBe(2, answer);
        asked.ShouldBe(0);
        gateway.Plane.Counters.RequestsByStatusClass(status / 100).ShouldBe(1);
    }

    [Theory]
    [MemberData(nameof(WrongChunks))]
    public async Task WrongChunk_Is400_AndNothingBehindItIsServed(string chunks)
    {
        int smuggled = 0;
        await using ScriptedNode node = ScriptedNode.Start(async peer =>
        {
            string head = (await peer.ReadHeadAsync())!;
            if (head.Contains("smuggled"))
                Interlocked.Increment(ref smuggled);
            await NodeReading.BodyAsync(peer, head);
            await peer.AnswerAsync("never");
        });
        await using GatewayUnderTest gateway = await GatewayUnderTest.StartForAsync([node.Port], limits: Quick);
        string answer = await gateway.SendRawAsync("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n" + chunks + Smuggled);
        answer.ShouldStartWith("HTTP/1.1 400 ");
        answer.ShouldContain("Connection: close\r\n");
        answer.Split("HTTP/1.1 ").Length.ShouldBe(2, answer);
        smuggled.ShouldBe(0);
        await Eventually.HoldsAsync(() => gateway.Plane.NodeConnectionsOpen == 0, "the node's connection, broken in the middle of a body, is closed");
    }

    [Fact]
    public async Task WrongHeadBehindGoodOnes_GoodOnesAreAnsweredFirst()
    {
        int asked = 0;
        await using ScriptedNode node = Counting(() => Interlocked.Increment(ref asked));
        await using GatewayUnderTest gateway = await GatewayUnderTest.StartForAsync([node.Port], limits: Quick);
        string good = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
        string answer = await gateway.SendRawAsync(good + good + "GET / HTTP/1.1\r\nHost: x\r\nX : y\r\n\r\n" + Smuggled);
        string[] answers = answer.Split("HTTP/1.1 ", StringSplitOptions.RemoveEmptyEntries);
        answers.Select(a => a[..3]).ShouldBe(["200", "200", "400"]);
        asked.ShouldBe(2);
    }

    [Fact]
    public async Task BigUnreadRest_AnswerArrivesBeforeTheClose()
    {
        // Closing a socket with unread bytes resets it, and a reset overtakes the answer. 200 KiB are more than what one read takes.
        await using GatewayUnderTest gateway = await GatewayUnderTest.StartAsync();
        for (int i = 0; i < 20; i++)
        {
            using Socket client = await gateway.ConnectAsync();
            await client.SendAsync(Encoding.Latin1.GetBytes("GET / HTTP/1.1\r\nHost : x\r\n\r\n" + new string('a', 200_000)));
            client.Shutdown(SocketShutdown.Send);
            string answer = await GatewayUnderTest.ReadToEndAsync(client);
            answer.ShouldStartWith("HTTP/1.1 400 ");
            answer.ShouldEndWith("\"}\n");
        }
    }

    private static ScriptedNode Counting(Action onRequest) => ScriptedNode.Start(async peer =>
    {
        while (await peer.ReadHeadAsync() is not null)
        {
            onRequest();
            await peer.AnswerAsync("ok");
        }
    });
}
