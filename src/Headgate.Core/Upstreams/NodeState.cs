namespace Headgate.Core.Upstreams;

/// <summary>
/// What has been learnt about a node. Found by <see cref="NodeKey"/>, it outlives every snapshot: an edit that keeps the node keeps this object.
/// Thread-safe.
/// </summary>
public sealed class NodeState
{
    private EndpointState[] _endpoints = [];
    private int _turn;

    /// <summary>Makes the state of a node that was never seen before.</summary>
    public NodeState(NodeKey key) => Key = key;

    /// <summary>Identity.</summary>
    public NodeKey Key { get; }

    /// <summary>Addresses the host resolves to now; empty until the first resolution succeeded. Replaced as a whole by the resolver.</summary>
    public IReadOnlyList<EndpointState> Endpoints => Volatile.Read(ref _endpoints);

    /// <summary>Replaces the addresses. Single writer: the resolver.</summary>
    public void SetEndpoints(EndpointState[] endpoints) => Volatile.Write(ref _endpoints, endpoints);

    /// <summary>The next endpoint in turn; null while none is known. Never blocks, never allocates.</summary>
    public EndpointState? NextEndpoint()
    {
        EndpointState[] endpoints = Volatile.Read(ref _endpoints);
        return endpoints.Length switch
        {
            0 => null,
            1 => endpoints[0],
            _ => endpoints[(int)((uint)Interlocked.Increment(ref _turn) % (uint)endpoints.Length)],
        };
    }
}
