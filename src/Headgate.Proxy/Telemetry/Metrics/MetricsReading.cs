namespace Headgate.Proxy.Telemetry.Metrics;

/// <summary>All requests that were counted, added up. Used by the thread that asked for it.</summary>
/// <param name="Statuses">Requests by labels and status.</param>
/// <param name="Flows">Bytes and latencies.</param>
public sealed record MetricsReading(IReadOnlyList<(RequestLabels Labels, int Status, long Count)> Statuses, IReadOnlyDictionary<FlowLabels, FlowSum> Flows);
