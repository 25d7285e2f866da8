using System.Net.Sockets;
using Headgate.Proxy.Tests.Pipeline;
using Headgate.Testing;

namespace Headgate.Proxy.Tests.Hardening;

/// <summary>
/// Answers that break behind their head, which the client has by then: it must not take what it got for the whole, nor get a second answer, and nothing stays behind
/// (RFC 9112 §8).
/// </summary>
public sealed class HostileBodyTests
{
    private const string Get = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
    private const string Chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n";
    private const string Length = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n";
    private const string Forged = "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nforged";

    /// <summary>Attack, what stands behind a good first chunk.</summary>
    public static TheoryData<string, string> BadChunks => new()
    {
        { "size no number", "xyz\r\n" },
        { "size with prefix", "0x1\r\nx\r\n" },
        { "size negative", "-1\r\nx\r\n" },
        { "size too large", "ffffffffffffffff\r\n" },
        { "size ends with a bare LF", "1\nx\r\n0\r\n\r\n" },
        { "bare LF in an extension", "1;\nx\r\n0\r\n\r\n" },
        { "extension for ever", "1;x=" + new string('a', 5_000) },
        { "no line end behind the data", "1\r\nxx0\r\n\r\n" },
        { "a second answer instead of a chunk", Forged },
        { "last chunk ends with a bare LF", "0\n\n" },
        { "trailer with a bare LF", "0\r\nX: a\nSet-Cookie: forged\r\n\r\n" },
        { "trailer with a bare CR", "0\r\nX: a\rSet-Cookie: forged\r\n\r\n" },
        { "trailer folded", "0\r\nX: a\r\n folded\r\n\r\n" },
        { "trailer with NUL", "0\r\nX: \0\r\n\r\n" },
        { "trailer that is a status line", "0\r\n" + Forged },
        { "trailers for ever", "0\r\n" + string.Concat(Enumerable.Repeat("X: y\r\n", 5_000)) },
    };

    [Theory]
    [MemberData(nameof(BadChunks))]
    public async Task BadChunk_BreaksTheAnswerOff(string attack, string chunks)
    {
        await using ScriptedNode node = Answering(Chunked + chunks + Forged);
        await using GatewayUnderTest gateway = await GatewayUnderTest.StartForAsync([node.Port]);
        string received = await gateway.SendRawAsync(Get + Get);
        IsCutOff(received, attack);
        await LetGoAsync(gateway, node);
    }

    [Theory]
    [InlineData(Length + "short", false)]
    [InlineData(Length + "short", true)]
    [InlineData(Chunked, false)]
    [InlineData(Chunked, true)]
    [InlineData(Chunked + "5\r\nhel", false)]
    [InlineData(Chunked + "0\r\n", false)]
    [InlineData(Chunked + "0\r\nX: y\r\n", false)]
    public async Task NodeEndsInTheBody_BreaksTheAnswerOff(string answer, bool reset)
    {
        await using ScriptedNode node = ScriptedNode.Start(async peer =>
        {
            await peer.ReadHeadAsync();
            await peer.SendAsync(answer);
            if (reset)
                peer.Reset();
        });
        await using GatewayUnderTest gateway = await GatewayUnderTest.StartForAsync([node.Port]);
        string received = await gateway.SendRawAsync(Get + Get);
        if (!(reset && received.StartsWith("HTTP/1.1 502 ", StringComparison.Ordinal))) // a reset may overtake the head
            IsCutOff(received, answer);
        await LetGoAsync(gateway, node);
    }

    [Theory]
    [InlineData(Chunked + "zz\r\n")]
    [InlineData(Chunked + "5\r\nhel")]
    public async Task ClientOfHttp10_CutAnswerEndsWithAReset(string answer)
    {
        // There the end of the connection is the end of the body: only a reset tells a cut one from a whole one.
        await using ScriptedNode node = Answering(answer, close: true);
        await using GatewayUnderTest gateway = await GatewayUnderTest.StartForAsync([node.Port]);
        string received = await gateway.SendRawAsync("GET / HTTP/1.0\r\nHost: x\r\n\r\n");
        received.ShouldEndWith("<reset>");
    }

