namespace Headgate.Core.Config;

/// <summary>How many events in a row change a node's health. 0 = events of that kind do not count.</summary>
/// <param name="Successes">Successes that make a node healthy, 0..254.</param>
/// <param name="HttpFailures">Bad statuses that make it unhealthy, 0..254.</param>
/// <param name="TcpFailures">Failed connections that make it unhealthy, 0..254.</param>
/// <param name="Timeouts">Timeouts that make it unhealthy, 0..254.</param>
public sealed record HealthThresholds(int Successes, int HttpFailures, int TcpFailures, int Timeouts);
