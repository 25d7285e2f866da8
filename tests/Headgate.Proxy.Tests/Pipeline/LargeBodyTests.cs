using System.Net.Sockets;
using System.Text;
using Headgate.Testing;

namespace Headgate.Proxy.Tests.Pipeline;

/// <summary>Bodies larger than memory, and clients slower than nodes. Alone, because the memory of the process is measured.</summary>
[CollectionDefinition(nameof(LargeBodyTests), DisableParallelization = true)]
[Collection(nameof(LargeBodyTests))]
public sealed class LargeBodyTests
{
    private const int PieceLength = 65_536;
    private const long GrowthMax = 120L << 20;

    /// <summary>One period of what every body consists of; prime, so that a lost or doubled piece shifts everything behind it.</summary>
    private const int Period = 65_521;
    private static readonly byte[] Pattern = MakePattern();

    private static CancellationToken Bound => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public Task Upload_256MiB_ConstantMemory(bool chunked) => UploadAsync(256L << 20, chunked);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public Task Download_256MiB_ConstantMemory(bool chunked) => DownloadAsync(256L << 20, chunked);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Trait("Category", "Long")]
    public async Task BothWays_2GiB_ConstantMemory(bool chunked)
    {
        await UploadAsync(2L << 30, chunked);
        await DownloadAsync(2L << 30, chunked);
    }

    [Fact]
    public async Task SlowClient_HoldsTheNodeBack()
    {
        long sent = 0;
        await using ScriptedNode node = ScriptedNode.Start(async peer =>
        {
            await peer.ReadHeadAsync();
            peer.Socket.SendBufferSize = 65_536;
            await peer.SendAsync($"HTTP/1.1 200 OK\r\nContent-Length: {1L << 30}\r\n\r\n");
            for (; sent < 1L << 30; Volatile.Write(ref sent, sent + PieceLength))
                await peer.SendAsync(Slice(sent, PieceLength));
        });
        await using GatewayUnderTest gateway = await GatewayUnderTest.StartForAsync([node.Port]);
        using Socket client = await gateway.ConnectAsync();
        client.ReceiveBufferSize = 65_536;
        await client.SendAsync("GET / HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray());
        byte[] buffer = new byte[PieceLength];
        long received = 0;
        for (int round = 0; round < 20; round++)
        {
            // Nothing is read until the node's progress has stopped; what it is ahead then lies in buffers: those of the kernel, and little in the gateway.
            await StopsAsync(() => Volatile.Read(ref sent));
            (Volatile.Read(ref sent) - received).ShouldBeLessThan(KernelBuffers.OneWayMax + (1 << 20));
            for (long until = received + (4 << 20); received < until;)
                received += await client.ReceiveAsync(buffer, Bound);
        }
    }

    private static async Task UploadAsync(long length, bool chunked)
    {
        long read = 0;
        await using ScriptedNode node = ScriptedNode.Start(async peer =>
        {
            await ReadHeadAloneAsync(peer.Socket);
            read = await NodeBodyCheck.ReadAsync(peer.Socket, length, chunked, Pattern, peer.Stopping);
            await peer.AnswerAsync("ok");
        });
        await using GatewayUnderTest gateway = await GatewayUnderTest.StartForAsync([node.Port]);
        using Socket client = await gateway.ConnectAsync();
        long before = Memory();
        await client.SendAsync(Encoding.Latin1.GetBytes("POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nExpect: 100-continue\r\n" + Framing(length, chunked)));
        (await client.ReceiveAsync(new byte[100], Bound)).ShouldBe(25);
        long most = 0;
        await SendPatternAsync(client.SendAsync, length, chunked, () => most = Math.Max(most, Memory()));
        (await GatewayUnderTest.ReadToEndAsync(client)).ShouldEndWith("\r\n\r\nok");
        read.ShouldBe(length);
        node.Errors.ShouldBeEmpty();
        (most - before).ShouldBeLessThan(GrowthMax);
    }

    /// <summary>Byte by byte: the body may have come with the head, and is read from the socket afterwards.</summary>
    private static async Task ReadHeadAloneAsync(Socket socket)
    {
        byte[] one = new byte[1];
        for (int matched = 0; matched < 4;)
        {
            (await socket.ReceiveAsync(one, Bound)).ShouldBe(1);
            matched = one[0] == "\r\n\r\n"[matched] ? matched + 1 : one[0] == '\r' ? 1 : 0;
        }
    }

    private static async Task DownloadAsync(long length, bool chunked)
    {
        await using ScriptedNode node = ScriptedNode.Start(async peer =>
        {
            await peer.ReadHeadAsync();
            await peer.SendAsync("HTTP/1.1 200 OK\r\n" + Framing(length, chunked));
            await SendPatternAsync((bytes, stop) => peer.Socket.SendAsync(bytes, stop), length, chunked, () => { });
        });
        await using GatewayUnderTest gateway = await GatewayUnderTest.StartForAsync([node.Port]);
        using Socket client = await gateway.ConnectAsync();
        long before = Memory();
        long allocated = GC.GetTotalAllocatedBytes();
        await client.SendAsync("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"u8.ToArray());
        await ReadHeadAloneAsync(client);
        (await NodeBodyCheck.ReadAsync(client, length, chunked, Pattern, Bound)).ShouldBe(length);
        (GC.GetTotalAllocatedBytes() - allocated).ShouldBeLessThan(length / 16);
        (Memory() - before).ShouldBeLessThan(GrowthMax);
        node.Errors.ShouldBeEmpty();
    }

    private static string Framing(long length, bool chunked) => chunked ? "Transfer-Encoding: chunked\r\n\r\n" : $"Content-Length: {length}\r\n\r\n";

    private static async Task SendPatternAsync(Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask<int>> send, long length, bool chunked, Action onMegabytes)
    {
        byte[] chunk = new byte[PieceLength + 20];
        for (long sent = 0; sent < length; sent += PieceLength)
        {
            ReadOnlyMemory<byte> piece = Slice(sent, (int)Math.Min(PieceLength, length - sent));
            if (chunked)
            {
                int start = Encoding.ASCII.GetBytes($"{piece.Length:x}\r\n", chunk);
                piece.Span.CopyTo(chunk.AsSpan(start));
                "\r\n"u8.CopyTo(chunk.AsSpan(start + piece.Length));
                piece = chunk.AsMemory(0, start + piece.Length + 2);
            }

            while (!piece.IsEmpty)
                piece = piece[await send(piece, Bound)..];
            if (sent % (64 << 20) == 0)
                onMegabytes();
        }

        if (chunked)
            await send("0\r\n\r\n"u8.ToArray(), Bound);
    }

    /// <summary>Length bytes of the endless pattern from an offset.</summary>
    private static ReadOnlyMemory<byte> Slice(long offset, int length) => Pattern.AsMemory((int)(offset % Period), length);

    private static long Memory() => Environment.WorkingSet;

    private static async Task StopsAsync(Func<long> value)
    {
        long last = -1;
        for (int same = 0; same < 10;)
        {
            await Task.Delay(10, Bound);
            long now = value();
            same = now == last ? same + 1 : 0;
            last = now;
        }
    }

    private static byte[] MakePattern()
    {
        byte[] pattern = new byte[Period + (2 * PieceLength)];
        new Random(1).NextBytes(pattern.AsSpan(0, Period));
        for (int i = Period; i < pattern.Length; i++)
            pattern[i] = pattern[i - Period];
        return pattern;
    }
}
