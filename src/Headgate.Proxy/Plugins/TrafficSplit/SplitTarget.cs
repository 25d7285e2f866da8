using Headgate.Core.Config;

namespace Headgate.Proxy.Plugins.TrafficSplit;

/// <summary>An entry of <c>weighted_upstreams</c>. Neither a name nor an upstream of its own = the route's own upstream.</summary>
/// <param name="Weight">Its part of the requests, from 0.</param>
/// <param name="UpstreamId">Id of the upstream; null = none is named.</param>
/// <param name="Upstream">The upstream written here; null = none is, or one is named.</param>
public sealed record SplitTarget(int Weight, string? UpstreamId, UpstreamConfig? Upstream)
{
    /// <summary>Whether requests stay with the route's own upstream.</summary>
    public bool IsOwn => UpstreamId is null && Upstream is null;
}
