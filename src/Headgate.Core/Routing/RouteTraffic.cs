namespace Headgate.Core.Routing;

/// <summary>
/// Counts the requests of one route, in this process and as long as there is a route of that id: edits keep it. Every writer has a cell of its own, a cache line from the others', so that a
/// request costs one addition to memory that no other core writes. Routes without requests have no cells.
/// </summary>
public sealed class RouteTraffic
{
    /// <summary>The writer that threads share which are no loop's; the others are one loop each.</summary>
    public const int SharedWriter = 0;

    private const int LongsPerCell = 8;

    // One for the threads that are no loop's, one a loop; the first cell keeps the array's length off the line of the first writer's.
    private static readonly int Cells = Environment.ProcessorCount + 2;

    private long[]? _cells;

    // Read by every try, replaced as a whole when the route's requests go to an upstream for the first time, or have not for long.
    private RouteUpstreamTraffic[] _upstreams = [];

    /// <summary>What upstreams have got of the route, at this moment.</summary>
    public IReadOnlyList<RouteUpstreamTraffic> Upstreams => Volatile.Read(ref _upstreams);

    /// <summary>Requests so far. Any thread.</summary>
    public long Requests
    {
        get
        {
            long sum = 0;
            long[] cells = Volatile.Read(ref _cells) ?? [];
            for (int at = 0; at < cells.Length; at += LongsPerCell)
                sum += Volatile.Read(ref cells[at]);
            return sum;
        }
    }

    /// <summary>Counts a request. Never blocks, allocates at the first request only. <paramref name="writer"/>: whose cell it is; 0 to the number of processors.</summary>
    public void Count(int writer)
    {
        ref long cell = ref (_cells ?? Make())[(writer + 1) * LongsPerCell];
        if (writer == SharedWriter)
            Interlocked.Increment(ref cell);
        else
            Volatile.Write(ref cell, cell + 1);
    }

    /// <summary>
    /// That of an upstream, by its owner; null when there are <see cref="RouteUpstreamTraffic.PerRouteMax"/> others already. Never blocks; allocates when the upstream is new to the route.
    /// </summary>
    public RouteUpstreamTraffic? To(string owner)
    {
        foreach (RouteUpstreamTraffic one in Volatile.Read(ref _upstreams))
        {
            if (one.Owner == owner) // the same string, mostly
                return one;
        }

        return Add(owner);
    }

    /// <summary>Forgets what an upstream has got. A try that is just being counted may be lost with it.</summary>
    public void Forget(RouteUpstreamTraffic upstream)
    {
        RouteUpstreamTraffic[] before;
        do
            before = Volatile.Read(ref _upstreams);
        while (Interlocked.CompareExchange(ref _upstreams, [.. before.Where(one => one != upstream)], before) != before);
    }

    private RouteUpstreamTraffic? Add(string owner)
    {
        RouteUpstreamTraffic? made = null;
        while (true)
        {
            RouteUpstreamTraffic[] before = Volatile.Read(ref _upstreams);
            if (Array.Find(before, one => one.Owner == owner) is { } known)
                return known;
            if (before.Length >= RouteUpstreamTraffic.PerRouteMax)
                return null;
            made ??= new RouteUpstreamTraffic(owner);
            if (Interlocked.CompareExchange(ref _upstreams, [.. before, made], before) == before)
                return made;
        }
    }

    private long[] Make()
    {
        long[] made = new long[Cells * LongsPerCell];
        return Interlocked.CompareExchange(ref _cells, made, null) ?? made;
    }
}
