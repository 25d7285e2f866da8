using System.Net;

namespace Headgate.Proxy.Transport.Loops;

/// <summary>
/// A non-blocking TCP socket registered with an event loop, and what its edges have told: whether a receive may bring something, whether the peer has finished. The
/// loop's thread only.
/// </summary>
internal sealed unsafe class LoopSocket
{
    /// <summary>What <see cref="Receive"/> and <see cref="Send"/> answer when nothing can be moved now.</summary>
    public const int WouldBlock = -1;

    /// <summary>What they answer when the connection is broken or closed.</summary>
    public const int Broken = -2;

    private readonly EventLoop _loop;
    private readonly ulong? _token;

    /// <summary>Takes over <paramref name="fd"/> and registers it for <paramref name="target"/>; closed at once when the system refuses.</summary>
    public LoopSocket(EventLoop loop, int fd, ILoopTarget target)
    {
        _loop = loop;
        Fd = fd;
        _token = loop.Register(fd, target);
        if (_token is null)
            Close(reset: true);
    }

    /// <summary>The descriptor; −1 once closed or given away.</summary>
    public int Fd { get; private set; }

    /// <summary>Whether it is open.</summary>
    public bool IsOpen => Fd >= 0;

    /// <summary>Whether a receive may bring something: an edge came and the socket was not seen empty since.</summary>
    public bool IsReadable { get; set; }

    /// <summary>Whether the peer is known to have finished sending: what is left to receive ends with the end of the stream.</summary>
    public bool PeerFinished { get; private set; }

    /// <summary>This side's address; null when it is closed.</summary>
    public IPEndPoint? LocalAddress => IsOpen ? SocketAddresses.Local(Fd) : null;

    /// <summary>Error of the connect that has ended; 0 = none.</summary>
    public int ConnectError => IsOpen ? LibC.PendingError(Fd) : 0;

    /// <summary>Notes what an event says about receiving; false when it says nothing about it.</summary>
    public bool NoteEdge(uint events)
    {
        PeerFinished |= (events & (LibC.EPOLLRDHUP | LibC.EPOLLHUP | LibC.EPOLLERR)) != 0;
        if ((events & ~LibC.EPOLLOUT) == 0)
            return false;
        IsReadable = true;
        return true;
    }

    /// <summary>
    /// Receives once. The number of bytes, 0 at the end of the stream, <see cref="WouldBlock"/> or <see cref="Broken"/>. A receive that brings less than it could has
    /// emptied the socket; the next edge tells of more.
    /// </summary>
    public int Receive(Span<byte> space)
    {
        nint count;
        fixed (byte* start = space)
        {
            count = LibC.recv(Fd, start, space.Length, 0);
        }

        if (count == space.Length || (count >= 0 && PeerFinished))
            return (int)count;
        IsReadable = false;
        return count >= 0 ? (int)count : LibC.Errno == LibC.EAGAIN ? WouldBlock : Broken;
    }

    /// <summary>Sends once. The number of bytes, <see cref="WouldBlock"/> or <see cref="Broken"/>.</summary>
    public int Send(ReadOnlySpan<byte> bytes)
    {
        fixed (byte* start = bytes)
        {
            nint count = LibC.send(Fd, start, bytes.Length, LibC.MSG_NOSIGNAL);
            return count >= 0 ? (int)count : LibC.Errno == LibC.EAGAIN ? WouldBlock : Broken;
        }
    }

    /// <summary>Looks at what can be received without taking it: as <see cref="Receive"/>, but what the edges told stays.</summary>
    public int Peek(Span<byte> into)
    {
        fixed (byte* start = into)
        {
            nint count = LibC.recv(Fd, start, into.Length, LibC.MSG_PEEK);
            return count >= 0 ? (int)count : LibC.Errno == LibC.EAGAIN ? WouldBlock : Broken;
        }
    }

    /// <summary>Ends the sending direction: what was sent is still delivered.</summary>
    public void FinishSending()
    {
        if (IsOpen)
            _ = LibC.shutdown(Fd, LibC.SHUT_WR);
    }

    /// <summary>Gives the descriptor away, untouched, to the caller, who closes it. −1 when it is closed.</summary>
    public int Detach()
    {
        int fd = Fd;
        if (fd >= 0 && _token is { } token)
            _loop.Unregister(token, fd, staysOpen: true);
        Fd = -1;
        return fd;
    }

    /// <summary>Closes it: what was sent is still delivered, or, with <paramref name="reset"/>, is not, and the peer is told so. Idempotent.</summary>
    public void Close(bool reset)
    {
        if (!IsOpen)
            return;
        if (reset)
            LibC.ResetOnClose(Fd);
        if (_token is { } token)
            _loop.Unregister(token, Fd, staysOpen: false);
        _ = LibC.close(Fd);
        Fd = -1;
    }
}
