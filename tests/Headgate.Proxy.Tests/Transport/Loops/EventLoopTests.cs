using System.Diagnostics;
using System.Net.Sockets;
using Headgate.Proxy.Transport;
using Headgate.Proxy.Transport.Loops;
using Headgate.Testing;

namespace Headgate.Proxy.Tests.Transport.Loops;

/// <summary>The thread that owns sockets: what is posted runs on it, what waits comes back to it, and one that is mistaken or greedy harms no other.</summary>
public sealed class EventLoopTests
{
    [Fact]
    public async Task Post_RunsOnTheLoopsThreadInOrder()
    {
        using LoopUnderTest test = new();
        test.Loop.IsCurrent.ShouldBeFalse();
        List<int> ran = [];
        int elsewhere = 0;
        for (int i = 0; i < 1000; i++)
        {
            test.Loop.Post(
                number =>
                {
                    ran.Add((int)number!);
                    elsewhere += test.Loop.IsCurrent ? 0 : 1;
                },
                i);
        }

        await test.RoundsAsync(1);
        ran.ShouldBe(Enumerable.Range(0, 1000));
        elsewhere.ShouldBe(0);
    }

    [Fact]
    public async Task IsCurrent_TwoLoops_EachKnowsItsOwnThread()
    {
        using LoopUnderTest one = new();
        using LoopUnderTest two = new();
        (await one.CallAsync(() => (one.Loop.IsCurrent, two.Loop.IsCurrent))).ShouldBe((true, false));
        (await two.CallAsync(() => (one.Loop.IsCurrent, two.Loop.IsCurrent))).ShouldBe((false, true));
    }

    [Fact]
    public async Task AwaitingSomethingForeign_ComesBackToTheLoop()
    {
        using LoopUnderTest test = new();
        var foreign = new TaskCompletionSource();
        Task<bool[]> flow = test.RunAsync(async () =>
        {
            List<bool> here = [test.Loop.IsCurrent];
            await Task.Run(() => here.Add(test.Loop.IsCurrent));
            here.Add(test.Loop.IsCurrent);
            await foreign.Task;
            here.Add(test.Loop.IsCurrent);
            await Task.Yield();
            here.Add(test.Loop.IsCurrent);
            await InnerAsync();
            here.Add(test.Loop.IsCurrent);
            return here.ToArray();
        });
        await Task.Run(foreign.SetResult, TestContext.Current.CancellationToken);
        (await flow).ShouldBe([true, false, true, true, true, true]);

        static async ValueTask InnerAsync() => await Task.Run(() => { });
    }

    [Fact]
    public async Task Send_ToItsContext_IsRefused()
    {
        using LoopUnderTest test = new();
        SynchronizationContext context = (await test.CallAsync(() => SynchronizationContext.Current)).ShouldNotBeNull();
#pragma warning disable VSTHRD001 // Waiting for a loop is what it refuses.
        Should.Throw<NotSupportedException>(() => context.Send(_ => { }, null));
#pragma warning restore VSTHRD001
    }

    [Fact]
    public async Task OnEvents_Throws_CostsOnlyThatTarget()
    {
        using LoopUnderTest test = new();
        (int mistakenFd, Socket mistakenPeer) = await LoopUnderTest.PairAsync();
        (LoopConnection sound, Socket soundPeer) = await test.ConnectAsync();
        var mistaken = new IdleTarget(_ => throw new InvalidOperationException("a mistake"));
        ulong token = (await test.CallAsync(() => test.Loop.Register(mistakenFd, mistaken))).ShouldNotBeNull();
        await Eventually.HoldsAsync(() => mistaken.Bugs == 1, "told of its mistake");
        test.Log.Lines.ShouldHaveSingleItem().ShouldStartWith("1220 ");

        await soundPeer.SendAsync(new byte[3]);
        (await test.RunAsync(sound.ReadAsync)).ShouldBe(ReadOutcome.Data);
        await mistakenPeer.SendAsync(new byte[3]);
        await Eventually.HoldsAsync(() => mistaken.Bugs == 2, "it is still there: closing is its own affair");
        await test.CallAsync(() =>
        {
            sound.Release();
            test.Loop.Unregister(token, mistakenFd, staysOpen: false);
        });
        _ = LibC.close(mistakenFd);
        mistakenPeer.Dispose();
        soundPeer.Dispose();
    }

    [Fact]
    public async Task FlowOfAConnection_Throws_ConnectionIsResetAndTheLoopGoesOn()
    {
        using LoopUnderTest test = new();
        (LoopConnection connection, Socket peer) = await test.ConnectAsync(make: fd => new MistakenConnection(test.Loop, fd));
        using (peer)
        {
            Task<ReadOutcome> reading = test.RunAsync(connection.ReadAsync);
            await peer.SendAsync(new byte[3]);
            (await reading).ShouldBe(ReadOutcome.Failed);
            connection.EndCause.ShouldBe(EndCause.ProtocolError);
            test.Log.Lines.ShouldHaveSingleItem().ShouldStartWith("1220 ");
            (await Should.ThrowAsync<SocketException>(() => peer.ReceiveAsync(new byte[1]))).SocketErrorCode.ShouldBe(SocketError.ConnectionReset);
            (await test.CallAsync(() => 5)).ShouldBe(5);
        }
    }

