namespace Headgate.Core.Config;

/// <summary>Ejects a node whose median time to answer is too many times that of its peers, several windows in a row.</summary>
/// <param name="Factor">How many times, 1.5..100.</param>
/// <param name="MinimumHosts">Nodes that must have the request volume in the window, ≥ 3; default 3.</param>
/// <param name="RequestVolume">Timed answers a node must have given in the window to be judged, ≥ 5; default 50.</param>
/// <param name="Windows">Slow windows in a row, 1..100; default 2.</param>
/// <param name="MinDifference">A median that is less than this above that of the peers is not slow, whatever the factor; ≥ 0; default 1 ms.</param>
public sealed record LatencyOutlierConfig(double Factor, int MinimumHosts, int RequestVolume, int Windows, TimeSpan MinDifference);
