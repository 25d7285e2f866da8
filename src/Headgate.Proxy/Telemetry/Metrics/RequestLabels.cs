namespace Headgate.Proxy.Telemetry.Metrics;

/// <summary>What requests are told apart by.</summary>
/// <param name="Flow">Route, service, consumer and node.</param>
/// <param name="MatchedUri">Path of the route that matched, as written.</param>
/// <param name="MatchedHost">Host of the route that matched, as written; empty = any.</param>
public readonly record struct RequestLabels(FlowLabels Flow, string MatchedUri, string MatchedHost);
