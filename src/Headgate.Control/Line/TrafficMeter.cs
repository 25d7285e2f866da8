using Headgate.Core.Routing;
using Headgate.Core.Snapshot;
using Headgate.Core.Upstreams;
using Headgate.Control.Nodes;

namespace Headgate.Control.Line;

/// <summary>
/// Requests a second of routes and tries a second of nodes: their counters are noted every few seconds and compared with the note before. Nothing of it is on the request path. Thread-safe.
/// </summary>
internal sealed class TrafficMeter : IDisposable
{
    /// <summary>Between two notes; a rate is that of the time between the last two.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    // Used by the timer alone, one call at a time. What is gone goes with the next note.
    private Dictionary<RouteTraffic, long> _routes = new(ReferenceEqualityComparer.Instance);
    private Dictionary<NodeState, (long Tries, long Failures)> _nodes = new(ReferenceEqualityComparer.Instance);
    private readonly RouteTraffics _routeTraffics;
    private readonly ServedUpstreams _upstreams;
    private readonly TimeProvider _time;
    private readonly Lock _noting = new();
    private readonly ITimer _timer;
    private long _noted;
    private volatile TrafficReport? _latest;

    /// <summary>Begins to note.</summary>
    public TrafficMeter(RouteTraffics routes, ServedUpstreams upstreams, TimeProvider time)
    {
        (_routeTraffics, _upstreams, _time) = (routes, upstreams, time);
        Note();
        _timer = time.CreateTimer(static meter => ((TrafficMeter)meter!).Note(), this, Interval, Interval);
    }

    /// <summary>The rates of the last time; null = they have not been watched long enough.</summary>
    public TrafficReport? Latest => _latest;

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
            var report = new TrafficReport(NoteRoutes(seconds), NoteNodes(seconds));
            _latest = _noted == 0 ? null : report;
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
                rates[route] = got / seconds;
        }

        _routes = next;
        return rates;
    }

    private List<NodeTraffic> NoteNodes(double seconds)
    {
        var rates = new List<NodeTraffic>();
        var next = new Dictionary<NodeState, (long, long)>(_nodes.Count, ReferenceEqualityComparer.Instance);
        foreach ((string owner, UpstreamSnapshot upstream) in _upstreams.All)
        {
            foreach (NodeSnapshot node in upstream.Nodes)
            {
                (long Tries, long Failures) now = (node.State.Tries, node.State.Failures);
                if (now.Tries == 0)
                    continue; // most nodes of a large configuration
                next[node.State] = now;
                (long tries, long failures) = _nodes.GetValueOrDefault(node.State);
                if (now.Tries > tries)
                    rates.Add(new NodeTraffic(owner, NodeJson.Name(node.State), (now.Tries - tries) / seconds, (now.Failures - failures) / seconds));
            }
        }

        _nodes = next;
        return rates;
    }
}
