using System.Diagnostics;
using Headgate.Core.Routing;
using Headgate.Core.Upstreams;

namespace Headgate.Proxy.Telemetry.Metrics;

/// <summary>
/// Counts the requests of routes that have the <c>prometheus</c> plugin, by route, consumer and node. Every writer (a loop, or all threads that are no loop's) adds to cells of its own,
/// which are added up by who asks. The counters belong to label texts and outlive every edit; a request reaches them through references. Thread-safe.
/// </summary>
public sealed class TrafficMetrics
{
    /// <summary>What every label of requests is that came after <see cref="TrafficMetricsOptions.LabelSetsMax"/> combinations.</summary>
    public const string Overflow = "overflow";

    // One for the threads that are no loop's, one a loop.
    private static readonly int Writers = Environment.ProcessorCount + 1;

    // Under the lock; taken when a combination comes for the first time, and by who adds up.
    private readonly Dictionary<RequestLabels, LabelSet> _sets = [];
    private readonly Lock _gate = new();
    private readonly long[] _bounds;
    private readonly int _setsMax;
    private readonly LabelSet _overflow;
    private readonly RouteLabelSets _unmatched;
    private long _overflowed;

    /// <summary>Makes it; nothing is counted yet.</summary>
    public TrafficMetrics(TrafficMetricsOptions options)
    {
        BucketsMs = [.. options.BucketsMs];
        _bounds = [.. BucketsMs.Select(static ms => (long)(ms * Stopwatch.Frequency / 1000))];
        _setsMax = options.LabelSetsMax;
        _unmatched = new RouteLabelSets(this, route: null);
        _overflow = new LabelSet(new RequestLabels(new FlowLabels(Overflow, Overflow, Overflow, Overflow), Overflow, Overflow), _bounds);
    }

    /// <summary>Upper bounds of the buckets of latencies, milliseconds.</summary>
    public IReadOnlyList<double> BucketsMs { get; }

    /// <summary>Combinations of labels that are counted apart.</summary>
    public int LabelSets
    {
        get
        {
            lock (_gate)
                return _sets.Count;
        }
    }

    /// <summary>Requests that were counted as <see cref="Overflow"/>.</summary>
    public long Overflowed => Volatile.Read(ref _overflowed);

    /// <summary>Counts a request that has ended, by its writer. Allocates only what comes for the first time.</summary>
    internal void Count(Exchange exchange, RequestTrace trace, bool prefersNames)
    {
        RouteSnapshot? route = trace.Route;
        RouteLabelSets sets = route is null ? _unmatched : route.Counts as RouteLabelSets ?? Hang(route);
        ReadOnlySpan<TracedTry> tries = trace.Tries;
        EndpointState? endpoint = tries.IsEmpty ? null : tries[^1].Endpoint;
        (int uri, int host) = route is null ? (-1, -1) : (route.IndexOfUri(exchange.Path), route.IndexOfHost(exchange.Host));
        LabelSet set = sets.Find(new RouteLabelSets.Key(prefersNames, uri, host, exchange.Plugins?.Consumer?.Config.Username, endpoint));
        if (set == _overflow)
            Interlocked.Increment(ref _overflowed);
        set.Add(exchange, trace);
        for (int i = 0; i < tries.Length; i++)
            NodeCounts.Of(tries[i].Node, Writers, _bounds).Cells(trace.Writer).Add(tries[i], isRetry: i > 0, isLast: i == tries.Length - 1, trace.Writer);
    }

    /// <summary>What was counted of a node's tries; null = nothing.</summary>
    public static NodeSum? Read(NodeState node) => (node.Counts as NodeCounts)?.Sum();

    /// <summary>All that was counted of requests. Off the request path.</summary>
    public MetricsReading Read()
    {
        LabelSet[] sets;
        lock (_gate)
            sets = [.. _sets.Values, .. _overflowed > 0 ? (LabelSet[])[_overflow] : []];
        var statuses = new List<(RequestLabels, int, long)>();
        var flows = new Dictionary<FlowLabels, FlowSum>();
        var counts = new SortedDictionary<int, long>();
        foreach (LabelSet set in sets)
        {
            if (!flows.TryGetValue(set.Labels.Flow, out FlowSum? flow))
                flows.Add(set.Labels.Flow, flow = new FlowSum(_bounds.Length));
            counts.Clear();
            set.AddTo(flow, counts);
            foreach ((int status, long count) in counts)
                statuses.Add((set.Labels, status, count));
        }

        return new MetricsReading(statuses, flows);
    }

    /// <summary>The set that a combination belongs to.</summary>
    internal LabelSet SetFor(RouteSnapshot? route, in RouteLabelSets.Key key)
    {
        (string id, string service) = (route?.Config.Id ?? "", route?.Config.ServiceId ?? "");
        if (key.PrefersNames && route is not null)
            (id, service) = (route.Config.Name ?? id, route.ServiceName ?? service);
        var flow = new FlowLabels(id, service, key.Consumer ?? "", key.Endpoint?.Address.Address.ToString() ?? "");
        var labels = new RequestLabels(flow, key.Uri < 0 ? "" : route!.Config.Uris[key.Uri], key.Host < 0 ? "" : route!.Hosts[key.Host]);
        lock (_gate)
        {
            if (_sets.TryGetValue(labels, out LabelSet? known))
                return known;
            if (_sets.Count >= _setsMax)
                return _overflow;
            var made = new LabelSet(labels, _bounds);
            _sets.Add(labels, made);
            return made;
        }
    }

    private RouteLabelSets Hang(RouteSnapshot route)
    {
        var made = new RouteLabelSets(this, route);
        return Interlocked.CompareExchange(ref route.Counts, made, null) as RouteLabelSets ?? made;
    }
}
