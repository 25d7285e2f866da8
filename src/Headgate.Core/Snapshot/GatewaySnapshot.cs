using Headgate.Core.Primitives;
using Headgate.Core.Routing;

namespace Headgate.Core.Snapshot;

/// <summary>
/// Everything a request needs of the configuration, at one revision. Immutable: a change makes a new one that shares all it did not touch,
/// and one reference is swapped. A request reads the reference once.
/// </summary>
public sealed class GatewaySnapshot
{
    /// <summary>The store's revision this corresponds to; 0 = nothing read yet.</summary>
    public long Revision { get; init; }

    /// <summary>The route for a request; null when none matches. Never blocks, never allocates.</summary>
    public RouteSnapshot? Match(IRequestView request) => throw new NotSupportedException("written by the snapshot slice");

    /// <summary>The upstream at a slot; null when the slot is empty.</summary>
    public UpstreamSnapshot? Upstream(int slot) => throw new NotSupportedException("written by the snapshot slice");
}
