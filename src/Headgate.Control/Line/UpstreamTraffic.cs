namespace Headgate.Control.Line;

/// <summary>What an upstream gets of one route from an instance.</summary>
/// <param name="Route">Id of the route.</param>
/// <param name="Owner">Key of the object that holds the upstream.</param>
/// <param name="Requests">Tries a second.</param>
/// <param name="Failures">Those of them without an answer, or with one of 500 or more.</param>
/// <param name="Latencies">Of the tries that have one: pairs of a bucket (<see cref="Core.Upstreams.LatencyBuckets"/>) and how many lie in it. One instance's and another's may be added up.</param>
public sealed record UpstreamTraffic(string Route, string Owner, double Requests, double Failures, IReadOnlyList<int> Latencies);
