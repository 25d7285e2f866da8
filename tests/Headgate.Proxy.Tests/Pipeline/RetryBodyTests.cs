using System.Text;
using Headgate.Testing;

namespace Headgate.Proxy.Tests.Pipeline;

/// <summary>Bodies that are sent a second time, and those that are too long for it.</summary>
public sealed class RetryBodyTests
{
    [Theory]
    [InlineData(",\"per_request_buffer_limit_bytes\":1000", 1000, 2)]
    [InlineData(",\"per_request_buffer_limit_bytes\":1000", 1001, 1)]
    [InlineData(",\"per_request_buffer_limit_bytes\":0", 1, 1)]
    [InlineData("", 65_536, 2)]
    [InlineData("", 65_537, 1)]
    [InlineData(",\"per_request_buffer_limit_bytes\":3000000", 3_000_000, 2)]
    public async Task BodyUpToTheLimit_IsSentAgain_ALongerOneIsNot(string more, int length, int tries)
    {
        foreach (bool chunked in (bool[])[false, true])
        {
            int asked = 0;
            byte[] body = NodeBody(length);
            await using ScriptedNode dying = Node(answers: false);
            await using ScriptedNode good = Node(answers: true);
            await using GatewayUnderTest gateway = await GatewayUnderTest.StartForAsync([dying.Port, good.Port], more);
            string answer = await gateway.SendRawAsync(Request(body, chunked));
            answer.ShouldStartWith(tries == 2 ? "HTTP/1.1 200 " : "HTTP/1.1 502 ", customMessage: $"chunked: {chunked}");
            asked.ShouldBe(tries);
            (dying.Errors.Count + good.Errors.Count).ShouldBe(0);

            ScriptedNode Node(bool answers) => ScriptedNode.Start(async peer =>
            {
                string head = (await peer.ReadHeadAsync())!;
                (await ReadBodyAsync(peer, head, length)).AsSpan().SequenceEqual(body).ShouldBeTrue();
                Interlocked.Increment(ref asked);
                if (answers)
                    await peer.AnswerAsync("ok");
            });
        }
    }

    private static byte[] NodeBody(int length)
    {
        byte[] body = new byte[length];
        new Random(TestSeed.Value).NextBytes(body);
        return body;
    }

    private static string Request(byte[] body, bool chunked)
    {
        string text = Encoding.Latin1.GetString(body);
        const string Head = "PUT / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n";
        if (!chunked)
            return $"{Head}Content-Length: {body.Length}\r\n\r\n{text}";
        var chunks = new StringBuilder(Head + "Transfer-Encoding: chunked\r\n\r\n");
        foreach (char[] chunk in text.Chunk(777))
            chunks.Append(System.Globalization.CultureInfo.InvariantCulture, $"{chunk.Length:x}\r\n").Append(chunk).Append("\r\n");
        return chunks.Append("0\r\n\r\n").ToString();
    }

    private static async Task<byte[]> ReadBodyAsync(ScriptedPeer peer, string head, int length)
    {
        if (head.Contains("Content-Length: "))
            return await peer.ReadBytesAsync(length);
        var body = new List<byte>(length);
        while (true)
        {
            string size = "";
            while (!size.EndsWith("\r\n", StringComparison.Ordinal))
                size += (char)(await peer.ReadBytesAsync(1))[0];
            int count = Convert.ToInt32(size.Trim(), 16);
            body.AddRange((await peer.ReadBytesAsync(count + 2)).AsSpan(0, count));
            if (count == 0)
                return [.. body];
        }
    }
}
