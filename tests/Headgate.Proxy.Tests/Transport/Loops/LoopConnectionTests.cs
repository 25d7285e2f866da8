using System.Net.Sockets;
using Headgate.Proxy.Transport;
using Headgate.Proxy.Transport.Loops;
using Headgate.Testing;

namespace Headgate.Proxy.Tests.Transport.Loops;

/// <summary>The contract of <see cref="TransportConnection"/> on an event loop: read, hold, consume; write and flush; what the peer does in between.</summary>
public sealed class LoopConnectionTests : IDisposable
{
    private readonly LoopUnderTest _test = new();

    public void Dispose()
    {
        _test.Dispose();
        _test.Log.Lines.ShouldBeEmpty();
    }

    [Fact]
    public async Task Read_WhatIsNotConsumed_StandsBeforeWhatComesNext()
    {
        (LoopConnection connection, Socket peer) = await _test.ConnectAsync();
        using (peer)
        {
            int sent = 0;
            int consumed = 0;
            foreach ((int piece, int consume) in new[] { (10, 0), (1, 3), (5000, 0), (100_000, 60_000), (40_000, 85_008), (7, 0), (300_000, 300_000), (1, 1), (9, 16) })
            {
                await peer.SendAsync(ConnectionWords.BytesAt(sent, piece));
                sent += piece;
                byte[] unread = await _test.RunAsync(() => connection.ReadUntilAsync(sent - consumed));
                unread.ShouldBe(ConnectionWords.BytesAt(consumed, sent - consumed));
                await _test.CallAsync(() => connection.Consume(consume));
                consumed += consume;
            }

            sent.ShouldBe(consumed);
            (await _test.CallAsync(() => connection.Unread.IsEmpty)).ShouldBeTrue();
            await _test.CallAsync(connection.Release);
        }
    }

    [Fact]
    public async Task Consume_MoreThanIsUnread_Throws()
    {
        (LoopConnection connection, Socket peer) = await _test.ConnectAsync();
        using (peer)
        {
            await peer.SendAsync(new byte[5]);
            await _test.RunAsync(() => connection.ReadUntilAsync(5));
            await Should.ThrowAsync<ArgumentOutOfRangeException>(() => _test.CallAsync(() => connection.Consume(6)));
            await _test.CallAsync(() => connection.Consume(5));
        }
    }

    [Fact]
    public async Task Unread_OthersReceiveMeanwhile_StaysWhatItWas()
    {
        (LoopConnection one, Socket onePeer) = await _test.ConnectAsync();
        (LoopConnection two, Socket twoPeer) = await _test.ConnectAsync();
        await onePeer.SendAsync(ConnectionWords.BytesAt(0, 50_000, stream: 1));
        await twoPeer.SendAsync(ConnectionWords.BytesAt(0, 50_000, stream: 2));

        // Both within one turn of the loop: the second needs the buffer that the first has bytes in.
        byte[][] held = await _test.RunAsync(async () =>
        {
            await one.ReadUntilAsync(50_000);
            await two.ReadUntilAsync(50_000);
            return new[] { one.Unread.ToArray(), two.Unread.ToArray() };
        });
        held[0].ShouldBe(ConnectionWords.BytesAt(0, 50_000, stream: 1));
        held[1].ShouldBe(ConnectionWords.BytesAt(0, 50_000, stream: 2));

        // And in later turns, when neither has it.
        (await _test.CallAsync(() => one.Unread.ToArray())).ShouldBe(held[0]);
        (await _test.CallAsync(() => two.Unread.ToArray())).ShouldBe(held[1]);
        onePeer.Dispose();
        twoPeer.Dispose();
    }

