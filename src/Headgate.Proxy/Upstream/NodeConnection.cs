using Headgate.Core.Upstreams;
using Headgate.Proxy.Http1;
using Headgate.Proxy.Transport;

namespace Headgate.Proxy.Upstream;

/// <summary>A connection to an endpoint, with the codec's state of the exchange on it. Used by one request at a time; kept in a pool in between.</summary>
public sealed class NodeConnection
{
    /// <summary>Makes the connection around an open transport.</summary>
    public NodeConnection(EndpointState endpoint, ConnectionProfile profile, TransportConnection transport)
    {
        Endpoint = endpoint;
        Profile = profile;
        Transport = transport;
    }

    /// <summary>Where it leads.</summary>
    public EndpointState Endpoint { get; }

    /// <summary>What it was opened for.</summary>
    public ConnectionProfile Profile { get; }

    /// <summary>Its bytes.</summary>
    public TransportConnection Transport { get; }

    /// <summary>The answer under way.</summary>
    public ResponseHead Response { get; } = new();

    /// <summary>Requests begun on it; more than 1 = it came from the pool.</summary>
    public int Requests { get; internal set; }
}
