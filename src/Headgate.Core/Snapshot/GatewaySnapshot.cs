using Headgate.Core.Primitives;
using Headgate.Core.Routing;

namespace Headgate.Core.Snapshot;

/// <summary>
/// Everything a request needs of the configuration, at one revision. Immutable: a change makes a new one that shares all it did not touch,
/// and one reference is swapped. A request reads the reference once.
/// </summary>
public sealed class GatewaySnapshot
{
    private readonly UpstreamTable _upstreams;

    internal GatewaySnapshot(long revision, RouteTable routes, UpstreamTable upstreams)
    {
        Revision = revision;
        Routes = routes;
        _upstreams = upstreams;
    }

    /// <summary>What is served until the first configuration was read: nothing.</summary>
    public static GatewaySnapshot Empty { get; } = new(0, RouteTable.Empty, UpstreamTable.Empty);

    /// <summary>The store's revision this corresponds to; 0 = nothing read yet.</summary>
    public long Revision { get; }

    /// <summary>The routes.</summary>
    internal RouteTable Routes { get; }

    /// <summary>The upstreams by slot.</summary>
    internal UpstreamTable Upstreams => _upstreams;

    /// <summary>The route for a request; null when none matches. Never blocks, never allocates.</summary>
    public RouteSnapshot? Match(IRequestView request) => Routes.Match(request);

    /// <summary>The upstream at a slot; null when the slot is empty. Never blocks, never allocates.</summary>
    public UpstreamSnapshot? Upstream(int slot) => _upstreams[slot];
}
