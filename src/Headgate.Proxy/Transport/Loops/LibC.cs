using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Headgate.Proxy.Transport.Loops;

/// <summary>
/// The system calls of the event loops. Those that never wait are called without telling the garbage collector (<see cref="SuppressGCTransitionAttribute"/>): what
/// they do takes no longer than a few microseconds. All of them report failure by −1 and <see cref="Errno"/>.
/// </summary>
internal static unsafe partial class LibC
{
    public const int EINTR = 4;
    public const int EAGAIN = 11;
    public const int ENOMEM = 12;
    public const int ENFILE = 23;
    public const int EMFILE = 24;
    public const int EADDRINUSE = 98;
    public const int EADDRNOTAVAIL = 99;
    public const int ECONNABORTED = 103;
    public const int ENOBUFS = 105;
    public const int ETIMEDOUT = 110;
    public const int ECONNREFUSED = 111;
    public const int EINPROGRESS = 115;

    public const int AF_INET = 2;
    public const int AF_INET6 = 10;
    public const int SOCK_STREAM = 1;
    public const int SOCK_NONBLOCK = 0x800;
    public const int SOCK_CLOEXEC = 0x80000;

    public const int SOL_SOCKET = 1;
    public const int SO_REUSEADDR = 2;
    public const int SO_ERROR = 4;
    public const int SO_LINGER = 13;
    public const int SO_REUSEPORT = 15;
    public const int IPPROTO_TCP = 6;
    public const int TCP_NODELAY = 1;
    public const int IPPROTO_IPV6 = 41;
    public const int IPV6_V6ONLY = 26;

    public const int SHUT_WR = 1;
    public const int MSG_PEEK = 0x2;
    public const int MSG_NOSIGNAL = 0x4000;

    public const uint EPOLLIN = 0x1;
    public const uint EPOLLOUT = 0x4;
    public const uint EPOLLERR = 0x8;
    public const uint EPOLLHUP = 0x10;
    public const uint EPOLLRDHUP = 0x2000;
    public const uint EPOLLET = 0x80000000;
    public const int EPOLL_CTL_ADD = 1;
    public const int EPOLL_CTL_DEL = 2;
    public const int EPOLL_CLOEXEC = 0x80000;
    public const int EFD_NONBLOCK = 0x800;
    public const int EFD_CLOEXEC = 0x80000;

    private const string Library = "libc";

    // Numbers of the calls that every request makes. The functions that libc has for them are points where a thread may be cancelled, which costs them two atomic
    // steps in a process that has threads; its syscall() is none.
    private static readonly nint RecvFrom = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 45 : 207;
    private static readonly nint SendTo = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 44 : 206;
    private static readonly nint EpollPwait = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 281 : 22;

    /// <summary>Error of the last call on this thread; to be asked for at once.</summary>
    public static int Errno => Marshal.GetLastSystemError();

    [LibraryImport(Library), SuppressGCTransition]
    public static partial int socket(int family, int type, int protocol);

    [LibraryImport(Library), SuppressGCTransition]
    public static partial int bind(int fd, byte* address, int length);

    [LibraryImport(Library), SuppressGCTransition]
    public static partial int listen(int fd, int backlog);

    [LibraryImport(Library), SuppressGCTransition]
    public static partial int connect(int fd, byte* address, int length);

    [LibraryImport(Library), SuppressGCTransition]
    public static partial int accept4(int fd, byte* address, int* length, int flags);

    [LibraryImport(Library), SuppressGCTransition]
    public static partial int getsockname(int fd, byte* address, int* length);

    [LibraryImport(Library), SuppressGCTransition]
    public static partial int setsockopt(int fd, int level, int option, void* value, int length);

    [LibraryImport(Library), SuppressGCTransition]
    public static partial int getsockopt(int fd, int level, int option, void* value, int* length);

    [LibraryImport(Library), SuppressGCTransition]
    public static partial int shutdown(int fd, int how);

    [LibraryImport(Library), SuppressGCTransition]
    public static partial int close(int fd);

    [LibraryImport(Library), SuppressGCTransition]
    public static partial int epoll_create1(int flags);

    [LibraryImport(Library), SuppressGCTransition]
    public static partial int epoll_ctl(int epoll, int operation, int fd, byte* polled);

    [LibraryImport(Library), SuppressGCTransition]
    public static partial int eventfd(uint initial, int flags);

    [LibraryImport(Library), SuppressGCTransition]
    public static partial nint read(int fd, void* buffer, nint length);

    [LibraryImport(Library), SuppressGCTransition]
    public static partial nint write(int fd, void* buffer, nint length);

    /// <summary>recv(2).</summary>
    public static nint recv(int fd, byte* buffer, nint length, int flags) => QuickCall(RecvFrom, fd, (nint)buffer, length, flags, 0, 0);

    /// <summary>send(2).</summary>
    public static nint send(int fd, byte* buffer, nint length, int flags) => QuickCall(SendTo, fd, (nint)buffer, length, flags, 0, 0);

    /// <summary>epoll_wait(2). It waits, so that the collector must be told.</summary>
    public static int epoll_wait(int epoll, byte* events, int count, int timeoutMs) => (int)WaitingCall(EpollPwait, epoll, (nint)events, count, timeoutMs, 0, 8);

    /// <summary>Sets an option that is an int; a failure is nobody's concern.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int SetOption(int fd, int level, int option, int value) => setsockopt(fd, level, option, &value, sizeof(int));

    /// <summary>Ends a connection and keeps its socket, which can be connected again; the peer is sent a reset unless both sides have ended. False when the system refuses.</summary>
    public static bool TryDisconnect(int fd)
    {
        UInt128 nowhere = 0; // sockaddr of family AF_UNSPEC
        return connect(fd, (byte*)&nowhere, sizeof(UInt128)) == 0;
    }

    /// <summary>The pending error of a socket (a connect that ended); 0 = none.</summary>
    public static int PendingError(int fd)
    {
        int error = 0;
        int length = sizeof(int);
        return getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &length) == 0 ? error : Errno;
    }

    /// <summary>From now on closing the socket resets the connection and drops what is unsent.</summary>
    public static void ResetOnClose(int fd)
    {
        long onWithoutWaiting = 1; // struct linger: int on, int seconds
        _ = setsockopt(fd, SOL_SOCKET, SO_LINGER, &onWithoutWaiting, sizeof(long));
    }

    [LibraryImport(Library, EntryPoint = "syscall"), SuppressGCTransition]
    private static partial nint QuickCall(nint number, nint a, nint b, nint c, nint d, nint e, nint f);

    [LibraryImport(Library, EntryPoint = "syscall")]
    private static partial nint WaitingCall(nint number, nint a, nint b, nint c, nint d, nint e, nint f);
}
