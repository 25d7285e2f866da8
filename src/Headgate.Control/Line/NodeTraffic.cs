namespace Headgate.Control.Line;

/// <summary>What a node gets from an instance.</summary>
/// <param name="Owner">Key of the object that holds the upstream.</param>
/// <param name="Node"><c>host:port</c>.</param>
/// <param name="Requests">Tries a second.</param>
/// <param name="Failures">Those of them without an answer, or with one of 500 or more.</param>
public sealed record NodeTraffic(string Owner, string Node, double Requests, double Failures);
