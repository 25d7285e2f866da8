namespace Headgate.Core.Upstreams;

/// <summary>One entry of a node's <see cref="NodeTimeline"/>.</summary>
/// <param name="At">When, by the wall clock.</param>
/// <param name="Kind">What happened.</param>
/// <param name="Source">Who found or ordered it: <c>probe</c>, <c>request</c>, <c>outlier detection</c>, <c>configuration</c>, <c>restart</c>, an operator's name.</param>
/// <param name="Reason">Why, for people: the probe's error, the figure, the operator's words. No secrets.</param>
public sealed record NodeChange(DateTimeOffset At, NodeChangeKind Kind, string Source, string Reason);
