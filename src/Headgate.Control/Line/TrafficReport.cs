namespace Headgate.Control.Line;

/// <summary>Traffic of the last seconds (<see cref="TrafficMeter.Interval"/>), as a whole; what got none is not in it.</summary>
/// <param name="Routes">Requests a second by id of the route.</param>
/// <param name="Nodes">Tries by node.</param>
public sealed record TrafficReport(IReadOnlyDictionary<string, double> Routes, IReadOnlyList<NodeTraffic> Nodes)
{
    /// <summary>What upstreams get of routes, with latencies; null = the instance is of a version that does not tell.</summary>
    public IReadOnlyList<UpstreamTraffic>? Upstreams { get; init; }
}
