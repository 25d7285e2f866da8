using System.Collections.Concurrent;
using Headgate.Core.Config;
using Headgate.Core.Upstreams;
using Headgate.Proxy.Transport;

namespace Headgate.Proxy.Upstream;

/// <summary>
/// Opens, keeps and closes connections to nodes, those of one event loop or those of all threads that are none. A request rents one and returns it. Thread-safe;
/// renting an idle connection completes inline and allocates nothing.
/// </summary>
public sealed class NodeConnections : IAsyncDisposable
{
    private readonly INodeConnector _connector;
    private readonly int _slot;

    // Every connection that is open, in use or idle. Written when one opens or closes, read at the end.
    private readonly ConcurrentDictionary<NodeConnection, bool> _open = new(ReferenceEqualityComparer.Instance);
    private volatile bool _disposed;

    /// <summary>Makes the owner of the connections that belong to no event loop, over .NET's sockets, watched by <paramref name="deadlines"/>.</summary>
    public NodeConnections(DeadlineWheel deadlines)
        : this(new SocketConnector(deadlines), 0)
    {
    }

    /// <summary>Makes an owner. <paramref name="slot"/>: its place among all owners of the data plane, from 0.</summary>
    internal NodeConnections(INodeConnector connector, int slot)
    {
        _connector = connector;
        _slot = slot;
    }

    /// <summary>Number of open connections, in use and idle.</summary>
    public int OpenCount => _open.Count;

    /// <summary>
    /// An idle connection that is known to be open, else a new one, within <paramref name="timeout"/>. Never throws; the failure says why there is none.
    /// <paramref name="fresh"/> = do not take an idle one (a try on an idle one has just failed). The connection comes without a deadline.
    /// </summary>
    public ValueTask<RentResult> RentAsync(EndpointState endpoint, ConnectionProfile profile, TimeSpan timeout, bool fresh)
    {
        EndpointConnections pool = EndpointConnections.Of(endpoint, _slot) ?? EndpointConnections.Hang(endpoint, _slot, this);
        if (pool.Take(profile, fresh) is { } idle)
        {
            idle.Requests++;
            return new ValueTask<RentResult>(new RentResult(idle, AttemptFailure.None));
        }

        return OpenAsync(pool, profile, timeout);
    }

    /// <summary>
    /// Gives the connection back. <paramref name="reusable"/>: the exchange ended cleanly, both bodies complete, and both sides keep the connection.
    /// Otherwise, or when the pool's limits say so, it is closed. A read or a flush may still be pending on a connection that is not reusable, and then ends
    /// as failed; nobody may be writing to its spans.
    /// </summary>
    public void Return(NodeConnection connection, bool reusable)
    {
        if (!reusable || !TryKeep(connection))
        {
            Close(connection);
        }
    }

    /// <summary>
    /// Closes the idle connections to an endpoint that is no longer part of its node; those in use are closed when they are returned. Idempotent, never blocks.
    /// The endpoint may be used again later. Whoever owns them.
    /// </summary>
    public static void Drop(EndpointState endpoint) => EndpointConnections.DropAll(endpoint);

    /// <summary>
    /// Ends the connections in use to a node, at whichever of its addresses, with <see cref="EndCause.Drained"/>; returns how many. Any thread, never blocks; looks at
    /// every connection there is.
    /// </summary>
    public int CutOff(NodeState node)
    {
        int cut = 0;
        foreach (NodeConnection connection in _open.Keys)
        {
            if (connection.Endpoint.Node != node || connection.Kept is not { IsParked: false } || connection.Transport.EndCause != EndCause.None)
            {
                continue;
            }

            connection.Transport.Abort(EndCause.Drained);
            cut++;
        }

        return cut;
    }

    /// <summary>Closes all connections, those in use with <see cref="EndCause.Shutdown"/>.</summary>
    public ValueTask DisposeAsync()
    {
        _disposed = true;
        foreach (NodeConnection connection in _open.Keys)
        {
            // One in use belongs to its request, which returns it.
            connection.Transport.Abort(EndCause.Shutdown);
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>Ends a connection for good. Called by whoever has it in hand, once.</summary>
    internal void Close(NodeConnection connection)
    {
        _open.TryRemove(connection, out _);
        if (connection.Kept is { } kept)
        {
            kept.Release();
        }
        else
        {
            connection.Transport.Abort(EndCause.NotNeeded);
        }
    }

    private bool TryKeep(NodeConnection connection)
    {
        KeepalivePoolConfig limits = connection.Profile.Pool;
        if (connection.Kept is not { } transport || _disposed || connection.Requests >= limits.Requests || limits.IdleTimeout <= TimeSpan.Zero)
        {
            return false;
        }

        long idleMs = Math.Max(1, (long)limits.IdleTimeout.TotalMilliseconds);
        transport.DeadlineMs = transport.Deadlines.NowMs + idleMs;
        if (!transport.TryPark())
        {
            return false;
        }

        if (idleMs < DeadlineWheel.LookMsMax)
        {
            transport.Deadlines.Add(transport);
        }

        return connection.Pool!.TryKeep(connection);
    }

    private async ValueTask<RentResult> OpenAsync(EndpointConnections pool, ConnectionProfile profile, TimeSpan timeout)
    {
        (KeptConnection? transport, AttemptFailure failure) = await _connector.OpenAsync(pool.Endpoint, profile, timeout);
        if (transport is null)
        {
            return new RentResult(null, failure);
        }

        var connection = new NodeConnection(pool, profile, transport) { Requests = 1 };
        _open.TryAdd(connection, true);
        if (_disposed)
        {
            transport.Abort(EndCause.Shutdown);
        }

        return new RentResult(connection, AttemptFailure.None);
    }
}