    [Fact]
    public async Task Unflushed_OthersWriteMeanwhile_EachPeerGetsItsOwn()
    {
        (LoopConnection one, Socket onePeer) = await _test.ConnectAsync();
        (LoopConnection two, Socket twoPeer) = await _test.ConnectAsync();
        await _test.RunAsync(async () =>
        {
            ConnectionWords.BytesAt(0, 300, stream: 1).CopyTo(one.GetSpan(300));
            one.Advance(300);
            ConnectionWords.BytesAt(0, 400, stream: 2).CopyTo(two.GetSpan(400));
            two.Advance(400);
            await Task.Yield();
            ConnectionWords.BytesAt(300, 65_536, stream: 1).CopyTo(one.GetSpan(65_536));
            one.Advance(65_536);
            (one.Unflushed, two.Unflushed).ShouldBe((65_836, 400));
            (await two.FlushAsync()).ShouldBeTrue();
            (await one.FlushAsync()).ShouldBeTrue();
            one.Release();
            two.Release();
        });
        (await onePeer.ReadToEndAsync()).Bytes.ShouldBe(ConnectionWords.BytesAt(0, 65_836, stream: 1));
        (await twoPeer.ReadToEndAsync()).Bytes.ShouldBe(ConnectionWords.BytesAt(0, 400, stream: 2));
        onePeer.Dispose();
        twoPeer.Dispose();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(16_384)]
    [InlineData(EventLoop.ReceiveBytesMax)]
    [InlineData(EventLoop.ReceiveBytesMax + 1)]
    [InlineData(1_000_000)]
    public async Task Flush_AnyLength_ArrivesWhole(int count)
    {
        (LoopConnection connection, Socket peer) = await _test.ConnectAsync();
        using (peer)
        {
            Task<(byte[] Bytes, bool InOrder)> received = peer.ReadToEndAsync();
            (await _test.RunAsync(() =>
            {
                connection.WriteStream(count);
                return connection.FlushAsync();
            })).ShouldBeTrue();
            await _test.CallAsync(connection.Release);
            (byte[] bytes, bool inOrder) = await received;
            inOrder.ShouldBeTrue();
            bytes.ShouldBe(ConnectionWords.BytesAt(0, count));
        }
    }

    [Fact]
    public async Task Flush_PeerTakesNothing_WaitsUntilItDoes()
    {
        (LoopConnection connection, Socket peer) = await _test.ConnectAsync(bufferBytes: 4096);
        using (peer)
        {
            Task<bool> flushing = WriteAsync(connection, 1_000_000);
            await _test.RoundsAsync(50);
            flushing.IsCompleted.ShouldBeFalse();

            // Reading goes on meanwhile, and uses the loop's buffers.
            await peer.SendAsync(ConnectionWords.BytesAt(0, 10));
            (await _test.RunAsync(() => connection.ReadUntilAsync(10))).ShouldBe(ConnectionWords.BytesAt(0, 10));

            Task<(byte[] Bytes, bool InOrder)> received = peer.ReadToEndAsync();
            (await flushing).ShouldBeTrue();
            await _test.CallAsync(() => connection.Consume(10));
            await _test.CallAsync(connection.Release);
            (await received).Bytes.ShouldBe(ConnectionWords.BytesAt(0, 1_000_000));
        }
    }

    [Fact]
    public async Task PeerFinishes_AllItSentThenEnd_AndItStillReceives()
    {
        (LoopConnection connection, Socket peer) = await _test.ConnectAsync();
        using (peer)
        {
            int gone = 0;
            connection.PeerGone = () => gone++;
            await peer.SendAsync(ConnectionWords.BytesAt(0, 10));
            peer.Shutdown(SocketShutdown.Send);
            (await _test.RunAsync(() => connection.ReadUntilAsync(100))).ShouldBe(ConnectionWords.BytesAt(0, 10));
            for (int i = 0; i < 3; i++)
                (await _test.RunAsync(connection.ReadAsync)).ShouldBe(ReadOutcome.End);
            (await _test.CallAsync(() => connection.Unread.Length)).ShouldBe(10);

            (await WriteAsync(connection, 200_000)).ShouldBeTrue();
            (gone, connection.EndCause).ShouldBe((0, EndCause.None));
            await _test.CallAsync(connection.Release);
            (await peer.ReadToEndAsync()).Bytes.ShouldBe(ConnectionWords.BytesAt(0, 200_000));
        }
    }

