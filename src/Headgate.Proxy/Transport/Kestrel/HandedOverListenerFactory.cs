using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging;

namespace Headgate.Proxy.Transport.Kestrel;

/// <summary>
/// Listeners for Kestrel that bind nothing: they yield the connections that were accepted elsewhere and handed over, nothing read from them yet. Kestrel runs
/// them as it runs those of its own sockets.
/// </summary>
internal sealed class HandedOverListenerFactory : IConnectionListenerFactory, IConnectionListenerFactorySelector
{
    private readonly HandedOverListener?[] _listeners;
    private readonly SocketConnectionFactoryOptions _options;
    private readonly ILogger _logger;
    private readonly Action _lost;

    /// <summary>Makes the factory.</summary>
    /// <param name="listeners">How many listeners there are.</param>
    /// <param name="options">How Kestrel reads and writes the sockets.</param>
    /// <param name="loggers">Where Kestrel's transport logs.</param>
    /// <param name="lost">Called for each connection that was handed over and ended before Kestrel had it; from any thread.</param>
    public HandedOverListenerFactory(int listeners, SocketConnectionFactoryOptions options, ILoggerFactory loggers, Action lost)
    {
        _listeners = new HandedOverListener?[listeners];
        _options = options;
        _logger = loggers.CreateLogger<HandedOverListenerFactory>();
        _lost = lost;
    }

    /// <summary>
    /// Gives a connected socket to Kestrel, which owns it from now on. False when the listener is not bound, is stopped, or too many wait: then the caller
    /// still owns the socket, and closes it. Any thread; never blocks, and runs nothing of Kestrel's on the caller's thread.
    /// </summary>
    public bool TryHandOver(int listener, Socket socket) => Volatile.Read(ref _listeners[listener])?.TryHandOver(socket) ?? false;

    /// <inheritdoc/>
    public bool CanBind(EndPoint endpoint) => endpoint is HandedOverEndPoint;

    /// <inheritdoc/>
    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        var handed = (HandedOverEndPoint)endpoint;
        var listener = new HandedOverListener(handed.Bound, new SocketConnectionContextFactory(_options, _logger), _lost);
        Volatile.Write(ref _listeners[handed.Listener], listener);
        return ValueTask.FromResult<IConnectionListener>(listener);
    }
}
