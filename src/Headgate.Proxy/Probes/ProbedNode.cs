using Headgate.Core.Upstreams;
using Headgate.Proxy.Transport;

namespace Headgate.Proxy.Probes;

/// <summary>A node that is probed. Its connection between two probes, where the check keeps one, belongs to whoever takes it out.</summary>
internal sealed class ProbedNode(ProbedUpstream upstream, NodeState state) : IIdleWatcher
{
    // Put in by its probe, taken out by the next, by the end of the connection, or by the schedule when the node goes.
    private KeptConnection? _kept;
    private GrpcProbeClient? _client;
    private volatile bool _isGone;

    /// <summary>Its upstream.</summary>
    public ProbedUpstream Upstream { get; } = upstream;

    /// <summary>The node.</summary>
    public NodeState State { get; } = state;

    /// <summary>What is sent.</summary>
    public byte[] Request { get; } = upstream.Plan.RequestFor(state);

    /// <summary>No longer probed: what is under way counts for nothing. Written under the schedule's lock, read by its probe.</summary>
    public bool IsGone => _isGone;

    /// <summary>Whether it is in the schedule's queue. Under the schedule's lock.</summary>
    public bool IsQueued { get; set; }

    /// <summary>Whether a probe has ended. Under the schedule's lock.</summary>
    public bool WasProbed { get; set; }

    /// <summary>Address that the kept connection leads to. The probe's.</summary>
    public EndpointState? KeptTo { get; private set; }

    /// <summary>It is probed no more. Any thread.</summary>
    public void Drop()
    {
        _isGone = true;
        OnIdleEnded();
        Interlocked.Exchange(ref _client, null)?.Dispose();
    }

    /// <summary>The connection of the last probe, ready for use; null when there is none that is open and leads to a present address.</summary>
    public KeptConnection? TakeKept()
    {
        if (Interlocked.Exchange(ref _kept, null) is not { } kept)
            return null;
        if (kept.TryTake() && State.Endpoints.Contains(KeptTo))
            return kept;
        kept.Release();
        return null;
    }

    /// <summary>Leaves a connection, on which nothing is pending, to the next probe.</summary>
    public void Keep(KeptConnection connection, EndpointState to)
    {
        connection.IdleWatcher = this;
        (connection.DeadlineMs, connection.WriteDeadlineMs) = (0, 0); // how long it stays is the node's decision
        KeptTo = to;
        if (!connection.TryPark())
        {
            connection.Release();
            return;
        }

        // Should it end before this line, the next probe finds it so.
        Volatile.Write(ref _kept, connection);
        if (_isGone)
            OnIdleEnded();
    }

    /// <summary>The gRPC client of the last probe; null when there is none that leads to a present address.</summary>
    public GrpcProbeClient? TakeKeptClient()
    {
        if (Interlocked.Exchange(ref _client, null) is not { } client)
            return null;
        foreach (EndpointState endpoint in State.Endpoints)
        {
            if (endpoint.Address.Address.Equals(client.Address.Address))
                return client;
        }

        client.Dispose();
        return null;
    }

    /// <summary>Leaves a gRPC client to the next probe.</summary>
    public void KeepClient(GrpcProbeClient client)
    {
        Volatile.Write(ref _client, client);
        if (_isGone)
            Interlocked.Exchange(ref _client, null)?.Dispose();
    }

    /// <inheritdoc/>
    public void OnIdleEnded() => Interlocked.Exchange(ref _kept, null)?.Release();
}
