using System.Net;
using Headgate.Proxy.Http1;
using Headgate.Proxy.Http2;
using Headgate.Proxy.Tls;
using Headgate.Proxy.Transport;
using Headgate.Proxy.Transport.Loops;
using Headgate.Proxy.Transport.Loops.Tls;

namespace Headgate.Proxy.Fronts;

/// <summary>An event loop and the clients it serves. Everything but <see cref="Connections"/> and the methods that say so runs on the loop.</summary>
internal sealed class LoopWorker : IDisposable
{
    /// <summary>Refused clients that are still told so at the same time; more are closed without a word.</summary>
    private const int RefusalsMax = 128;

    /// <summary>How often 4 KiB are taken from a client that is refused.</summary>
    private const int DropsMax = 5;

    private readonly FrontContext _context;
    private readonly Func<int, int, bool> _handOver;
    private readonly TlsChoice? _tls;
    private readonly CancellationTokenSource _closing = new();
    private readonly List<LoopListener> _listeners = [];
    private int _connections;
    private int _refusals;

    /// <summary>
    /// Makes the worker. <paramref name="tls"/> chooses certificates; null = https is not served here. <paramref name="handOver"/> gives a descriptor (second) of a listener (first) to who
    /// serves what the loops do not; false when nobody took it, and it is closed.
    /// </summary>
    public LoopWorker(EventLoop loop, FrontContext context, TlsChoice? tls, Func<int, int, bool> handOver)
    {
        _tls = tls;
        Loop = loop;
        _context = context;
        _handOver = handOver;
    }

    /// <summary>The loop.</summary>
    public EventLoop Loop { get; }

    /// <summary>Clients here now. Any thread.</summary>
    public int Connections => Volatile.Read(ref _connections);

    /// <summary>Adds a listening socket. Before the loop runs, or on it.</summary>
    public void Listen(LoopListener listener) => _listeners.Add(listener);

    /// <summary>A client that this worker is to serve. Any thread.</summary>
    public void Add(LoopListener listener, int fd, IPEndPoint? client)
    {
        Interlocked.Increment(ref _connections);
        if (Loop.IsCurrent)
            Begin(listener, fd, client);
        else
            Loop.Post(_ => Begin(listener, fd, client), null);
    }

    /// <summary>
    /// A client that cannot be served now: tells it so, when that is cheap. It may stay a moment, so that the answer is not lost, unless it has the last descriptor: the
    /// next one is to be told too.
    /// </summary>
    public void Refuse(LoopListener listener, int fd)
    {
        if (listener.Listener.Https || _refusals >= RefusalsMax)
        {
            _ = LibC.close(fd);
            return;
        }

        _refusals++;
        _ = RefuseAsync(new LoopConnection(Loop, fd), lingers: listener.HasReserve);
    }

    /// <summary>Stops listening, closes idle connections and lets each of the others end with its request. Any thread.</summary>
    public void Drain() => Loop.Post(
        static state =>
        {
            var self = (LoopWorker)state!;
            foreach (LoopListener listener in self._listeners)
                listener.Close();
            self._closing.Cancel();
        },
        this);

    /// <summary>Cuts off the clients that are left. Any thread.</summary>
    public void Abort() => Loop.Post(
        static state =>
        {
            foreach (ILoopTarget target in ((LoopWorker)state!).Loop.Targets)
            {
                // Those to nodes end with the requests that use them.
                if (target is not LoopConnection { IdleWatcher: null } client)
                    continue;
                client.OnPeerGone();
                client.Abort(EndCause.Shutdown);
            }
        },
        this);

    /// <inheritdoc/>
    public void Dispose()
    {
        Loop.Dispose();
        foreach (LoopListener listener in _listeners)
            listener.Dispose();
        _closing.Dispose();
    }

    private void Begin(LoopListener listener, int fd, IPEndPoint? client)
    {
        _ = LibC.SetOption(fd, LibC.IPPROTO_TCP, LibC.TCP_NODELAY, 1);
        LoopConnection connection = listener.Listener.Https && _tls is not null ? new LoopTlsConnection(Loop, fd) : new LoopConnection(Loop, fd);
        _ = ServeAsync(listener, connection, client);
    }

    private async Task ServeAsync(LoopListener listener, LoopConnection connection, IPEndPoint? client)
    {
        bool isOurs = true;
        try
        {
            FirstBytesVerdict verdict = await JudgeAsync(listener.Listener, connection);
            if (verdict == FirstBytesVerdict.Kestrel)
                isOurs = !TryHandOver(listener, connection);
            else if (verdict == FirstBytesVerdict.ClearText)
                await RefuseClearTextAsync(listener, connection, client);
            else if (connection is not LoopTlsConnection secure || await ShakeHandsAsync(secure))
                await Http1(listener, connection, client).RunAsync();
        }
        catch (Exception bug)
        {
            LoopLog.LoopBug(_context.Logger, bug);
        }
        finally
        {
            connection.Release();
            Interlocked.Decrement(ref _connections);
            if (isOurs)
                _context.Counters.OnDisconnected();
        }
    }

