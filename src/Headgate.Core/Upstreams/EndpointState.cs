using System.Net;

namespace Headgate.Core.Upstreams;

/// <summary>
/// A node's host resolved to one address: what is connected to. Lives as long as the address is part of the node (and 10 minutes longer),
/// outliving every snapshot.
/// </summary>
public sealed class EndpointState
{
    /// <summary>Makes the state of one address of <paramref name="node"/>.</summary>
    public EndpointState(NodeState node, IPEndPoint address)
    {
        Node = node;
        Address = address;
    }

    /// <summary>The node it belongs to.</summary>
    public NodeState Node { get; }

    /// <summary>Address and port.</summary>
    public IPEndPoint Address { get; }

    /// <summary>
    /// The data plane's open connections to this address; null until the first. Written by the data plane (compare-and-swap) and never read by Core:
    /// it hangs here so that a request reaches its pool without a look-up.
    /// </summary>
    public object? Connections;
}
