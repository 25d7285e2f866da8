using Headgate.Proxy.Tests.Pipeline;
using Headgate.Testing;

namespace Headgate.Proxy.Tests.Hardening;

/// <summary>
/// Heads of answers that two readers could cut or frame differently: the client gets a 502 of the gateway's own and never a byte of them, and the connection to the node
/// serves nobody afterwards. Sources: RFC 9112 §4 to §6; A. Klein, "Divide and Conquer: HTTP Response Splitting" (2004); J. Kettle, "Browser-Powered Desync Attacks" (2022).
/// </summary>
public sealed class HostileHeadTests
{
    private const string Get = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
    private const string Forged = "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nforged";
    private const string Ok = "HTTP/1.1 200 OK\r\n";

    /// <summary>Attack, source, what the node answers; a forged answer follows in the same bytes.</summary>
    public static TheoryData<string, string, string> BadHeads => new()
    {
        { "another protocol", "RFC 4253 §4.2", "SSH-2.0-OpenSSH_9\r\n\r\n" },
        { "HTTP/0.9", "RFC 9112 §2.3", "<html>hello</html>\r\n\r\n" },
        { "no status line", "RFC 9112 §4", "\r\n" },
        { "empty lines before the status line", "RFC 9112 §2.2 is for requests", "\r\n\r\n" + Ok + "Content-Length: 0\r\n\r\n" },
        { "a request", "RFC 9112 §4", "GET / HTTP/1.1\r\nHost: x\r\n\r\n" },
        { "HTTP/2.0", "RFC 9112 §2.3", "HTTP/2.0 200 OK\r\nContent-Length: 0\r\n\r\n" },
        { "version in lower case", "RFC 9112 §2.3", "http/1.1 200 OK\r\nContent-Length: 0\r\n\r\n" },
        { "status of two digits", "RFC 9112 §4", "HTTP/1.1 99 Low\r\nContent-Length: 0\r\n\r\n" },
        { "status of four digits", "RFC 9112 §4", "HTTP/1.1 2000 OK\r\nContent-Length: 0\r\n\r\n" },
        { "status 000", "RFC 9110 §15", "HTTP/1.1 000 None\r\nContent-Length: 0\r\n\r\n" },
        { "status 600", "RFC 9110 §15", "HTTP/1.1 600 High\r\nContent-Length: 0\r\n\r\n" },
        { "status with a sign", "RFC 9112 §4", "HTTP/1.1 +20 OK\r\nContent-Length: 0\r\n\r\n" },
        { "two spaces before the status", "RFC 9112 §4", "HTTP/1.1  200 OK\r\nContent-Length: 0\r\n\r\n" },
        { "control byte in the reason", "RFC 9112 §4", "HTTP/1.1 200 O\u0001K\r\nContent-Length: 0\r\n\r\n" },
        { "bare CR in the reason", "Response Splitting", "HTTP/1.1 200 OK\rSet-Cookie: forged\r\nContent-Length: 0\r\n\r\n" },

        { "CL and TE", "RFC 9112 §6.3", Ok + "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" },
        { "TE and CL", "RFC 9112 §6.3", Ok + "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n" },
        { "two CLs, different", "RFC 9112 §6.3", Ok + "Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd" },
        { "two CLs, equal", "RFC 9112 §6.3", Ok + "Content-Length: 3\r\nContent-Length: 3\r\n\r\nabc" },
        { "CL list", "RFC 9110 §8.6", Ok + "Content-Length: 3, 3\r\n\r\nabc" },
        { "CL negative", "RFC 9110 §8.6", Ok + "Content-Length: -1\r\n\r\n" },
        { "CL with a plus", "RFC 9110 §8.6", Ok + "Content-Length: +3\r\n\r\nabc" },
        { "CL too large", "integer overflow", Ok + "Content-Length: 18446744073709551619\r\n\r\nabc" },
        { "CL empty", "RFC 9110 §8.6", Ok + "Content-Length:\r\n\r\n" },
        { "TE identity", "RFC 9112 §7", Ok + "Transfer-Encoding: identity\r\n\r\n" },
        { "TE twice", "RFC 9112 §6.1", Ok + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" },
        { "TE gzip", "RFC 9112 §6.1", Ok + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n" },
        { "TE in HTTP/1.0", "RFC 9112 §6.1", "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" },
        { "TE and CL on 204", "RFC 9112 §6.3", "HTTP/1.1 204 No Content\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n" },

        { "bare LF, every line", "RFC 9112 §2.2", "HTTP/1.1 200 OK\nContent-Length: 0\n\n" },
        { "bare LF splits a field", "Response Splitting", Ok + "X: a\nSet-Cookie: forged\r\nContent-Length: 0\r\n\r\n" },
        { "bare CR splits a field", "Response Splitting", Ok + "X: a\rSet-Cookie: forged\r\nContent-Length: 0\r\n\r\n" },
        { "bare CR splits the head", "Response Splitting", Ok + "X: a\r\rHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n" },
        { "folded", "RFC 9112 §5.2", Ok + "A: b\r\n folded\r\nContent-Length: 0\r\n\r\n" },
        { "NUL in a value", "RFC 9110 §5.5", Ok + "X: a\0b\r\nContent-Length: 0\r\n\r\n" },
        { "space before the colon", "RFC 9112 §5.1: to be removed by a proxy, or refused", Ok + "Content-Length : 0\r\n\r\n" },
        { "space in a name", "RFC 9112 §5.1", Ok + "Bad Name: x\r\nContent-Length: 0\r\n\r\n" },
        { "empty name", "RFC 9112 §5.1", Ok + ": x\r\nContent-Length: 0\r\n\r\n" },
        { "no colon", "RFC 9112 §5", Ok + "nocolon\r\nContent-Length: 0\r\n\r\n" },
        { "Connection that is no list", "RFC 9110 §7.6.1", Ok + "Connection: \"x\"\r\nContent-Length: 0\r\n\r\n" },
        { "more fields than the limit", "limits", Ok + string.Concat(Enumerable.Repeat("X: y\r\n", 101)) + "Content-Length: 0\r\n\r\n" },
        { "head larger than the limit", "limits", Ok + "X: " + new string('a', 100_000) + "\r\n\r\n" },

        { "101 that nobody asked for", "RFC 9110 §15.2.2", "HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n" },
        { "101 to HTTP/2", "h2c Smuggling", "HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: h2c\r\n\r\n" },
        { "interim answer with CL: its body is taken for the final one", "RFC 9110 §8.6", "HTTP/1.1 103 Early Hints\r\nContent-Length: 44\r\n\r\n" },
        { "interim answer with TE", "RFC 9112 §6.1", "HTTP/1.1 100 Continue\r\nTransfer-Encoding: chunked\r\n\r\n" },
        { "nine interim answers", "flood", string.Concat(Enumerable.Repeat("HTTP/1.1 103 Early Hints\r\n\r\n", 9)) },
        { "interim answers for ever", "flood", string.Concat(Enumerable.Repeat("HTTP/1.1 100 Continue\r\nX: y\r\n\r\n", 5_000)) },
    };

    [Theory]
    [MemberData(nameof(BadHeads))]
    public async Task BadHead_Is502_AndTheConnectionServesNobodyAgain(string attack, string source, string answer)
    {
        string what = $"{attack} ({source})";
        await using ScriptedNode node = ScriptedNode.Start(async peer =>
        {
            await peer.ReadHeadAsync();
            await peer.SendAsync(peer.Number == 1 ? answer + Forged : "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nclean");
            await peer.WaitForEndAsync();
        });
        await using GatewayUnderTest gateway = await GatewayUnderTest.StartForAsync([node.Port]);
        using var client = new AskingClient(await gateway.ConnectAsync());
        Answer first = await client.AskAsync(Get);
        first.Status.ShouldBe(502, what);
        first.Head.ShouldContain("X-APISIX-Upstream-Status: 502\r\n", Case.Sensitive, what);
        (first.Head + first.Body).ShouldNotContain("forged", Case.Sensitive, what);
        gateway.Plane.NodeConnectionsOpen.ShouldBe(0, what);

        // The client's connection is as good as before.
        Answer second = await client.AskAsync(Get);
        (second.Status, second.Body).ShouldBe((200, "clean"), what);
        node.Accepted.ShouldBe(2, what);
    }

    [Fact]
    public async Task EightInterimAnswers_AreDropped()
    {
        await using ScriptedNode node = ScriptedNode.Start(async peer =>
        {
            while (await peer.ReadHeadAsync() is not null)
                await peer.SendAsync(string.Concat(Enumerable.Repeat("HTTP/1.1 103 Early Hints\r\nLink: </x>\r\nSet-Cookie: forged\r\n\r\n", 8)) + "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        });
        await using GatewayUnderTest gateway = await GatewayUnderTest.StartForAsync([node.Port]);
        string received = await gateway.SendRawAsync(Get + Get, finish: true);
        Answer.ReadAll(received).Select(answer => answer.Status).ShouldBe([200, 200]);
        received.ShouldNotContain("forged");
        node.Accepted.ShouldBe(1);
    }

    [Theory]
    [InlineData("H")]
    [InlineData("HTTP/1.1 200 OK\r\nX: ")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n")]
    public async Task HeadThatDrips_Is504AfterReadTimeout_HoweverOftenAByteComes(string begin)
    {
        await using ScriptedNode node = ScriptedNode.Start(async peer =>
        {
            await peer.ReadHeadAsync();
            await peer.SendAsync(begin);
            while (true)
            {
                await Task.Delay(20, peer.Stopping);
                await peer.SendAsync("a");
            }
        });
        await using GatewayUnderTest gateway = await GatewayUnderTest.StartForAsync([node.Port], ""","timeout":{"connect":1,"send":1,"read":0.2}""");
        string received = await gateway.SendRawAsync(Get, finish: true);
        Answer.ReadAll(received).ShouldHaveSingleItem().Status.ShouldBeOneOf(502, 504); // "Ha": no status line, or not yet
        await Eventually.HoldsAsync(() => node.Open == 0 && gateway.Plane.NodeConnectionsOpen == 0, "the node is let go");
    }

    [Theory]
    [InlineData("X-Injected: 1\r\n")]
    [InlineData("Set-Cookie: a=b\r\n")]
    public async Task SplitThatIsHttp_IsOneAnswerAndTheRestIsDropped(string injected)
    {
        // A node that echoes CR LF CR LF into its head has split its answer itself; what the gateway can do is never to give the second half to anybody.
        await using ScriptedNode node = ScriptedNode.Start(async peer =>
        {
            await peer.ReadHeadAsync();
            await peer.SendAsync(peer.Number == 1
                ? $"HTTP/1.1 302 Found\r\nLocation: /?\r\n{injected}Content-Length: 0\r\n\r\n{Forged}\r\nContent-Length: 0\r\n\r\n"
                : "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nclean");
            await peer.WaitForEndAsync();
        });
        await using GatewayUnderTest gateway = await GatewayUnderTest.StartForAsync([node.Port]);
        string received = await gateway.SendRawAsync(Get + Get, finish: true);
        Answer.ReadAll(received).Select(answer => answer.Body).ShouldBe(["", "clean"]);
        received.ShouldNotContain("forged");
    }
}
