using System.Net.Sockets;
using Headgate.Proxy.Transport.Loops;
using Microsoft.Extensions.Logging.Abstractions;

namespace Headgate.Proxy.Tests.Transport.Loops;

/// <summary>What the system tells of a socket, once each; of a listener, again and again.</summary>
public sealed class PollerTests : IDisposable
{
    private const ulong Token = 0x8123_4567_89AB_CDEF;
    private readonly Poller _poller = new();

    public void Dispose() => _poller.Dispose();

    [Fact]
    public async Task Socket_IsReportedOnceForEachChange()
    {
        (int fd, Socket peer) = await LoopUnderTest.PairAsync();
        using (peer)
        {
            _poller.TryAdd(fd, Token).ShouldBeTrue();
            Next().ShouldBe((Token, LibC.EPOLLOUT), "it can be written to");
            _poller.Wait(0).ShouldBe(0);

            await peer.SendAsync(new byte[10]);
            Next().ShouldBe((Token, LibC.EPOLLIN | LibC.EPOLLOUT));
            _poller.Wait(0).ShouldBe(0, "nobody has read, but nothing is new");

            await peer.SendAsync(new byte[10]);
            Next().ShouldBe((Token, LibC.EPOLLIN | LibC.EPOLLOUT), "more came");

            peer.Shutdown(SocketShutdown.Send);
            (Next().Events & LibC.EPOLLRDHUP).ShouldNotBe(0u, "the peer has finished");
            _poller.Wait(0).ShouldBe(0);

            peer.LingerState = new LingerOption(true, 0);
            peer.Close(0);
            (Next().Events & (LibC.EPOLLHUP | LibC.EPOLLERR)).ShouldBe(LibC.EPOLLHUP | LibC.EPOLLERR, "reset");
        }

        _ = LibC.close(fd);
    }

    [Fact]
    public void Reader_IsReportedUntilItIsRead()
    {
        using var mailbox = new Mailbox();
        _poller.TryAddReader(mailbox.WakeFd, Token).ShouldBeTrue();
        _poller.Wait(0).ShouldBe(0);
        mailbox.Post(_ => { }, null);
        for (int i = 0; i < 3; i++)
            Next().ShouldBe((Token, LibC.EPOLLIN));
        mailbox.Run(NullLogger.Instance);
        _poller.Wait(0).ShouldBe(0);
    }

    [Fact]
    public async Task Remove_NothingIsReportedAnyMore()
    {
        (int fd, Socket peer) = await LoopUnderTest.PairAsync();
        using (peer)
        {
            _poller.TryAdd(fd, Token).ShouldBeTrue();
            Next();
            _poller.Remove(fd);
            await peer.SendAsync(new byte[10]);
            _poller.Wait(0).ShouldBe(0);

            _poller.TryAdd(fd, Token + 1).ShouldBeTrue("it may be registered again");
            Next().ShouldBe((Token + 1, LibC.EPOLLIN | LibC.EPOLLOUT));
        }

        _ = LibC.close(fd);
    }

    [Fact]
    public void TryAdd_WhatCannotBePolled_False()
    {
        using var file = File.OpenHandle("/dev/null");
        _poller.TryAdd((int)file.DangerousGetHandle(), Token).ShouldBeFalse();
        _poller.TryAdd(-1, Token).ShouldBeFalse();
        _poller.Wait(0).ShouldBe(0);
    }

    [Fact]
    public void Wait_MoreThanFitsAtATime_TheRestComesNext()
    {
        const int Count = 1300;
        int[] fds = [.. Enumerable.Range(0, Count).Select(_ => LibC.eventfd(1, LibC.EFD_NONBLOCK | LibC.EFD_CLOEXEC))];
        HashSet<ulong> seen = [];
        try
        {
            for (int i = 0; i < Count; i++)
                _poller.TryAdd(fds[i], (ulong)i << 20).ShouldBeTrue();
            for (int count; (count = _poller.Wait(0)) > 0;)
            {
                for (int i = 0; i < count; i++)
                    seen.Add(_poller.Event(i).Token).ShouldBeTrue("each is reported once");
            }
        }
        finally
        {
            foreach (int fd in fds)
                _ = LibC.close(fd);
        }

        seen.ShouldBe(Enumerable.Range(0, Count).Select(i => (ulong)i << 20), ignoreOrder: true);
    }

    [Fact]
    public void Dispose_Again_TouchesNoDescriptorThatCameAfterIt()
    {
        _poller.Dispose();
        int other = LibC.eventfd(0, LibC.EFD_CLOEXEC); // gets the lowest free number: most likely the one that was just closed
        _poller.Dispose();
        File.Exists($"/proc/self/fd/{other}").ShouldBeTrue();
        _ = LibC.close(other);
    }

    private (ulong Token, uint Events) Next()
    {
        _poller.Wait(10_000).ShouldBe(1);
        return _poller.Event(0);
    }
}