    [Fact]
    public async Task PeerResets_WhileRead_FailsAtOnceAndForGood()
    {
        (LoopConnection connection, Socket peer) = await _test.ConnectAsync();
        Task<ReadOutcome> reading = _test.RunAsync(connection.ReadAsync);
        await _test.RoundsAsync();
        peer.Reset();
        (await reading).ShouldBe(ReadOutcome.Failed);
        (await _test.RunAsync(connection.ReadAsync)).ShouldBe(ReadOutcome.Failed);
        await FlushFailsAsync(connection);
        await _test.CallAsync(connection.Release);
        (await _test.HoldsAsync(connection)).ShouldBeFalse();
    }

    [Fact]
    public async Task PeerResets_WhileNothingIsRead_ItsOwnerIsTold()
    {
        (LoopConnection connection, Socket peer) = await _test.ConnectAsync();
        int gone = 0;
        connection.PeerGone = () => Interlocked.Increment(ref gone);
        peer.Reset();
        await Eventually.HoldsAsync(() => Volatile.Read(ref gone) > 0, "told");
        await FlushFailsAsync(connection);
        await _test.CallAsync(connection.Release);
        gone.ShouldBe(1);
    }

    [Fact]
    public async Task PeerResets_WhileAFlushWaits_FlushEndsFalse()
    {
        (LoopConnection connection, Socket peer) = await _test.ConnectAsync(bufferBytes: 4096);
        Task<bool> flushing = WriteAsync(connection, 1_000_000);
        await _test.RoundsAsync();
        flushing.IsCompleted.ShouldBeFalse();
        peer.Reset();
        (await flushing).ShouldBeFalse();
        await _test.CallAsync(connection.Release);
    }

    [Fact]
    public async Task TryFlushSoon_NothingFollows_IsSentAllTheSame()
    {
        (LoopConnection connection, Socket peer) = await _test.ConnectAsync();
        using (peer)
        {
            (await _test.CallAsync(() => PutOff(connection, 10))).ShouldBeTrue();
            byte[] received = new byte[64];
            (await peer.ReceiveAsync(received)).ShouldBe(10);
            await _test.CallAsync(connection.Release);
        }
    }

    [Fact]
    public async Task TryFlushSoon_MoreFollowsClosely_GoesOutTogether()
    {
        (LoopConnection connection, Socket peer) = await _test.ConnectAsync();
        using (peer)
        {
            await _test.RunAsync(() =>
            {
                PutOff(connection, 10).ShouldBeTrue();
                connection.WriteStream(20);
                return connection.FlushAsync();
            });
            byte[] received = new byte[64];
            (await peer.ReceiveAsync(received)).ShouldBe(30);
            await _test.CallAsync(connection.Release);
        }
    }

    [Fact]
    public async Task TryFlushSoon_TooMuchIsUnsent_SaysSo()
    {
        (LoopConnection connection, Socket peer) = await _test.ConnectAsync();
        using (peer)
        {
            (await _test.CallAsync(() => PutOff(connection, 20_000))).ShouldBeFalse();
            await _test.CallAsync(connection.Release);
        }
    }

    [Fact]
    public async Task EndSending_PeerSeesAllThenTheEndAndMayStillSend()
    {
        (LoopConnection connection, Socket peer) = await _test.ConnectAsync();
        using (peer)
        {
            await _test.RunAsync(async () =>
            {
                connection.WriteStream(50_000);
                (await connection.FlushAsync()).ShouldBeTrue();
                connection.EndSending();
            });
            (byte[] bytes, bool inOrder) = await peer.ReadToEndAsync();
            (bytes.Length, inOrder).ShouldBe((50_000, true));
            await peer.SendAsync(ConnectionWords.BytesAt(0, 1000));
            (await _test.RunAsync(() => connection.ReadUntilAsync(1000))).Length.ShouldBe(1000);
            await _test.CallAsync(connection.Release);
        }
    }

