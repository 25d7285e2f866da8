using System.Net.Sockets;
using Headgate.Proxy.Transport;
using Headgate.Proxy.Transport.Loops;
using Headgate.Testing;

namespace Headgate.Proxy.Tests.Transport.Loops;

/// <summary>
/// Connections of one loop share its two hot buffers. Whatever the order in which they receive, hold, write, flush and wait, no byte of one shows up at another, none is
/// lost and none comes twice.
/// </summary>
public sealed class LoopInterleavingTests
{
    private const int Bytes = 400_000;

    [Theory]
    [InlineData(2, 0)]
    [InlineData(3, 0)]
    [InlineData(3, 4096)]
    [InlineData(8, 4096)]
    public async Task Echoes_InAnyOrder_ComeOutUnmixed(int connections, int bufferBytes)
    {
        for (int round = 0; round < 3; round++)
        {
            int seed = TestSeed.Value + (round * 1000);
            using LoopUnderTest test = new();
            Task[] all = new Task[connections];
            for (int i = 0; i < connections; i++)
            {
                (LoopConnection connection, Socket peer) = await test.ConnectAsync(bufferBytes);
                int stream = i;
                all[i] = Task.WhenAll(
                    test.RunAsync(() => EchoAsync(connection, stream, new Random(seed + stream))),
                    SendAsync(peer, stream, new Random(seed + 100 + stream)),
                    ReceiveAsync(peer, stream, new Random(seed + 200 + stream)));
            }

            try
            {
                await Task.WhenAll(all).WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
            }
            catch (Exception error)
            {
                throw new InvalidOperationException($"seed {TestSeed.Value}, round {round}", error);
            }

            test.Log.Lines.ShouldBeEmpty();
        }
    }

    /// <summary>Reads, holds, sends back and waits as the dice say; the loop's side.</summary>
    private static async ValueTask EchoAsync(LoopConnection connection, int stream, Random dice)
    {
        int consumed = 0;
        while (consumed < Bytes)
        {
            int held = connection.Unread.Length;
            if (held == 0 || (dice.Next(3) == 0 && consumed + held < Bytes && held < 200_000))
                (await connection.ReadAsync()).ShouldBe(ReadOutcome.Data);
            if (dice.Next(4) == 0)
                await Task.Yield();
            int take = connection.Unread.Length >> dice.Next(4);
            for (int done = 0; done < take;)
            {
                int piece = Math.Min(take - done, 1 + dice.Next(20_000));
                ReadOnlySpan<byte> unread = connection.Unread.Slice(done, piece);
                unread[0].ShouldBe(ConnectionWords.ByteAt(consumed + done, stream));
                unread[^1].ShouldBe(ConnectionWords.ByteAt(consumed + done + piece - 1, stream));
                unread.CopyTo(connection.GetSpan(piece));
                connection.Advance(piece);
                done += piece;
                if (dice.Next(6) == 0)
                    await Task.Yield();
            }

            connection.Consume(take);
            consumed += take;
            if (dice.Next(2) == 0)
                (await connection.FlushAsync()).ShouldBeTrue();
        }

        (await connection.FlushAsync()).ShouldBeTrue();
        connection.Release();
    }

    private static async Task SendAsync(Socket peer, int stream, Random dice)
    {
        for (int sent = 0; sent < Bytes;)
        {
            int piece = Math.Min(Bytes - sent, 1 + dice.Next(1 << dice.Next(17)));
            await peer.SendAsync(ConnectionWords.BytesAt(sent, piece, stream));
            sent += piece;
            if (dice.Next(3) == 0)
                await Task.Yield();
        }
    }

    private static async Task ReceiveAsync(Socket peer, int stream, Random dice)
    {
        byte[] buffer = new byte[100_000];
        int received = 0;
        while (await peer.ReceiveAsync(buffer.AsMemory(0, 1 + dice.Next(buffer.Length))) is var count and > 0)
        {
            buffer.AsSpan(0, count).SequenceEqual(ConnectionWords.BytesAt(received, count, stream)).ShouldBeTrue($"bytes {received} to {received + count} of connection {stream}");
            received += count;
        }

        received.ShouldBe(Bytes);
        peer.Dispose();
    }
}