    [Fact]
    public async Task BodyThatStops_IsBrokenOffAfterReadTimeout()
    {
        await using ScriptedNode node = Answering(Length + "short");
        await using GatewayUnderTest gateway = await GatewayUnderTest.StartForAsync([node.Port], ""","timeout":{"connect":1,"send":1,"read":0.2}""");
        IsCutOff(await gateway.SendRawAsync(Get + Get), "silence");
        await LetGoAsync(gateway, node);
    }

    [Fact]
    public async Task EndlessAnswer_EndsWithItsClient()
    {
        await using ScriptedNode node = ScriptedNode.Start(async peer =>
        {
            await peer.ReadHeadAsync();
            await peer.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 9223372036854775807\r\n\r\n");
            while (true)
                await peer.SendAsync(new byte[16_384]);
        });
        await using GatewayUnderTest gateway = await GatewayUnderTest.StartForAsync([node.Port]);
        using (Socket client = await gateway.ConnectAsync())
        {
            await client.SendAsync(System.Text.Encoding.Latin1.GetBytes(Get));
            byte[] buffer = new byte[65_536];
            for (int received = 0; received < 1_000_000;)
                received += await client.ReceiveAsync(buffer);
        }

        await LetGoAsync(gateway, node);
        gateway.Plane.Counters.ClientsGone.ShouldBe(1);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task NodeEndsAtEveryByteOfItsAnswer_ClientNeverTakesAPartForTheWhole(bool reset)
    {
        const string Whole = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nX-T: 1\r\n\r\n";
        int headLength = Whole.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4;
        int bodyBegins = Whole.IndexOf("hello", StringComparison.Ordinal);
        int cut = 0;
        await using ScriptedNode node = ScriptedNode.Start(async peer =>
        {
            await peer.ReadHeadAsync();
            await peer.SendAsync(Whole[..Volatile.Read(ref cut)]);
            if (reset)
                peer.Reset();
        });
        await using GatewayUnderTest gateway = await GatewayUnderTest.StartForAsync([node.Port]);
        for (; cut < Whole.Length; Interlocked.Increment(ref cut))
        {
            string received = await gateway.SendRawAsync("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
            bool is502 = received.StartsWith("HTTP/1.1 502 ", StringComparison.Ordinal);
            // Between head and body the head may still be here, and is taken back then.
            (cut < headLength ? is502 : !is502 || reset || cut <= bodyBegins).ShouldBeTrue($"cut at {cut}: {received}");
            if (is502)
                Answer.ReadAll(received).ShouldHaveSingleItem();
            else
                IsCutOff(received, $"cut at {cut}");
        }

        await LetGoAsync(gateway, node);
    }

    /// <summary>A beginning of the node's answer, or nothing when the fault came with the head; not its end, and nothing behind it.</summary>
    private static void IsCutOff(string received, string attack)
    {
        (received is "" or "<reset>" || received.StartsWith("HTTP/1.1 200 ", StringComparison.Ordinal)).ShouldBeTrue(attack + ": " + received);
        received.ShouldNotContain("\r\n0\r\n", Case.Sensitive, attack);
        received.ShouldNotContain("forged", Case.Sensitive, attack);
        received.IndexOf("HTTP/1.1 ", 1, StringComparison.Ordinal).ShouldBe(-1, attack);
    }

    private static ScriptedNode Answering(string answer, bool close = false) => ScriptedNode.Start(async peer =>
    {
        await peer.ReadHeadAsync();
        await peer.SendAsync(answer);
        if (!close)
            await peer.WaitForEndAsync();
    });

    private static async Task LetGoAsync(GatewayUnderTest gateway, ScriptedNode node)
    {
        await Eventually.HoldsAsync(() => gateway.Plane.Counters.ConnectionsOpen == 0 && gateway.Plane.NodeConnectionsOpen == 0 && node.Open == 0, "nothing stays open");
        gateway.TriesInFlight.ShouldBe(0);
    }
}
