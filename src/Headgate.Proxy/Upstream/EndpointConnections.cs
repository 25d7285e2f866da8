using Headgate.Core.Upstreams;

namespace Headgate.Proxy.Upstream;

/// <summary>
/// The idle connections to one endpoint, last in first out, all of one profile: an endpoint belongs to one upstream, so that another profile means
/// that the upstream was edited and what is idle serves nobody any more. Hangs on <see cref="EndpointState.Connections"/>. Thread-safe; the lock is held for a
/// few instructions and never while a socket is touched.
/// </summary>
internal sealed class EndpointConnections(EndpointState endpoint, NodeConnections owner)
{
    private readonly Lock _gate = new();
    private NodeConnection[] _idle = [];
    private int _count;
    private ConnectionProfile? _profile;

    /// <summary>The idle connections of the owner in <paramref name="slot"/>; null when it has used the endpoint never.</summary>
    public static EndpointConnections? Of(EndpointState endpoint, int slot) =>
        endpoint.Connections is EndpointConnections?[] pools && (uint)slot < (uint)pools.Length ? pools[slot] : null;

    /// <summary>Makes the pool of the owner in <paramref name="slot"/>, or finds the one that it has made meanwhile.</summary>
    public static EndpointConnections Hang(EndpointState endpoint, int slot, NodeConnections owner)
    {
        var made = new EndpointConnections(endpoint, owner);
        while (true)
        {
            object? before = endpoint.Connections;
            if (Of(endpoint, slot) is { } other)
                return other;
            EndpointConnections?[] pools = before as EndpointConnections?[] ?? [];
            EndpointConnections?[] more = new EndpointConnections?[Math.Max(pools.Length, slot + 1)];
            pools.CopyTo(more, 0);
            more[slot] = made;
            if (Interlocked.CompareExchange(ref endpoint.Connections, more, before) == before)
                return made;
        }
    }

    /// <summary>Closes what is idle, whoever owns it, and takes nothing back until the next <see cref="Take"/>.</summary>
    public static void DropAll(EndpointState endpoint)
    {
        foreach (EndpointConnections? pool in endpoint.Connections as EndpointConnections?[] ?? [])
            pool?.Drop();
    }

    /// <summary>Where the connections lead.</summary>
    public EndpointState Endpoint => endpoint;

    /// <summary>Number of idle connections.</summary>
    public int IdleCount => Volatile.Read(ref _count);

    /// <summary>
    /// The idle connection that was used last, taken into use; null when there is none, and when <paramref name="fresh"/>. Makes <paramref name="profile"/>
    /// the endpoint's present one.
    /// </summary>
    public NodeConnection? Take(ConnectionProfile profile, bool fresh)
    {
        while (true)
        {
            NodeConnection? connection = null;
            NodeConnection[]? outdated = null;
            lock (_gate)
            {
                if (!ReferenceEquals(profile, _profile))
                {
                    outdated = Adopt_NeedsLock(profile);
                }

                if (_count > 0 && !fresh)
                {
                    connection = _idle[--_count];
                    _idle[_count] = null!;
                }
            }

            if (outdated is not null)
            {
                CloseAll(outdated);
            }

            if (connection is null)
            {
                return null;
            }

            if (connection.Kept!.TryTake())
            {
                // An equal profile may be another instance; with the present one the next comparison is of references.
                connection.Profile = profile;
                return connection;
            }

            owner.Close(connection);
        }
    }

    /// <summary>Keeps a parked connection. False when it is not wanted, or ended in the meantime; it stays the caller's then.</summary>
    public bool TryKeep(NodeConnection connection)
    {
        lock (_gate)
        {
            // Whether it is still parked is asked inside: one that ends later finds itself in the list.
            bool isPresent = ReferenceEquals(connection.Profile, _profile) || connection.Profile == _profile;
            if (!isPresent || _count >= connection.Profile.Pool.Size || !connection.Kept!.IsParked)
            {
                return false;
            }

            if (_count == _idle.Length)
            {
                Array.Resize(ref _idle, Math.Max(4, _count * 2));
            }

            _idle[_count++] = connection;
            return true;
        }
    }

    /// <summary>A connection ended while it was parked.</summary>
    public void OnIdleEnded(NodeConnection connection)
    {
        lock (_gate)
        {
            int index = _count - 1;
            while (index >= 0 && _idle[index] != connection)
            {
                index--;
            }

            if (index < 0)
            {
                // Somebody has it in hand, and will find out.
                return;
            }

            _count--;
            Array.Copy(_idle, index + 1, _idle, index, _count - index);
            _idle[_count] = null!;
        }

        owner.Close(connection);
    }

    /// <summary>Closes what is idle, and takes nothing back until the next <see cref="Take"/>.</summary>
    public void Drop()
    {
        NodeConnection[] idle;
        lock (_gate)
        {
            _profile = null;
            idle = TakeAll_NeedsLock();
        }

        CloseAll(idle);
    }

    private NodeConnection[]? Adopt_NeedsLock(ConnectionProfile profile)
    {
        NodeConnection[]? outdated = _profile is null || _profile == profile ? null : TakeAll_NeedsLock();
        _profile = profile;
        return outdated;
    }

    private NodeConnection[] TakeAll_NeedsLock()
    {
        NodeConnection[] all = _idle[.._count];
        _idle = [];
        _count = 0;
        return all;
    }

    private void CloseAll(NodeConnection[] connections)
    {
        foreach (NodeConnection connection in connections)
        {
            owner.Close(connection);
        }
    }
}
