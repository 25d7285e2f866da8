using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace Headgate.Proxy.Transport.Kestrel;

/// <summary>The connections of one listener that wait for Kestrel. What was handed over before <see cref="UnbindAsync"/> is still accepted after it.</summary>
internal sealed class HandedOverListener : IConnectionListener
{
    /// <summary>Connections that wait; Kestrel takes one in microseconds, so that more means it is stuck. As many as its own listeners let the kernel queue.</summary>
    public const int WaitingMax = 512;

    // Continuations are asynchronous: whoever hands over goes on at once, Kestrel accepts on the thread pool.
    private readonly Channel<Socket> _waiting = Channel.CreateBounded<Socket>(
        new BoundedChannelOptions(WaitingMax) { SingleReader = true, AllowSynchronousContinuations = false });

    private readonly SocketConnectionContextFactory _connections;
    private readonly Action _lost;

    public HandedOverListener(EndPoint bound, SocketConnectionContextFactory connections, Action lost)
    {
        EndPoint = bound;
        _connections = connections;
        _lost = lost;
    }

    /// <inheritdoc/>
    public EndPoint EndPoint { get; }

    /// <summary>False when it was stopped or <see cref="WaitingMax"/> wait already.</summary>
    public bool TryHandOver(Socket socket) => _waiting.Writer.TryWrite(socket);

    /// <summary>The next connection; null after <see cref="UnbindAsync"/>, when no more wait.</summary>
    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        while (await _waiting.Reader.WaitToReadAsync(cancellationToken))
        {
            while (_waiting.Reader.TryRead(out Socket? socket))
            {
                if (TryOpen(socket) is { } connection)
                    return connection;
            }
        }

        return null;
    }

    /// <inheritdoc/>
    public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        _waiting.Writer.TryComplete();
        return default;
    }

    /// <summary>Closes what still waits. Called when the connections that were accepted have ended.</summary>
    public ValueTask DisposeAsync()
    {
        _waiting.Writer.TryComplete();
        while (_waiting.Reader.TryRead(out Socket? socket))
            Lose(socket);
        _connections.Dispose();
        return default;
    }

    private ConnectionContext? TryOpen(Socket socket)
    {
        try
        {
            socket.NoDelay = true;
            return _connections.Create(socket);
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // Reset by the client while it waited.
            Lose(socket);
            return null;
        }
    }

    private void Lose(Socket socket)
    {
        socket.Dispose();
        _lost();
    }
}
