namespace Headgate.Core.Routing;

/// <summary>What answers a request that matched a route (docs/reference/errors.md).</summary>
public enum RouteTarget
{
    /// <summary>The upstream at <see cref="RouteSnapshot.UpstreamSlot"/>.</summary>
    Upstream,

    /// <summary>No upstream anywhere on the route: 503.</summary>
    NoUpstream,

    /// <summary>The named upstream does not exist: 502.</summary>
    MissingUpstream,

    /// <summary>The named service does not exist: 404.</summary>
    MissingService,

    /// <summary>A plugin is named that this gateway does not have: 503, because a plugin is never skipped.</summary>
    MissingPlugin,
}
