using System.Net;
using System.Net.Sockets;

namespace Headgate.Testing;

/// <summary>Stands before a server and passes bytes on, until it is told to fall silent, as a firewall that has lost its connections, or to break them off.</summary>
public sealed class TcpRelay : IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _lock = new();
    private readonly List<Socket> _sockets = [];
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Uri _server;
    private readonly Task _accepting;
    private volatile CancellationTokenSource _passing = new();

    /// <summary>Starts one before <paramref name="server"/>.</summary>
    public TcpRelay(Uri server)
    {
        _server = server;
        _listener.Start();
        Address = new UriBuilder(server) { Host = "127.0.0.1", Port = ((IPEndPoint)_listener.LocalEndpoint).Port }.Uri;
        _accepting = AcceptAsync();
    }

    /// <summary>Where it listens, with the server's scheme.</summary>
    public Uri Address { get; }

    /// <summary>Nothing more of the connections that there are is passed on, nor their end; new ones are passed on.</summary>
    public void FallSilent()
    {
        _passing.Cancel();
        _passing = new CancellationTokenSource();
    }

    /// <summary>Resets all connections that there are.</summary>
    public void BreakOff()
    {
        lock (_lock)
        {
            foreach (Socket socket in _sockets)
                socket.Close(0);
            _sockets.Clear();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Dispose();
        await _accepting;
        FallSilent();
        BreakOff();
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                Socket client = await _listener.AcceptSocketAsync(_stopping.Token);
                var server = new Socket(SocketType.Stream, ProtocolType.Tcp);
                lock (_lock)
                    _sockets.AddRange([client, server]);
                await server.ConnectAsync(IPAddress.Loopback, _server.Port, _stopping.Token);
                CancellationToken passing = _passing.Token;
                _ = PassOnAsync(client, server, passing);
                _ = PassOnAsync(server, client, passing);
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                BreakOff(); // disposed of, or there is no server
            }
        }
    }

    private static async Task PassOnAsync(Socket from, Socket to, CancellationToken passing)
    {
        byte[] buffer = new byte[64 * 1024];
        try
        {
            while (await from.ReceiveAsync(buffer, passing) is var count and > 0)
                await to.SendAsync(buffer.AsMemory(0, count), passing);
            to.Shutdown(SocketShutdown.Send);
        }
        catch (OperationCanceledException)
        {
            // silent from now on
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            from.Close(0);
            to.Close(0);
        }
    }
}
