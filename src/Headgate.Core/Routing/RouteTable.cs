using Headgate.Core.Primitives;

namespace Headgate.Core.Routing;

/// <summary>
/// All routes of a gateway, found by host, path and conditions as APISIX's <c>radixtree_host_uri</c> finds them (docs/reference/matching.md).
/// Immutable: an edit makes a new table that shares all but the changed way from the root, so it costs the same among ten routes and among ten thousand.
/// Matching is safe on any thread, never blocks and never allocates.
/// </summary>
public sealed class RouteTable
{
    /// <summary>The table without routes.</summary>
    public static readonly RouteTable Empty = new(RadixNode<RadixNode<Candidates>>.Empty, RadixNode<Candidates>.Empty, 0);

    private readonly RadixNode<RadixNode<Candidates>> _hosts;
    private readonly RadixNode<Candidates> _anyHost;

    private RouteTable(RadixNode<RadixNode<Candidates>> hosts, RadixNode<Candidates> anyHost, int count)
    {
        _hosts = hosts;
        _anyHost = anyHost;
        Count = count;
    }

    /// <summary>Routes in the table; disabled ones are not.</summary>
    public int Count { get; }

    /// <summary>A table of many routes, for start-up.</summary>
    public static RouteTable Create(IEnumerable<RouteSnapshot> routes)
    {
        RouteTable table = Empty;
        foreach (RouteSnapshot route in routes)
            table = table.Add(route);
        return table;
    }

    /// <summary>The table with one more route; this table when the route is disabled. No route with the same id may be in it: see <see cref="Replace"/>.</summary>
    public RouteTable Add(RouteSnapshot route) => route.Config.Enabled ? Edited(route, added: true) : this;

    /// <summary>
    /// The table without a route; this table when it is not in it. The route is found again by its id, priority, hosts, paths and variables:
    /// pass the object that was added, or an equal one.
    /// </summary>
    public RouteTable Remove(RouteSnapshot route) => Edited(route, added: false);

    /// <summary>The table with a route in the place of its older version; null on either side stands for none.</summary>
    public RouteTable Replace(RouteSnapshot? old, RouteSnapshot? route)
    {
        RouteTable table = old is null ? this : Remove(old);
        return route is null ? table : table.Add(route);
    }

    /// <summary>
    /// The route that answers a request: of the most specific host and the longest path, whose conditions hold, the first in order;
    /// null when none matches. Never blocks, never allocates.
    /// </summary>
    public RouteSnapshot? Match(IRequestView request)
    {
        var context = new MatchContext(request);
        return Match(ref context);
    }

    /// <summary>As <see cref="Match(IRequestView)"/>, leaving in the context how much was looked at.</summary>
    internal RouteSnapshot? Match(ref MatchContext context)
    {
        if (!_hosts.IsEmpty)
        {
            var walk = new RadixWalk<RadixNode<Candidates>>(_hosts, context.Request.Host, fromEnd: true);
            RouteSnapshot? found = walk.Exact is { } exact ? MatchPath(exact, ref context) : null;
            while (found is null && walk.NextPrefix() is { } paths)
                found = MatchPath(paths, ref context);
            context.NodesVisited += walk.NodesVisited;
            if (found is not null)
                return found;
        }

        return MatchPath(_anyHost, ref context);
    }

    /// <summary>Number of nodes that this table has and another does not share; for the tests of sharing.</summary>
    internal int NodesNotSharedForTest(RouteTable other)
    {
        var shared = new HashSet<object>(ReferenceEqualityComparer.Instance);
        other.Visit(shared);
        var own = new HashSet<object>(ReferenceEqualityComparer.Instance);
        Visit(own);
        own.ExceptWith(shared);
        return own.Count;
    }

    private static RouteSnapshot? MatchPath(RadixNode<Candidates> paths, ref MatchContext context)
    {
        var walk = new RadixWalk<Candidates>(paths, context.Path, fromEnd: false);
        Candidate? found = walk.Exact?.Find(ref context, null);
        while (found is null && walk.NextPrefix() is { } candidates)
            found = candidates.Find(ref context, null);
        context.NodesVisited += walk.NodesVisited;
        return found?.Route;
    }

    private RouteTable Edited(RouteSnapshot route, bool added)
    {
        Candidate[] candidates = [.. route.Config.Uris.Items.Distinct(StringComparer.Ordinal).Select(uri => new Candidate(route, UriPattern.Parse(uri)))];
        RadixNode<RadixNode<Candidates>> hosts = _hosts;
        RadixNode<Candidates> anyHost = _anyHost;
        if (route.Hosts.Count == 0)
        {
            anyHost = Edited(anyHost, candidates, added);
        }
        else
        {
            foreach (string text in route.Hosts.Distinct(StringComparer.OrdinalIgnoreCase))
            {
                HostPattern host = HostPattern.Parse(text);
                RadixNode<Candidates> present = hosts.Get(host.Key, host.IsPrefix) ?? RadixNode<Candidates>.Empty;
                RadixNode<Candidates> changed = Edited(present, candidates, added);
                if (!ReferenceEquals(changed, present))
                    hosts = hosts.With(host.Key, host.IsPrefix, changed.IsEmpty ? null : changed);
            }
        }

        bool same = ReferenceEquals(hosts, _hosts) && ReferenceEquals(anyHost, _anyHost);
        return same ? this : new(hosts, anyHost, Count + (added ? 1 : -1));
    }

    private static RadixNode<Candidates> Edited(RadixNode<Candidates> paths, Candidate[] candidates, bool added)
    {
        foreach (Candidate candidate in candidates)
        {
            UriPattern uri = candidate.Uri;
            Candidates? present = paths.Get(uri.Key, uri.IsPrefix);
            Candidates? changed = added ? Candidates.With(present, candidate) : present?.Without(candidate);
            if (!ReferenceEquals(changed, present))
                paths = paths.With(uri.Key, uri.IsPrefix, changed);
        }

        return paths;
    }

    private void Visit(HashSet<object> nodes)
    {
        Visit(_hosts, nodes, paths => Visit(paths, nodes, _ => { }));
        Visit(_anyHost, nodes, _ => { });
    }

    private static void Visit<T>(RadixNode<T> root, HashSet<object> nodes, Action<T> value)
        where T : class
    {
        var open = new Stack<RadixNode<T>>([root]);
        while (open.TryPop(out RadixNode<T>? node))
        {
            if (!nodes.Add(node))
                continue;
            if (node.Exact is { } exact)
                value(exact);
            if (node.Prefix is { } prefix)
                value(prefix);
            foreach (RadixNode<T> child in node.Children)
                open.Push(child);
        }
    }
}
