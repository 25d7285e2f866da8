using Headgate.Core.Config;
using Headgate.Core.Routing;

namespace Headgate.Core.Snapshot;

/// <summary>A route that is being served. Only the compiler touches it.</summary>
internal sealed class HeldRoute
{
    /// <summary>Its last good configuration; null once it is deleted.</summary>
    public RouteConfig? Config { get; set; }

    /// <summary>Its inline upstream; null when it has none.</summary>
    public HeldUpstream? Inline { get; set; }

    /// <summary>The upstreams that its plugins bring, by owner; null, as mostly, when they bring none.</summary>
    public Dictionary<string, HeldUpstream>? OfPlugins { get; set; }

    /// <summary>What is in the table; null when nothing is yet.</summary>
    public RouteSnapshot? Served { get; set; }
}