    [Fact]
    public async Task SystemRefusesToPollIt_EverythingFailsAtOnce()
    {
        using var file = File.OpenHandle("/dev/null");
        int fd = (int)file.DangerousGetHandle();
        LoopConnection connection = await _test.CallAsync(() => new LoopConnection(_test.Loop, fd));
        file.SetHandleAsInvalid();
        (await _test.RunAsync(connection.ReadAsync)).ShouldBe(ReadOutcome.Failed);
        (await WriteAsync(connection, 10)).ShouldBeFalse();
        (await _test.RunAsync(connection.WaitWritableAsync)).ShouldBeFalse();
        (await _test.CallAsync(connection.TryPark)).ShouldBeFalse();
        (await _test.CallAsync(connection.Detach)).ShouldBe(-1);
        await _test.CallAsync(connection.Release);
        new FileInfo($"/proc/self/fd/{fd}").LinkTarget.ShouldNotBe("/dev/null", "it is closed, whoever has the number now");
    }

    [Fact]
    public async Task WaitReadable_LooksWithoutTaking_AndDetachGivesAllAway()
    {
        (LoopConnection connection, Socket peer) = await _test.ConnectAsync();
        using (peer)
        {
            Task<bool> first = _test.RunAsync(() => connection.WaitReadableAsync(more: false));
            await _test.RoundsAsync();
            first.IsCompleted.ShouldBeFalse();
            await peer.SendAsync("ab"u8.ToArray());
            (await first).ShouldBeTrue();
            Task<bool> second = _test.RunAsync(() => connection.WaitReadableAsync(more: true));
            await _test.RoundsAsync();
            second.IsCompleted.ShouldBeFalse("what is there is known");
            await peer.SendAsync("cd"u8.ToArray());
            (await second).ShouldBeTrue();
            (await _test.CallAsync(() =>
            {
                byte[] into = new byte[10];
                return into[..connection.Socket.Peek(into)];
            })).ShouldBe("abcd"u8.ToArray());

            int fd = await _test.CallAsync(connection.Detach);
            (await _test.HoldsAsync(connection)).ShouldBeFalse();
            await _test.CallAsync(connection.Release);
            using var other = new Socket(new SafeSocketHandle(fd, ownsHandle: true));
            byte[] buffer = new byte[10];
            (await other.ReceiveAsync(buffer)).ShouldBe(4);
            buffer[..4].ShouldBe("abcd"u8.ToArray());
            await other.SendAsync("ok"u8.ToArray());
            (await peer.ReceiveAsync(buffer)).ShouldBe(2);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task WaitReadable_PeerEndsWithoutAByte_False(bool reset)
    {
        (LoopConnection connection, Socket peer) = await _test.ConnectAsync();
        Task<bool> waiting = _test.RunAsync(async () => await connection.WaitReadableAsync(more: false) && await connection.WaitReadableAsync(more: true));
        await _test.RoundsAsync();
        if (reset)
            peer.Reset();
        else
            peer.Shutdown(SocketShutdown.Send);
        (await waiting).ShouldBeFalse();
        await _test.CallAsync(connection.Release);
        peer.Dispose();
    }

    private Task<bool> WriteAsync(LoopConnection connection, int count) => _test.RunAsync(() =>
    {
        connection.WriteStream(count);
        return connection.FlushAsync();
    });

    private static bool PutOff(LoopConnection connection, int count)
    {
        connection.WriteStream(count);
        return connection.TryFlushSoon();
    }

    /// <summary>The first flush behind a reset may still be taken; after that none is.</summary>
    private Task FlushFailsAsync(LoopConnection connection) => Eventually.HoldsAsync(async () => !await WriteAsync(connection, 10), "a flush fails");
}