    private ClientConnection Http1(LoopListener listener, LoopConnection connection, IPEndPoint? client)
    {
        IPEndPoint server = listener.Address;
        if (server.Address.Equals(IPAddress.Any) || server.Address.Equals(IPAddress.IPv6Any))
            server = connection.Socket.LocalAddress ?? server;
        var exchange = new Http1Exchange(connection, new ClientEndpoints(client, server), listener.Listener.Https, _context.ServerName, _context.Date, _context.Limits)
        {
            Tls = (connection as LoopTlsConnection)?.Tls,
        };
        return new ClientConnection(connection, exchange, _context.Pipeline, _context.Limits, _context.Logger, _closing.Token);
    }

    /// <summary>Who serves the client, by its first bytes, which stay unread.</summary>
    private async ValueTask<FirstBytesVerdict> JudgeAsync(ProxyListener listener, LoopConnection connection)
    {
        if (listener.Https && connection is not LoopTlsConnection)
            return FirstBytesVerdict.Kestrel;
        if (FirstBytes.PeekedMax(listener) == 0)
            return FirstBytesVerdict.OwnLoop;
        connection.SetReadDeadline(_context.Limits.HeadTimeout);
        await using CancellationTokenRegistration closing = FinishOnClosing(connection);
        bool arrived = await connection.WaitReadableAsync(more: false);
        while (true)
        {
            FirstBytesVerdict verdict = Judge(listener, connection, ended: !arrived);
            if (verdict != FirstBytesVerdict.Wait)
                return verdict;
            arrived = await connection.WaitReadableAsync(more: true);
        }
    }

    private CancellationTokenRegistration FinishOnClosing(LoopConnection connection) =>
        _closing.Token.UnsafeRegister(static c => ((LoopConnection)c!).Finish(EndCause.Shutdown), connection);

    private async ValueTask<bool> ShakeHandsAsync(LoopTlsConnection connection)
    {
        if (connection.DeadlineMs == 0)
            connection.SetReadDeadline(_context.Limits.HeadTimeout);
        await using CancellationTokenRegistration closing = FinishOnClosing(connection);
        if (connection.Tls is null && connection.Socket.IsOpen)
            _ = connection.Socket.Send(TlsChoice.UnrecognizedName.Span);
        else if (await connection.HandshakeAsync())
            return true;

        // What is left unread when a socket is closed resets it, and the alert that says why is lost.
        DropArrived(connection);
        return false;
    }

    private FirstBytesVerdict Judge(ProxyListener listener, LoopConnection connection, bool ended)
    {
        // A ClientHello may have 16 KiB, which is too much for the stack. Between two calls of a session the wire is free.
        Span<byte> first = listener.Https ? TlsWire.Current.Space()[..FirstBytes.PeekedMax(listener)] : stackalloc byte[Http2Preface.Start.Length];
        int count = connection.Socket.Peek(first);
        first = first[..Math.Max(0, count)];
        FirstBytesVerdict verdict = FirstBytes.Judge(listener, first, ended || count is 0 or LoopSocket.Broken);
        if (verdict != FirstBytesVerdict.OwnLoop || connection is not LoopTlsConnection secure)
            return verdict;
        secure.Tls = _tls!.Choose(first[ClientHello.Read(first).ServerName]);
        return secure.Tls is { Certificate.Context: null } ? FirstBytesVerdict.Kestrel : verdict;
    }

    private bool TryHandOver(LoopListener listener, LoopConnection connection)
    {
        int fd = connection.Detach();
        return fd >= 0 && _handOver(listener.Index, fd);
    }

    private async Task RefuseAsync(LoopConnection connection, bool lingers)
    {
        try
        {
            var exchange = new Http1Exchange(connection, new ClientEndpoints(null, null), https: false, _context.ServerName, _context.Date, _context.Limits);
            exchange.Refuse(503, "too many connections");
            if (await connection.FlushWithinAsync(_context.Limits.LingerTimeout) && lingers)
                await connection.LingerAsync(_context.Limits.LingerTimeout, _context.Limits.DroppedBytesMax);
            else
                DropArrived(connection);
        }
        finally
        {
            connection.Release();
            _refusals--;
        }
    }

    /// <summary>A client that speaks clear text where TLS is spoken: the descriptor goes on without TLS, and the client is told.</summary>
    private async ValueTask RefuseClearTextAsync(LoopListener listener, LoopConnection connection, IPEndPoint? client)
    {
        int fd = connection.Detach();
        if (fd < 0)
            return;
        var clear = new LoopConnection(Loop, fd);
        try
        {
            await Http1(listener, clear, client).RefuseAsync(400, FrontContext.ClearTextRefusal);
        }
        finally
        {
            clear.Release();
        }
    }

    private static void DropArrived(LoopConnection connection)
    {
        Span<byte> dropped = stackalloc byte[4096];
        for (int i = 0; i < DropsMax && connection.Socket.IsOpen && connection.Socket.Receive(dropped) == dropped.Length; i++)
        {
        }
    }
}