    [Fact]
    public async Task MayReceive_BoundsAFlowToItsTurn()
    {
        using LoopUnderTest test = new();
        (LoopConnection connection, Socket peer) = await test.ConnectAsync(make: fd => new EndlessConnection(test.Loop, fd));
        using (peer)
        {
            long read = 0;
            bool stop = false;
            await peer.SendAsync(new byte[1]); // the first edge
            Task<ReadOutcome> flow = test.RunAsync(async () =>
            {
                ReadOutcome outcome = ReadOutcome.Data;
                while (!stop && outcome == ReadOutcome.Data)
                {
                    outcome = await connection.ReadAsync();
                    connection.Consume(connection.Unread.Length);
                    read++;
                }

                return outcome;
            });

            // The flow never waits for bytes; nevertheless the mailbox has its turn, and between two of its turns there is no more than the flow's share.
            long last = await test.CallAsync(() => read);
            for (int i = 0; i < 100; i++)
            {
                long[] seen = await test.RunAsync(async () =>
                {
                    long before = read;
                    await Task.Yield();
                    return new[] { before, read };
                });
                (seen[1] - seen[0]).ShouldBeLessThanOrEqualTo(70);
                seen[0].ShouldBeGreaterThanOrEqualTo(last);
                last = seen[1];
            }

            last.ShouldBeGreaterThan(100);
            await test.CallAsync(() => stop = true);
            (await flow).ShouldBe(ReadOutcome.Data);
            connection.Release();
        }
    }

    [Fact]
    public async Task Register_WhatCannotBePolled_Null()
    {
        using LoopUnderTest test = new();
        using var file = File.OpenHandle("/dev/null");
        (await test.CallAsync(() => test.Loop.Register((int)file.DangerousGetHandle(), new IdleTarget()))).ShouldBeNull();
        (await test.CallAsync(() => test.Loop.Targets.Count())).ShouldBe(0);
    }

    [Fact]
    public async Task Unregister_EventsAlreadyReported_FindNobody()
    {
        using LoopUnderTest test = new();
        List<string> told = [];
        (int first, Socket firstPeer) = await LoopUnderTest.PairAsync();
        (int second, Socket secondPeer) = await LoopUnderTest.PairAsync();
        ulong? token = null;
        ulong? secondToken = null;
        await test.CallAsync(() =>
        {
            // Both are reported by the same wait; whichever comes first removes the other.
            token = test.Loop.Register(first, new IdleTarget(_ =>
            {
                told.Add("first");
                test.Loop.Unregister(secondToken!.Value, second, staysOpen: true);
            }));
            secondToken = test.Loop.Register(second, new IdleTarget(_ =>
            {
                told.Add("second");
                test.Loop.Unregister(token!.Value, first, staysOpen: true);
            }));
        });
        await test.RoundsAsync();
        (await test.CallAsync(told.ToArray)).Length.ShouldBe(1);
        _ = LibC.close(first);
        _ = LibC.close(second);
        firstPeer.Dispose();
        secondPeer.Dispose();
    }

    [Fact]
    public async Task Dispose_EndsWhatWaits()
    {
        LoopUnderTest test = new();
        (LoopConnection reader, Socket readerPeer) = await test.ConnectAsync();
        (LoopConnection writer, Socket writerPeer) = await test.ConnectAsync(bufferBytes: 4096);
        (LoopConnection parked, Socket parkedPeer) = await test.ConnectAsync();
        var watcher = new IdleRecorder();
        parked.IdleWatcher = watcher;
        Task<ReadOutcome> reading = test.RunAsync(reader.ReadAsync);
        Task<bool> writing = test.RunAsync(() =>
        {
            writer.WriteStream(1 << 20);
            return writer.FlushAsync();
        });
        (await test.CallAsync(parked.TryPark)).ShouldBeTrue();
        await test.RoundsAsync();
        writing.IsCompleted.ShouldBeFalse();

        test.Dispose();
        (await reading).ShouldBe(ReadOutcome.Failed);
        (await writing).ShouldBeFalse();
        watcher.Ended.ShouldBe(1);
        reader.EndCause.ShouldBe(EndCause.Shutdown);
        await Task.Run(() => test.Loop.Post(_ => throw new InvalidOperationException("never run"), null), TestContext.Current.CancellationToken);
        test.Dispose();
        test.Log.Lines.ShouldBeEmpty();
        readerPeer.Dispose();
        writerPeer.Dispose();
        parkedPeer.Dispose();
    }

    [Fact]
    public async Task Dispose_WhatWasPostedBefore_StillRuns()
    {
        for (int round = 0; round < 20; round++)
        {
            LoopUnderTest test = new();
            int ran = 0;
            for (int i = 0; i < 100; i++)
                test.Loop.Post(_ => ran++, null);
            await Task.Run(test.Dispose, TestContext.Current.CancellationToken);
            ran.ShouldBe(100);
        }
    }

    [Fact]
    public async Task Dispose_OnItsOwnThread_DoesNotWaitForItself()
    {
        using LoopUnderTest test = new();
        await test.CallAsync(test.Loop.Dispose);
    }

    [Fact]
    public void Dispose_GivesItsDescriptorsBack()
    {
        int before = Descriptors();
        for (int i = 0; i < 50; i++)
            new LoopUnderTest().Dispose();
        Descriptors().ShouldBeLessThan(before + 50);
    }

    private static int Descriptors() => Directory.GetFileSystemEntries("/proc/self/fd").Length;

    /// <summary>Brings a byte whenever it is asked, so that its reader never waits.</summary>
    private sealed class EndlessConnection(EventLoop loop, int fd) : LoopConnection(loop, fd)
    {
        protected override int Receive(Span<byte> space)
        {
            space[0] = 1;
            return 1;
        }
    }

    private sealed class MistakenConnection(EventLoop loop, int fd) : LoopConnection(loop, fd)
    {
        protected override int Receive(Span<byte> space) => throw new UnreachableException("a mistake");
    }
}
