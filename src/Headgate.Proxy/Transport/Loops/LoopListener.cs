using System.Net;
using Microsoft.Extensions.Logging;

namespace Headgate.Proxy.Transport.Loops;

/// <summary>
/// A listening socket of one loop. All loops listen on the same port (SO_REUSEPORT), so that the system spreads new connections over them and none is woken for another.
/// When the process runs out of descriptors, one kept for that case takes a client in, which is refused, instead of leaving it in the queue unanswered.
/// </summary>
internal sealed class LoopListener : ILoopTarget
{
    /// <summary>Taken in at a time, before the loop turns to others.</summary>
    private const int AcceptsPerEvent = 64;

    private readonly EventLoop _loop;
    private readonly ulong _token;
    private readonly ILogger _logger;
    private readonly Action<LoopListener, int, IPEndPoint?, bool> _onAccepted;
    private int _fd;
    private long _loggedMs = -1000;
    private int _spare = LibC.eventfd(0, LibC.EFD_CLOEXEC);

    /// <summary>
    /// Listens on <paramref name="fd"/>, which is bound, and tells <paramref name="onAccepted"/> of every client: descriptor, address, and whether it must be refused for
    /// want of descriptors. On the loop's thread.
    /// </summary>
    /// <exception cref="IOException">The system refuses.</exception>
    public LoopListener(EventLoop loop, int fd, ProxyListener listener, int index, Action<LoopListener, int, IPEndPoint?, bool> onAccepted, ILogger logger)
    {
        _loop = loop;
        _fd = fd;
        Listener = listener;
        Index = index;
        Address = SocketAddresses.Local(fd) ?? listener.Address;
        _onAccepted = onAccepted;
        _logger = logger;
        const int Backlog = 4096; // the system lowers it to net.core.somaxconn
        if (LibC.listen(fd, Backlog) != 0 || loop.RegisterListener(fd, this) is not { } token)
            throw new IOException($"cannot listen on {listener.Address}: error {LibC.Errno}");
        _token = token;
    }

    /// <summary>What it listens for.</summary>
    public ProxyListener Listener { get; }

    /// <summary>Its place among the listeners.</summary>
    public int Index { get; }

    /// <summary>Where it is bound.</summary>
    public IPEndPoint Address { get; }

    /// <inheritdoc/>
    public void OnEvents(uint events) => Accept(AcceptsPerEvent);

    /// <inheritdoc/>
    public void OnBug()
    {
        // One client paid for it; those behind it are served.
    }

    /// <summary>Takes in who has connected already, then stops listening: a queue that is closed resets them. Idempotent.</summary>
    public void Close()
    {
        if (_fd < 0)
            return;
        Accept(int.MaxValue);
        _loop.Unregister(_token, _fd, staysOpen: false);
        _ = LibC.close(_fd);
        _ = LibC.close(_spare);
        _fd = -1;
    }

    private void Accept(int countMax)
    {
        for (int i = 0; i < countMax && _fd >= 0; i++)
        {
            int fd = AcceptOne(out IPEndPoint? client, out int error);
            if (fd >= 0)
            {
                _onAccepted(this, fd, client, false);
            }
            else if (error is LibC.EMFILE or LibC.ENFILE)
            {
                RefuseOne(error);
                return;
            }
            else if (error is not (LibC.ECONNABORTED or LibC.EINTR))
            {
                return;
            }
        }
    }

    private void RefuseOne(int error)
    {
        if (_loop.Deadlines.NowMs - _loggedMs > 1000)
        {
            _loggedMs = _loop.Deadlines.NowMs;
            LoopLog.OutOfDescriptors(_logger, error);
        }

        _ = LibC.close(_spare);
        int fd = AcceptOne(out IPEndPoint? client, out _);
        if (fd >= 0)
            _onAccepted(this, fd, client, true);
        _spare = LibC.eventfd(0, LibC.EFD_CLOEXEC);
    }

    private unsafe int AcceptOne(out IPEndPoint? client, out int error)
    {
        byte* address = stackalloc byte[SocketAddresses.BytesMax];
        int length = SocketAddresses.BytesMax;
        int fd = LibC.accept4(_fd, address, &length, LibC.SOCK_NONBLOCK | LibC.SOCK_CLOEXEC);
        error = fd < 0 ? LibC.Errno : 0;
        client = fd < 0 ? null : SocketAddresses.Read(new ReadOnlySpan<byte>(address, Math.Min(length, SocketAddresses.BytesMax)));
        return fd;
    }
}
