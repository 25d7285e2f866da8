using System.Net;
using System.Net.Sockets;

namespace Headgate.Testing;

/// <summary>
/// A node on a loopback port that accepts and serves on threads of its own with blocking calls, so that the node of an allocation test allocates nothing
/// but what its connections cost. Disposing it stops the accepting; connections live until their peer ends them.
/// </summary>
public sealed class BlockingNode : IDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly Action<Socket> _serve;

    /// <param name="serve">Serves one connection to its end; a <see cref="SocketException"/> is an end like any other.</param>
    /// <param name="oneAfterTheOther">Serves on the accepting thread: no thread per connection.</param>
    public BlockingNode(Action<Socket> serve, bool oneAfterTheOther = false)
    {
        _serve = serve;
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen(1024);
        new Thread(() => Accept(oneAfterTheOther)) { IsBackground = true }.Start();
    }

    /// <summary>Where it listens.</summary>
    public IPEndPoint EndPoint => (IPEndPoint)_listener.LocalEndPoint!;

    /// <inheritdoc/>
    public void Dispose() => _listener.Dispose();

    private void Accept(bool oneAfterTheOther)
    {
        while (true)
        {
            Socket socket;
            try
            {
                socket = _listener.Accept();
            }
            catch (Exception ended) when (ended is SocketException or ObjectDisposedException)
            {
                return;
            }

            if (oneAfterTheOther)
                Serve(socket);
            else
                new Thread(() => Serve(socket)) { IsBackground = true }.Start();
        }
    }

    private void Serve(Socket socket)
    {
        using Socket owned = socket;
        try
        {
            owned.NoDelay = true;
            _serve(owned);
        }
        catch (SocketException)
        {
            // The client went away, which a client may do at any time.
        }
    }
}
