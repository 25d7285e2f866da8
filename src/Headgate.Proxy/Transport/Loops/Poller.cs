using System.Runtime.InteropServices;

namespace Headgate.Proxy.Transport.Loops;

/// <summary>
/// Edge-triggered epoll(7): a descriptor is registered once and reported when something about it changes. Everything but <see cref="Dispose"/> on the loop's thread.
/// </summary>
internal sealed unsafe class Poller : IDisposable
{
    private const int EventsMax = 512;

    // struct epoll_event is packed on x86-64 and nowhere else.
    private static readonly int DataOffset = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 4 : 8;
    private static readonly int EventBytes = DataOffset + sizeof(ulong);

    private readonly int _epoll = LibC.epoll_create1(LibC.EPOLL_CLOEXEC);
    private readonly byte* _events = (byte*)NativeMemory.Alloc((nuint)(EventsMax * EventBytes));

    /// <summary>Makes a poller.</summary>
    /// <exception cref="IOException">The system gives none.</exception>
    public Poller()
    {
        if (_epoll < 0)
            throw new IOException($"epoll_create1 failed with error {LibC.Errno}");
    }

    /// <summary>Registers a socket for everything: readable, writable, finished, broken. False when the system refuses.</summary>
    public bool TryAdd(int fd, ulong token) => TryAdd(fd, token, LibC.EPOLLIN | LibC.EPOLLOUT | LibC.EPOLLRDHUP | LibC.EPOLLET);

    /// <summary>Registers what can only become readable (a listener, an eventfd), level-triggered: what is left unread is reported again.</summary>
    public bool TryAddReader(int fd, ulong token) => TryAdd(fd, token, LibC.EPOLLIN);

    /// <summary>Forgets a descriptor that stays open; closing one does it too.</summary>
    public void Remove(int fd)
    {
        byte* ignored = stackalloc byte[16];
        _ = LibC.epoll_ctl(_epoll, LibC.EPOLL_CTL_DEL, fd, ignored);
    }

    /// <summary>Waits at most so long (−1 = for ever) and returns the number of events; what they are is asked for with <see cref="Event"/>.</summary>
    public int Wait(int timeoutMs) => Math.Max(0, LibC.epoll_wait(_epoll, _events, EventsMax, timeoutMs)); // −1 is a signal: nothing happened

    /// <summary>An event of the last <see cref="Wait"/>: whose, and what.</summary>
    public (ulong Token, uint Events) Event(int index)
    {
        byte* polled = _events + (index * EventBytes);
        return (*(ulong*)(polled + DataOffset), *(uint*)polled);
    }

    /// <summary>Frees what the system gave. The loop's thread has ended.</summary>
    public void Dispose()
    {
        _ = LibC.close(_epoll);
        NativeMemory.Free(_events);
    }

    private bool TryAdd(int fd, ulong token, uint events)
    {
        byte* polled = stackalloc byte[16];
        *(uint*)polled = events;
        *(ulong*)(polled + DataOffset) = token;
        return LibC.epoll_ctl(_epoll, LibC.EPOLL_CTL_ADD, fd, polled) == 0;
    }
}
