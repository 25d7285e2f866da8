namespace Headgate.Core.Config;

/// <summary>Ejects a node whose success rate in a window lies too far below the mean of all.</summary>
/// <param name="StdevFactor">Standard deviations below the mean, in thousandths, 500..10000: 1900 is 1.9. The unit is Envoy's.</param>
/// <param name="MinimumHosts">Nodes that must have the request volume in the window, ≥ 2; default 5.</param>
/// <param name="RequestVolume">Requests a node must have had in the window to be judged, ≥ 1; default 100.</param>
public sealed record SuccessRateConfig(int StdevFactor, int MinimumHosts, int RequestVolume);
