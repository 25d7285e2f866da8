namespace Headgate.Core.Config;

/// <summary>Ejects a node of whose requests too many failed in a window, whatever the others do.</summary>
/// <param name="Threshold">Percent of failed requests at which it is ejected, 1..100.</param>
/// <param name="MinimumHosts">Nodes that must have the request volume in the window, ≥ 1; default 2.</param>
/// <param name="RequestVolume">Requests a node must have had in the window to be judged, ≥ 1; default 50.</param>
public sealed record FailurePercentageConfig(int Threshold, int MinimumHosts, int RequestVolume);
