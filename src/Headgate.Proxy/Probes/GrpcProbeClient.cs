using System.Net;
using System.Net.Http;
using System.Net.Security;
using System.Net.Sockets;

namespace Headgate.Proxy.Probes;

/// <summary>An HTTP/2 client with one connection, to one address. One call at a time.</summary>
internal sealed class GrpcProbeClient : IDisposable
{
    private readonly TimeSpan _timeout;
    private volatile bool _isConnected;
    private volatile bool _hasHeard;

    /// <summary>Makes a client that connects with its first call, within <paramref name="timeout"/>, TLS included where <paramref name="tls"/> is given.</summary>
    public GrpcProbeClient(IPEndPoint address, TimeSpan timeout, SslClientAuthenticationOptions? tls)
    {
        Address = address;
        _timeout = timeout;
        var handler = new SocketsHttpHandler
        {
            ConnectTimeout = timeout,
            ConnectCallback = ConnectAsync,
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan, // how long it stays is the node's decision
            ActivityHeadersPropagator = null,
        };
        if (tls is not null)
            handler.SslOptions = tls;
        Invoker = new HttpMessageInvoker(handler);
    }

    /// <summary>Where it leads.</summary>
    public IPEndPoint Address { get; }

    /// <summary>What calls are made with.</summary>
    public HttpMessageInvoker Invoker { get; }

    /// <summary>Whether the latest TCP connection stood.</summary>
    public bool IsConnected => _isConnected;

    /// <summary>Whether a byte came over it, of TLS included: .NET's client does not tell a connection that ends at once from one that speaks another protocol.</summary>
    public bool HasHeard => _hasHeard;

    /// <summary>Patience of the call under way; begins anew when the connection stands.</summary>
    public CancellationTokenSource? Patience { get; set; }

    /// <inheritdoc/>
    public void Dispose() => Invoker.Dispose();

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        (_isConnected, _hasHeard) = (false, false);
        var socket = new Socket(Address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(Address, cancellationToken);
            _isConnected = true;
            Patience?.CancelAfter(_timeout);
        }
        catch
        {
            socket.Dispose();
            throw;
        }

        return new ListeningStream(socket, this);
    }

    private sealed class ListeningStream(Socket socket, GrpcProbeClient client) : NetworkStream(socket, ownsSocket: true)
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            int count = await base.ReadAsync(buffer, cancellationToken);
            client._hasHeard |= count > 0;
            return count;
        }
    }
}
