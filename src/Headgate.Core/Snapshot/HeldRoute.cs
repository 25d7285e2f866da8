using Headgate.Core.Config;
using Headgate.Core.Routing;

namespace Headgate.Core.Snapshot;

/// <summary>A route that is being served. Only the compiler touches it.</summary>
internal sealed class HeldRoute
{
    /// <summary>Makes a route that holds nothing. <paramref name="toLink"/>: it adds itself there when an upstream of its plugins appears or goes.</summary>
    public HeldRoute(string id, HashSet<HeldRoute> toLink) => Plugins = new HeldPlugins($"{ResourceKind.Route.Plural()}/{id}", () => toLink.Add(this));

    /// <summary>Its last good configuration; null once it is deleted.</summary>
    public RouteConfig? Config { get; set; }

    /// <summary>Its inline upstream; null when it has none.</summary>
    public HeldUpstream? Inline { get; set; }

    /// <summary>Its plugins.</summary>
    public HeldPlugins Plugins { get; }

    /// <summary>What is in the table; null when nothing is yet.</summary>
    public RouteSnapshot? Served { get; set; }
}
