using System.Collections.Concurrent;
using Headgate.Core.Routing;
using Headgate.Core.Snapshot;

namespace Headgate.Proxy.Telemetry;

/// <summary>
/// Requests a second of routes: their counters are noted every few seconds, and compared with what they are when somebody asks. Nothing of it is on the request path.
/// </summary>
public sealed class RouteRates : IRouteRates, IDisposable
{
    /// <summary>Between two notes. A rate is that of the last one to two of these.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    /// <summary>A rate over less time than this says nothing.</summary>
    private static readonly TimeSpan SpanMin = TimeSpan.FromSeconds(1);

    // Written by the timer, read by who asks. A route that is gone goes with the next note.
    private readonly ConcurrentDictionary<RouteTraffic, Notes> _notes = new(ReferenceEqualityComparer.Instance);
    private readonly RouteTraffics _routes;
    private readonly TimeProvider _time;
    private readonly ITimer _timer;

    /// <summary>Begins to note.</summary>
    public RouteRates(RouteTraffics routes, TimeProvider time)
    {
        (_routes, _time) = (routes, time);
        _timer = time.CreateTimer(static rates => ((RouteRates)rates!).NoteAll(), this, Interval, Interval);
    }

    /// <inheritdoc/>
    public double? OfAllRoutes
    {
        get
        {
            double? sum = null;
            foreach ((_, RouteTraffic traffic) in _routes.All)
            {
                if (Of(traffic) is { } rate)
                    sum = (sum ?? 0) + rate;
            }

            return sum;
        }
    }

    /// <inheritdoc/>
    public double? OfRoute(string routeId) => _routes.Find(routeId) is { } traffic ? Of(traffic) : null;

    /// <inheritdoc/>
    public void Dispose() => _timer.Dispose();

    private double? Of(RouteTraffic traffic)
    {
        if (!_notes.TryGetValue(traffic, out Notes? notes))
            return null;
        long requests = traffic.Requests;
        TimeSpan span = _time.GetElapsedTime(notes.Before.At);
        return span < SpanMin ? null : (requests - notes.Before.Requests) / span.TotalSeconds;
    }

    private void NoteAll()
    {
        long now = _time.GetTimestamp();
        HashSet<RouteTraffic> served = new(ReferenceEqualityComparer.Instance);
        foreach ((_, RouteTraffic traffic) in _routes.All)
        {
            served.Add(traffic);
            var last = new Note(traffic.Requests, now);
            _notes[traffic] = new Notes(_notes.TryGetValue(traffic, out Notes? notes) ? notes.Last : last, last);
        }

        foreach (RouteTraffic gone in _notes.Keys.Where(traffic => !served.Contains(traffic)))
            _notes.TryRemove(gone, out _);
    }

    /// <summary>What a counter was at a time.</summary>
    private readonly record struct Note(long Requests, long At);

    /// <summary>The last note, and the one before it.</summary>
    private sealed record Notes(Note Before, Note Last);
}
