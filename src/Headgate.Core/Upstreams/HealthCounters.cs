namespace Headgate.Core.Upstreams;

/// <summary>A node's health and its counters at one instant; each counter 0..255.</summary>
/// <param name="Status">The health.</param>
/// <param name="Successes">Successes since the last failure.</param>
/// <param name="HttpFailures">Bad statuses since the last success.</param>
/// <param name="TcpFailures">Failed connections since the last success.</param>
/// <param name="Timeouts">Timeouts since the last success.</param>
public readonly record struct HealthCounters(HealthStatus Status, int Successes, int HttpFailures, int TcpFailures, int Timeouts);
