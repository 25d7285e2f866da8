using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Headgate.Proxy.Tls;
using Headgate.Proxy.Transport.Loops;
using Headgate.Proxy.Transport.Loops.Tls;
using Microsoft.Extensions.Logging;

namespace Headgate.Proxy.Fronts;

/// <summary>
/// Serves clients on event loops, one per core. Each loop listens on every address; a client goes to the loop with the fewest, so that long-lived connections do not
/// pile up on one. What the loops do not speak (HTTP/2) goes on to Kestrel, untouched.
/// </summary>
internal sealed class LoopFront : IFront
{
    /// <summary>How long clients that were cut off may take to disappear.</summary>
    private static readonly TimeSpan AbortTimeout = TimeSpan.FromSeconds(1);

    private readonly FrontContext _context;
    private readonly IReadOnlyList<ProxyListener> _listeners;
    private readonly TlsChoice _tls;
    private readonly ILoggerFactory _loggers;
    private readonly LoopWorker[] _workers;
    private KestrelFront? _others;

    /// <summary>Makes the front over <paramref name="loops"/>, each with what serves the requests on it.</summary>
    public LoopFront(
        FrontContext context, IReadOnlyList<(EventLoop Loop, FrontContext Context)> loops, IReadOnlyList<ProxyListener> listeners, TlsChoice tls,
        ILoggerFactory loggers)
    {
        _context = context;
        _listeners = listeners;
        _tls = tls;
        _loggers = loggers;
        string? problem = listeners.Any(l => l.Https) ? OpenSslLibrary.Problem : null;
        if (problem is not null)
            LoopLog.TlsLeftToKestrel(context.Logger, problem);
        _workers = [.. loops.Select(l => new LoopWorker(l.Loop, l.Context, problem is null ? tls : null, HandOver))];
    }

    /// <inheritdoc/>
    public IReadOnlyList<Uri> Addresses { get; private set; } = [];

    /// <inheritdoc/>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        List<ProxyListener> bound = [];
        for (int i = 0; i < _listeners.Count; i++)
            bound.Add(Bind(_listeners[i], i));
        _others = KestrelFront.Fed(_context, bound, _tls, _loggers);
        await _others.StartAsync(cancellationToken);
        Addresses = [.. bound.Select(l => new Uri(UriOf(l)))];
        foreach (LoopWorker worker in _workers)
            worker.Loop.Start();
    }

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        foreach (LoopWorker worker in _workers)
            worker.Drain();
        Task others = _others?.StopAsync(cancellationToken) ?? Task.CompletedTask;
        await EmptyAsync(cancellationToken);
        foreach (LoopWorker worker in _workers)
            worker.Abort();
        await others;
        using var patience = new CancellationTokenSource(AbortTimeout);
        await EmptyAsync(patience.Token);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_others is not null)
            await _others.DisposeAsync();
        foreach (LoopWorker worker in _workers)
            worker.Dispose();
    }

    /// <summary>Binds an address for every loop; the listener with the address that was bound.</summary>
    private ProxyListener Bind(ProxyListener listener, int index)
    {
        // Sockets that share a port would let a second gateway share it too: first it must be free.
        int probe = SocketAddresses.Bind(listener.Address, reusePort: false);
        if (probe < 0)
            throw CannotBind(listener, -probe);
        _ = LibC.close(probe);
        foreach (LoopWorker worker in _workers)
        {
            int fd = SocketAddresses.Bind(listener.Address, reusePort: true);
            if (fd < 0)
                throw CannotBind(listener, -fd);
            var listening = new LoopListener(worker.Loop, fd, listener, index, (l, client, from, refuse) => OnAccepted(worker, l, client, from, refuse), _context.Logger);
            worker.Listen(listening);
            listener = listener with { Address = listening.Address };
        }

        return listener;
    }

    private static IOException CannotBind(ProxyListener listener, int error) => new(
        $"Failed to bind to address {UriOf(listener)}: {(error == LibC.EADDRINUSE ? "address already in use" : Marshal.GetPInvokeErrorMessage(error))}.");

    private static string UriOf(ProxyListener listener) => $"{(listener.Https ? "https" : "http")}://{listener.Address}";

    /// <summary>On the loop that took the client in.</summary>
    private void OnAccepted(LoopWorker worker, LoopListener listener, int fd, IPEndPoint? client, bool refuse)
    {
        if (refuse || _context.Counters.ConnectionsOpen >= _context.Limits.ConnectionsMax)
        {
            worker.Refuse(listener, fd);
            return;
        }

        _context.Counters.OnConnected();
        Choose(worker).Add(listener, fd, client);
    }

    /// <summary>The worker itself unless another has clearly fewer clients.</summary>
    private LoopWorker Choose(LoopWorker own)
    {
        LoopWorker least = own;
        foreach (LoopWorker other in _workers)
        {
            if (other.Connections < least.Connections)
                least = other;
        }

        return own.Connections - least.Connections > 1 + (least.Connections / 8) ? least : own;
    }

    private bool HandOver(int listener, int fd)
    {
        var socket = new Socket(new SafeSocketHandle(fd, ownsHandle: true));
        if (_others!.TryHandOver(listener, socket))
            return true;
        socket.Dispose();
        return false;
    }

    private async Task EmptyAsync(CancellationToken cancellationToken)
    {
        while (_workers.Any(w => w.Connections > 0) && !cancellationToken.IsCancellationRequested)
            await Task.Delay(5, CancellationToken.None);
    }
}
