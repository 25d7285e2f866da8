using System.Collections.Concurrent;
using Headgate.Core.Routing;

namespace Headgate.Core.Snapshot;

/// <summary>The counters of the routes that are served, by their ids. One writer, the loop that compiles; any number of readers.</summary>
public sealed class RouteTraffics
{
    private readonly ConcurrentDictionary<string, RouteTraffic> _routes = new(StringComparer.Ordinal);

    /// <summary>All of them, at this moment.</summary>
    public IEnumerable<KeyValuePair<string, RouteTraffic>> All => _routes;

    /// <summary>That of a route; null when it is not served.</summary>
    public RouteTraffic? Find(string routeId) => _routes.GetValueOrDefault(routeId);

    /// <summary>A route is served from now on.</summary>
    internal RouteTraffic Add(string routeId) => _routes[routeId] = new RouteTraffic();

    /// <summary>A route is gone.</summary>
    internal void Remove(string routeId) => _routes.TryRemove(routeId, out _);
}
