using Headgate.Core.Upstreams;

namespace Headgate.Core.Health;

/// <summary>A node that a detection finds to be an outlier in one window.</summary>
/// <param name="Node">The node.</param>
/// <param name="Why">The detection.</param>
/// <param name="Severity">How far beyond the limit, to compare findings of the same detection: the worst is ejected first.</param>
/// <param name="Figures">What was seen and what was allowed, for people.</param>
internal readonly record struct OutlierFinding(NodeState Node, EjectionReason Why, double Severity, string Figures);
