using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Headgate.Tests.EndToEnd.Soak;

/// <summary>
/// A node that dies and comes back: death closes its listener and resets every connection, so that the gateway sees what it would see of a killed process; it comes back on the same port.
/// </summary>
internal sealed class SoakNode : IAsyncDisposable
{
    private readonly DeathLedger _ledger;
    private readonly Socket _portHolder = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly ConcurrentDictionary<NodeSession, Task> _sessions = new();
    private readonly ConcurrentQueue<Exception> _errors;
    private Socket? _listener;
    private Task _accepting = Task.CompletedTask;
    private long _accepted;

    public SoakNode(DeathLedger ledger, ConcurrentQueue<Exception> errors)
    {
        _ledger = ledger;
        _errors = errors;

        // Bound and never listening: while the node is dead its port refuses, and nobody else gets it.
        _portHolder.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        Port = ((IPEndPoint)_portHolder.LocalEndPoint!).Port;
        ComeBack();
    }

    public int Port { get; }

    /// <summary>Connections that are open.</summary>
    public int Open => _sessions.Count;

    /// <summary>Connections taken so far.</summary>
    public long Accepted => Interlocked.Read(ref _accepted);

    /// <summary>Listens, again or for the first time.</summary>
    public void ComeBack()
    {
        _listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, Port));
        _listener.Listen(512);
        _accepting = AcceptAsync(_listener);
    }

    /// <summary>Refuses new connections and resets the open ones; returns when nothing of it is left.</summary>
    public async Task DieAsync()
    {
        _ledger.AddDeath();
        await CloseAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        _portHolder.Dispose();
    }

    private async Task CloseAsync()
    {
        _listener?.Dispose();
        await _accepting;
        foreach (NodeSession session in _sessions.Keys)
            session.Kill();
        await Task.WhenAll(_sessions.Values);
    }

    private async Task AcceptAsync(Socket listener)
    {
        while (true)
        {
            Socket socket;
            try
            {
                socket = await listener.AcceptAsync();
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                return;
            }

            Interlocked.Increment(ref _accepted);
            socket.NoDelay = true;
            var session = new NodeSession(new Wire(socket), _ledger);

            // Entered before it runs, so that its end finds it.
            var begin = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _sessions.TryAdd(session, RunAsync(session, begin.Task));
            begin.SetResult();
        }
    }

    private async Task RunAsync(NodeSession session, Task begin)
    {
        await begin;
        try
        {
            await session.RunAsync();
        }
#pragma warning disable CA1031 // Whatever it is, the test looks at it.
        catch (Exception e)
#pragma warning restore CA1031
        {
            _errors.Enqueue(e);
        }
        finally
        {
            _sessions.TryRemove(session, out _);
        }
    }
}
