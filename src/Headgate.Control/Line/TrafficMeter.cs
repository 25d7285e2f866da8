using Headgate.Core.Routing;
using Headgate.Core.Snapshot;
using Headgate.Core.Upstreams;
using Headgate.Control.Nodes;

namespace Headgate.Control.Line;

/// <summary>
/// Requests a second of routes, tries a second of nodes, and of routes' upstreams with their latencies: the counters are noted every few seconds and compared with the note before. Nothing of it is on the request path. Thread-safe.
/// </summary>
internal sealed class TrafficMeter : IDisposable
{
    /// <summary>Between two notes; a rate is that of the time between the last two.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    /// <summary>Nodes are looked at this often although no route gets requests.</summary>
    private static readonly TimeSpan QuietMax = TimeSpan.FromSeconds(10);

    // Used by the timer alone, one call at a time. What is gone goes with the next note.
    private Dictionary<RouteTraffic, long> _routes = new(ReferenceEqualityComparer.Instance);
    private Dictionary<NodeState, (long Tries, uint Failures)> _nodes = new(ReferenceEqualityComparer.Instance);
    private readonly UpstreamTrafficMeter _routeUpstreams;
    private readonly RouteTraffics _routeTraffics;
    private readonly ServedUpstreams _upstreams;
    private readonly TimeProvider _time;
    private readonly Lock _noting = new();
    private readonly ITimer _timer;
    private long _noted;
    private long _notedNodes;
    private bool _hasNoted;
    private volatile TrafficReport? _latest;

    /// <summary>Begins to note.</summary>
    public TrafficMeter(RouteTraffics routes, ServedUpstreams upstreams, TimeProvider time)
    {
        (_routeTraffics, _upstreams, _time) = (routes, upstreams, time);
        _routeUpstreams = new UpstreamTrafficMeter(routes, time);
        Note();
        _timer = time.CreateTimer(static meter => ((TrafficMeter)meter!).Note(), this, Interval, Interval);
    }

    /// <summary>The rates of the last time; null = they have not been watched long enough.</summary>
    public TrafficReport? Latest => _latest;

    /// <summary>Nodes that were looked at so far.</summary>
    internal long LookedAtForTest { get; private set; }

    /// <inheritdoc/>
    public void Dispose() => _timer.Dispose();

    private void Note()
    {
        if (!_noting.TryEnter())
            return; // one that takes longer than the interval is noted by the next
        try
        {
            long now = _time.GetTimestamp();
            double seconds = _time.GetElapsedTime(_noted, now).TotalSeconds;
            Dictionary<string, double> routes = NoteRoutes(seconds);

            // Nodes are tried for requests of routes: a quiet gateway does not look at a hundred thousand of them every time. What ends long after its request came is seen a little later.
            bool isQuiet = routes.Count == 0 && _latest is { Routes.Count: 0, Nodes.Count: 0, Upstreams.Count: 0 } && _time.GetElapsedTime(_notedNodes, now) < QuietMax;
            if (!isQuiet)
            {
                double since = _time.GetElapsedTime(_notedNodes, now).TotalSeconds;
                var report = new TrafficReport(routes, NoteNodes(since)) { Upstreams = _routeUpstreams.Note(since) };
                _notedNodes = now;
                _latest = _hasNoted ? report : null;
            }

            _hasNoted = true;
            _noted = now;
        }
        finally
        {
            _noting.Exit();
        }
    }

    private Dictionary<string, double> NoteRoutes(double seconds)
    {
        var rates = new Dictionary<string, double>(StringComparer.Ordinal);
        var next = new Dictionary<RouteTraffic, long>(_routes.Count, ReferenceEqualityComparer.Instance);
        foreach ((string route, RouteTraffic traffic) in _routeTraffics.All)
        {
            long requests = traffic.Requests;
            next[traffic] = requests;
            long got = requests - _routes.GetValueOrDefault(traffic);
            if (got > 0)
                rates[route] = Math.Round(got / seconds, 2);
        }

        _routes = next;
        return rates;
    }

    private List<NodeTraffic> NoteNodes(double seconds)
    {
        var rates = new List<NodeTraffic>();
        var next = new Dictionary<NodeState, (long, uint)>(_nodes.Count, ReferenceEqualityComparer.Instance);
        foreach ((string owner, UpstreamSnapshot upstream) in _upstreams.All)
        {
            foreach (NodeSnapshot node in upstream.Nodes)
            {
                LookedAtForTest++;
                (long Tries, uint Failures) now = (node.State.Tries, node.State.Failures);
                if (now.Tries == 0)
                    continue; // most nodes of a large configuration
                next[node.State] = now;
                (long tries, uint failures) = _nodes.GetValueOrDefault(node.State);
                if (now.Tries > tries)
                    rates.Add(new NodeTraffic(owner, NodeJson.Name(node.State), Math.Round((now.Tries - tries) / seconds, 2), Math.Round((now.Failures - failures) / seconds, 2)));
            }
        }

        _nodes = next;
        return rates;
    }
}
