using Headgate.Core.Config;
using Headgate.Core.Upstreams;
using Headgate.Proxy.Transport;

namespace Headgate.Proxy.Upstream;

/// <summary>
/// Opens, keeps and closes the connections to nodes. A request rents one and returns it. Thread-safe; renting an idle connection completes inline and
/// allocates nothing.
/// </summary>
public sealed class NodeConnections : IAsyncDisposable
{
    /// <summary>Makes the owner of all connections to nodes.</summary>
    public NodeConnections(DeadlineWheel deadlines)
    {
        Deadlines = deadlines;
    }

    /// <summary>The wheel that all connections are watched by.</summary>
    public DeadlineWheel Deadlines { get; }

    /// <summary>
    /// An idle connection that is known to be open, else a new one, within <paramref name="timeouts"/>.Connect. Never throws; the failure says why there is none.
    /// <paramref name="fresh"/> = do not take an idle one (a try on an idle one has just failed).
    /// </summary>
    public ValueTask<RentResult> RentAsync(EndpointState endpoint, ConnectionProfile profile, TimeoutConfig timeouts, bool fresh) =>
        throw new NotSupportedException("written by the upstream slice");

    /// <summary>
    /// Gives the connection back. <paramref name="reusable"/>: the exchange ended cleanly, both bodies complete, and both sides keep the connection.
    /// Otherwise, or when the pool's limits say so, it is closed.
    /// </summary>
    public void Return(NodeConnection connection, bool reusable) => throw new NotSupportedException("written by the upstream slice");

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => throw new NotSupportedException("written by the upstream slice");
}

/// <summary>A connection, or why there is none.</summary>
public readonly record struct RentResult(NodeConnection? Connection, AttemptFailure Failure);
