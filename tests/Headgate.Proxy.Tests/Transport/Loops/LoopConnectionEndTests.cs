using System.Net.Sockets;
using Headgate.Proxy.Transport;
using Headgate.Proxy.Transport.Loops;
using Headgate.Testing;

namespace Headgate.Proxy.Tests.Transport.Loops;

/// <summary>How connections end from this side, whatever is under way and whichever thread says so.</summary>
public sealed class LoopConnectionEndTests : IDisposable
{
    private readonly LoopUnderTest _test = new();

    /// <summary>What a connection may be doing when it is ended.</summary>
    public enum Doing
    {
        Nothing,
        Reading,
        HoldingBytes,
        BytesToReceive,
        HoldingUnflushed,
        Flushing,
        ReadingAndFlushing,
        PeerFinished,
        PeerReset,
        Parked,
        Peeking,
    }

    public static TheoryData<Doing, bool, bool> EveryPoint
    {
        get
        {
            TheoryData<Doing, bool, bool> data = [];
            foreach (Doing doing in Enum.GetValues<Doing>())
            {
                foreach (bool abort in new[] { true, false })
                {
                    data.Add(doing, abort, true);
                    data.Add(doing, abort, false);
                }
            }

            return data;
        }
    }

    public void Dispose()
    {
        _test.Dispose();
        _test.Log.Lines.ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(EveryPoint))]
    public async Task AbortOrFinish_AtAnyPoint_EndsWhatWaitsAndLeavesNothing(Doing doing, bool abort, bool onTheLoop)
    {
        (LoopConnection connection, Socket peer) = await _test.ConnectAsync(bufferBytes: 4096);
        var watcher = new IdleRecorder();
        (Task<ReadOutcome>? reading, Task<bool>? flushing) = await BeginAsync(connection, peer, doing, watcher);

        void End()
        {
            if (abort)
                connection.Abort(EndCause.Shutdown);
            else
                connection.Finish(EndCause.Shutdown);
            connection.Finish(EndCause.NotNeeded);
        }

        if (onTheLoop)
            await _test.CallAsync(End);
        else
            End();
        if (reading is not null)
            (await reading).ShouldBe(ReadOutcome.Failed);
        if (flushing is not null)
        {
            if (!abort)
                peer.Dispose(); // in order: it may wait for the peer
            (await flushing).ShouldBeFalse();
        }

        connection.EndCause.ShouldBe(EndCause.Shutdown, "the first counts");
        (await _test.RunAsync(connection.ReadAsync)).ShouldBe(ReadOutcome.Failed);
        (await _test.CallAsync(connection.TryPark)).ShouldBeFalse();
        if (doing == Doing.Parked && abort)
        {
            watcher.Ended.ShouldBe(1);
            (await _test.CallAsync(connection.TryTake)).ShouldBeFalse();
        }

        await _test.CallAsync(connection.Release);
        (await _test.HoldsAsync(connection)).ShouldBeFalse();
        (await _test.CallAsync(() => connection.Socket.IsOpen)).ShouldBeFalse();
        connection.Abort(EndCause.Deadline);
        connection.Finish(EndCause.Deadline);
        await _test.RoundsAsync();
        peer.Dispose();
    }

    [Fact]
    public async Task Abort_PeerIsReset()
    {
        (LoopConnection connection, Socket peer) = await _test.ConnectAsync();
        using (peer)
        {
            connection.Abort(EndCause.NotNeeded);
            (await peer.ReadToEndAsync()).InOrder.ShouldBeFalse();
        }
    }

    [Fact]
    public async Task Finish_WhatWasFlushedArrivesThenTheEnd()
    {
        (LoopConnection connection, Socket peer) = await _test.ConnectAsync();
        using (peer)
        {
            Task<ReadOutcome> reading = _test.RunAsync(async () =>
            {
                connection.WriteStream(100_000);
                (await connection.FlushAsync()).ShouldBeTrue();
                return await connection.ReadAsync();
            });
            Task<(byte[] Bytes, bool InOrder)> received = peer.ReadToEndAsync();
            await _test.RoundsAsync();
            connection.Finish(EndCause.Shutdown);
            (await reading).ShouldBe(ReadOutcome.Failed);
            (byte[] bytes, bool inOrder) = await received;
            (bytes.Length, inOrder).ShouldBe((100_000, true));
            connection.Release();
            await Eventually.HoldsAsync(async () => !await _test.HoldsAsync(connection), "released from another thread");
        }
    }

    [Fact]
    public async Task Abort_WhatWasPutOff_ArrivesBeforeTheReset()
    {
        (LoopConnection connection, Socket peer) = await _test.ConnectAsync();
        using (peer)
        {
            await _test.CallAsync(() =>
            {
                connection.WriteStream(100);
                connection.TryFlushSoon().ShouldBeTrue();
                connection.Abort(EndCause.ProtocolError);
            });
            (byte[] bytes, bool inOrder) = await peer.ReadToEndAsync();
            (bytes.Length, inOrder).ShouldBe((100, false));
            connection.Release();
        }
    }

    [Fact]
    public async Task Finish_WhileAFlushWaits_AllOfItArrivesThenTheEnd()
    {
        (LoopConnection connection, Socket peer) = await _test.ConnectAsync(bufferBytes: 4096);
        using (peer)
        {
            Task<bool> flushing = _test.RunAsync(() =>
            {
                connection.WriteStream(1_000_000);
                return connection.FlushAsync();
            });
            await _test.RoundsAsync();
            connection.Finish(EndCause.Deadline);
            (byte[] bytes, bool inOrder) = await peer.ReadToEndAsync();
            (bytes.Length, inOrder, await flushing).ShouldBe((1_000_000, true, true));
            connection.Release();
        }
    }

    [Fact]
    public async Task Finish_WhatWasPutOff_ArrivesBeforeTheEnd()
    {
        (LoopConnection connection, Socket peer) = await _test.ConnectAsync();
        using (peer)
        {
            await _test.CallAsync(() =>
            {
                connection.WriteStream(100);
                connection.TryFlushSoon().ShouldBeTrue();
                connection.Finish(EndCause.Deadline);
            });
            (byte[] bytes, bool inOrder) = await peer.ReadToEndAsync();
            (bytes.Length, inOrder).ShouldBe((100, true));
            connection.Release();
        }
    }

    [Fact]
    public async Task Finish_RightBehindAFlush_CutsNothingOff()
    {
        (LoopConnection connection, Socket peer) = await _test.ConnectAsync();
        using (peer)
        {
            await _test.RunAsync(async () =>
            {
                connection.WriteStream(20_000);
                ValueTask<bool> flushed = connection.FlushAsync();
                connection.Finish(EndCause.Shutdown);
                await flushed;
                connection.Release();
            });
            (byte[] bytes, bool inOrder) = await peer.ReadToEndAsync();
            (bytes.Length, inOrder).ShouldBe((20_000, true));
        }
    }

    [Fact]
    public async Task Release_RightBehindAFlush_CutsNothingOff()
    {
        (LoopConnection connection, Socket peer) = await _test.ConnectAsync();
        using (peer)
        {
            await _test.RunAsync(async () =>
            {
                connection.WriteStream(20_000);
                (await connection.FlushAsync()).ShouldBeTrue();
                connection.Release();
            });
            (byte[] bytes, bool inOrder) = await peer.ReadToEndAsync();
            (bytes.Length, inOrder).ShouldBe((20_000, true));
        }
    }

    [Fact]
    public async Task ManyThreadsEndManyConnections_EveryWaitEndsOnce()
    {
        var random = new Random(TestSeed.Value);
        int ended = 0;
        for (int round = 0; round < 20; round++)
        {
            List<(LoopConnection Connection, Socket Peer)> pairs = [];
            for (int i = 0; i < 8; i++)
                pairs.Add(await _test.ConnectAsync());
            Task<ReadOutcome>[] reads = [.. pairs.Select(p => _test.RunAsync(async () =>
            {
                ReadOutcome outcome = await p.Connection.ReadAsync();
                p.Connection.Release();
                ended++;
                return outcome;
            }))];
            int[] turns = [.. pairs.Select(_ => random.Next(4))];
            Parallel.For(0, pairs.Count, i =>
            {
                (LoopConnection connection, Socket peer) = pairs[i];
                Parallel.Invoke(
                    () => connection.Abort(EndCause.NotNeeded),
                    () => connection.Finish(EndCause.Shutdown),
                    () => connection.Abort(EndCause.Deadline),
                    () => End(peer, turns[i]));
            });
            await Task.WhenAll(reads);
            foreach ((LoopConnection connection, Socket peer) in pairs)
            {
                connection.EndCause.ShouldNotBe(EndCause.None);
                (await _test.HoldsAsync(connection)).ShouldBeFalse();
                peer.Dispose();
            }
        }

        (await _test.CallAsync(() => ended)).ShouldBe(160, $"seed {TestSeed.Value}");

        static void End(Socket peer, int how)
        {
            if (how == 0)
                peer.Reset();
            else if (how == 1)
                peer.Shutdown(SocketShutdown.Send);
            else if (how == 2)
                _ = peer.Send(new byte[10], SocketFlags.None, out _);
        }
    }

    private async Task<(Task<ReadOutcome>? Reading, Task<bool>? Flushing)> BeginAsync(LoopConnection connection, Socket peer, Doing doing, IdleRecorder watcher)
    {
        Task<ReadOutcome>? reading = null;
        Task<bool>? flushing = null;
        if (doing is Doing.HoldingBytes or Doing.BytesToReceive)
            await peer.SendAsync(new byte[100]);
        if (doing == Doing.HoldingBytes)
            await _test.RunAsync(() => connection.ReadUntilAsync(100));
        if (doing is Doing.Reading or Doing.ReadingAndFlushing)
            reading = _test.RunAsync(connection.ReadAsync);
        if (doing == Doing.Peeking)
            reading = _test.RunAsync(async () => await connection.WaitReadableAsync(more: false) ? ReadOutcome.Data : ReadOutcome.Failed);
        if (doing is Doing.HoldingUnflushed or Doing.Flushing or Doing.ReadingAndFlushing)
            await _test.CallAsync(() => connection.WriteStream(1_000_000));
        if (doing is Doing.Flushing or Doing.ReadingAndFlushing)
            flushing = _test.RunAsync(connection.FlushAsync);
        if (doing == Doing.PeerFinished)
            peer.Shutdown(SocketShutdown.Send);
        if (doing == Doing.PeerReset)
            peer.Reset();
        if (doing == Doing.Parked)
        {
            connection.IdleWatcher = watcher;
            (await _test.CallAsync(connection.TryPark)).ShouldBeTrue();
        }

        await _test.RoundsAsync();
        return (reading, flushing);
    }
}
