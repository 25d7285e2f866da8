namespace Headgate.Core.Upstreams;

/// <summary>
/// Told which nodes are in use: by the resolver of host names, the prober, the connection pools. Calls come one at a time, from the thread that compiles
/// snapshots or from a timer; an implementation returns at once (queues the work), does not throw and does not call back into <see cref="NodeDirectory"/>.
/// </summary>
public interface INodeObserver
{
    /// <summary>
    /// A node came into use, for the first time or again; told before the first snapshot that holds it is served.
    /// A node whose host is an address has its endpoint already (<see cref="NodeState.HasLiteralHost"/>); the others need resolving now and from then on.
    /// </summary>
    void Added(NodeState node);

    /// <summary>
    /// No snapshot from now on holds the node; requests under way may. Its state is remembered for <see cref="NodeDirectory.RememberedFor"/>, so that it comes
    /// back as it was. Resolving and probing it end here; its connections may stay until idle.
    /// </summary>
    void Removed(NodeState node);

    /// <summary>A removed node did not come back in time: what hangs on it can go. Should it return later, it is a new <see cref="NodeState"/>.</summary>
    void Forgotten(NodeState node);
}
