using Headgate.Core.Config;
using Headgate.Core.Routing;

namespace Headgate.Core.Snapshot;

/// <summary>A route that is being served. Only the compiler touches it.</summary>
internal sealed class HeldRoute
{
    /// <summary>Makes a route that holds nothing. <paramref name="toLink"/>: it adds itself there when an upstream of its plugins appears or goes. <paramref name="traffic"/>: outlives its edits.</summary>
    public HeldRoute(string id, HashSet<HeldRoute> toLink, RouteTraffic traffic)
    {
        Plugins = new HeldPlugins($"{ResourceKind.Route.Plural()}/{id}", () => toLink.Add(this));
        Traffic = traffic;
    }

    /// <summary>Its last good configuration; null once it is deleted.</summary>
    public RouteConfig? Config { get; set; }

    /// <summary>Its inline upstream; null when it has none.</summary>
    public HeldUpstream? Inline { get; set; }

    /// <summary>Its plugins.</summary>
    public HeldPlugins Plugins { get; }

    /// <summary>Counts its requests.</summary>
    public RouteTraffic Traffic { get; }

    /// <summary>What is in the table; null when nothing is yet.</summary>
    public RouteSnapshot? Served { get; set; }
}
