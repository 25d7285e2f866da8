using Headgate.Core.Upstreams;

namespace Headgate.Core.Health;

/// <summary>What a node did in a window.</summary>
/// <param name="Node">The node.</param>
/// <param name="Requests">Tries that ended, those that the client ended aside.</param>
/// <param name="Failures">Of those, the ones that failed: 5xx, or no answer.</param>
/// <param name="Latencies">Answers that were timed.</param>
/// <param name="MedianMs">The median of their times to answer, in milliseconds; 0 without any.</param>
internal readonly record struct NodeWindow(NodeState Node, long Requests, long Failures, int Latencies, double MedianMs);
