using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;

namespace Headgate.Testing;

/// <summary>
/// A node on a real socket (loopback, a free port) that treats every connection as a script says. What goes wrong in a script because the other side
/// closed is the other side's right; anything else is kept in <see cref="Errors"/>.
/// </summary>
public sealed class ScriptedNode : IAsyncDisposable
{
    private readonly Socket _listener;
    private readonly Func<ScriptedPeer, Task> _script;
    private readonly SslServerAuthenticationOptions? _tls;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<ScriptedPeer, Task> _peers = new();
    private readonly Task _accepting;
    private int _accepted;

    private ScriptedNode(Func<ScriptedPeer, Task> script, SslServerAuthenticationOptions? tls, IPAddress address, int port)
    {
        _script = script;
        _tls = tls;
        _listener = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        _listener.Bind(new IPEndPoint(address, port));
        _listener.Listen(512);
        EndPoint = (IPEndPoint)_listener.LocalEndPoint!;
        _accepting = AcceptAsync();
    }

    /// <summary>Where it listens.</summary>
    public IPEndPoint EndPoint { get; }

    /// <summary>Port it listens on.</summary>
    public int Port => EndPoint.Port;

    /// <summary>Connections accepted so far.</summary>
    public int Accepted => Volatile.Read(ref _accepted);

    /// <summary>Connections whose script has not ended.</summary>
    public int Open => _peers.Count;

    /// <summary>What scripts threw, TLS handshakes included, except for the end of a connection.</summary>
    public ConcurrentQueue<Exception> Errors { get; } = new();

    /// <summary>Starts a node that runs <paramref name="script"/> on every connection and closes it at the script's end.</summary>
    public static ScriptedNode Start(Func<ScriptedPeer, Task> script, IPAddress? address = null, int port = 0) =>
        new(script, null, address ?? IPAddress.Loopback, port);

    /// <summary>Starts a node that does a TLS handshake before <paramref name="script"/>.</summary>
    public static ScriptedNode StartTls(SslServerAuthenticationOptions tls, Func<ScriptedPeer, Task> script) => new(script, tls, IPAddress.Loopback, 0);

    /// <summary>Starts a node that answers every request without a body with 200 and <paramref name="body"/>, and keeps the connection.</summary>
    public static ScriptedNode StartAnswering(string body) => Start(peer => peer.AnswerAllAsync(body));

    /// <summary>A port of 127.0.0.1 on which nobody listens: bound, so that nobody else gets it while <paramref name="holder"/> lives.</summary>
    public static int RefusingPort(out IDisposable holder)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        holder = socket;
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _accepting;
        foreach (ScriptedPeer peer in _peers.Keys)
        {
            peer.Dispose();
        }

        await Task.WhenAll(_peers.Values);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            Socket socket;
            try
            {
                socket = await _listener.AcceptAsync(_stop.Token);
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException or SocketException)
            {
                return;
            }

            socket.NoDelay = true;
            var peer = new ScriptedPeer(socket, Interlocked.Increment(ref _accepted), _stop.Token);

            // Entered before it runs, so that its end finds it.
            var begin = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _peers.TryAdd(peer, RunAsync(peer, begin.Task));
            begin.SetResult();
        }
    }

    private async Task RunAsync(ScriptedPeer peer, Task begin)
    {
        await begin;
        try
        {
            if (_tls is not null)
            {
                await peer.StartTlsAsync(_tls);
            }

            await _script(peer);
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException or EndOfStreamException
            || e is SocketException || (e is IOException && e.InnerException is SocketException or ObjectDisposedException))
        {
            // The other side, or the end of the test, closed it.
        }
#pragma warning disable CA1031 // A script may throw anything; the test looks at it.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Errors.Enqueue(e);
        }
        finally
        {
            peer.Dispose();
            _peers.TryRemove(peer, out _);
        }
    }
}
