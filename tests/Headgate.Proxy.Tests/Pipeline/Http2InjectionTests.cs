using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;
using Headgate.Testing;

namespace Headgate.Proxy.Tests.Pipeline;

/// <summary>HTTP/2 frames may carry bytes that HTTP/1.1 takes for the end of a line: none of them may reach a node as one (RFC 9113 §8.2.1).</summary>
public sealed class Http2InjectionTests
{
    private const byte Headers = 1;
    private const byte ResetStream = 3;
    private const byte Settings = 4;
    private const byte GoAway = 7;

    [Theory]
    [InlineData("GET", "/", "x-a", "1\r\nx-smuggled: 1")]
    [InlineData("GET", "/", "x-a", "1\nx-smuggled: 1")]
    [InlineData("GET", "/", "x-a", "1\r\n\r\nGET /admin HTTP/1.1\r\nhost: x")]
    [InlineData("GET", "/", "x-a: 1\r\nx-b", "2")]
    [InlineData("GET", "/ HTTP/1.1\r\nx-smuggled: 1\r\nx-b:", "x-a", "1")]
    [InlineData("GET / HTTP/1.1\r\nx-smuggled: 1\r\nx-b:", "/", "x-a", "1")]
    [InlineData("GET", "/", "x-a", "nul\0")]
    public async Task LineEndInsideAFrame_NeverReachesANode(string method, string path, string name, string value)
    {
        await using ScriptedNode node = ScriptedNode.StartAnswering("reached");
        await using GatewayUnderTest gateway = await GatewayUnderTest.StartForAsync([node.Port]);
        using Socket client = await gateway.ConnectAsync();
        byte[] block = [.. Literal(":method", method), .. Literal(":scheme", "http"), .. Literal(":authority", "x"), .. Literal(":path", path), .. Literal(name, value)];
        await client.SendAsync((byte[])[.. "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8, .. Frame(Settings, 0, 0, []), .. Frame(Headers, flags: 0x5, stream: 1, block)]);
        (await FirstAnswerAsync(client)).ShouldBeOneOf(Headers, ResetStream, GoAway);
        node.Accepted.ShouldBe(0);
    }

    [Fact]
    public async Task HarmlessFrame_ReachesTheNode()
    {
        // The same bytes without the line ends: what the other tests see is the refusal, not a mistake of their own.
        await using ScriptedNode node = ScriptedNode.StartAnswering("reached");
        await using GatewayUnderTest gateway = await GatewayUnderTest.StartForAsync([node.Port]);
        using Socket client = await gateway.ConnectAsync();
        byte[] block = [.. Literal(":method", "GET"), .. Literal(":scheme", "http"), .. Literal(":authority", "x"), .. Literal(":path", "/"), .. Literal("x-a", "1")];
        await client.SendAsync((byte[])[.. "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8, .. Frame(Settings, 0, 0, []), .. Frame(Headers, flags: 0x5, stream: 1, block)]);
        (await FirstAnswerAsync(client)).ShouldBe(Headers);
        node.Accepted.ShouldBe(1);
    }

    /// <summary>A literal field without indexing and without Huffman coding (RFC 7541 §6.2.2).</summary>
    private static byte[] Literal(string name, string value) =>
        [0, (byte)name.Length, .. Encoding.Latin1.GetBytes(name), (byte)value.Length, .. Encoding.Latin1.GetBytes(value)];

    private static byte[] Frame(byte type, byte flags, int stream, byte[] payload)
    {
        byte[] frame = [0, (byte)(payload.Length >> 8), (byte)payload.Length, type, flags, 0, 0, 0, 0, .. payload];
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(5), stream);
        return frame;
    }

    /// <summary>Type of the first frame that answers the request; <see cref="GoAway"/> when the connection just ends.</summary>
    private static async Task<byte> FirstAnswerAsync(Socket client)
    {
        var received = new List<byte>();
        byte[] buffer = new byte[4096];
        using var bound = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        while (true)
        {
            for (int at = 0; at + 9 <= received.Count;)
            {
                if (received[at + 3] is Headers or ResetStream or GoAway)
                    return received[at + 3];
                at += 9 + ((received[at] << 16) | (received[at + 1] << 8) | received[at + 2]);
            }

            int count = await client.ReceiveAsync(buffer, bound.Token);
            if (count == 0)
                return GoAway;
            received.AddRange(buffer.AsSpan(0, count));
        }
    }
}
