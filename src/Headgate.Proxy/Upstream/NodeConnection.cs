using Headgate.Core.Upstreams;
using Headgate.Proxy.Http1;
using Headgate.Proxy.Transport;

namespace Headgate.Proxy.Upstream;

/// <summary>A connection to an endpoint, with the codec's state of the exchange on it. Used by one request at a time; kept in a pool in between.</summary>
public sealed class NodeConnection : IIdleWatcher
{
    // Both null on a connection that does not come from a pool.
    private readonly KeptConnection? _kept;
    private readonly EndpointConnections? _pool;

    /// <summary>Makes the connection around an open transport.</summary>
    public NodeConnection(EndpointState endpoint, ConnectionProfile profile, TransportConnection transport)
    {
        Endpoint = endpoint;
        Profile = profile;
        Transport = transport;
    }

    internal NodeConnection(EndpointConnections pool, ConnectionProfile profile, KeptConnection transport)
        : this(pool.Endpoint, profile, transport)
    {
        _kept = transport;
        _pool = pool;
        transport.IdleWatcher = this;
    }

    /// <summary>Where it leads.</summary>
    public EndpointState Endpoint { get; }

    /// <summary>What it was opened for.</summary>
    public ConnectionProfile Profile { get; internal set; }

    /// <summary>Its bytes.</summary>
    public TransportConnection Transport { get; }

    /// <summary>The answer under way.</summary>
    public ResponseHead Response { get; } = new();

    /// <summary>Requests begun on it; more than 1 = it came from the pool.</summary>
    public int Requests { get; internal set; }

    /// <summary>The pool it belongs to; null for one that was made outside of <see cref="NodeConnections"/>.</summary>
    internal EndpointConnections? Pool => _pool;

    /// <summary>The transport as the pool sees it; null as <see cref="Pool"/>.</summary>
    internal KeptConnection? Kept => _kept;

    /// <inheritdoc/>
    void IIdleWatcher.OnIdleEnded() => _pool!.OnIdleEnded(this);
}
