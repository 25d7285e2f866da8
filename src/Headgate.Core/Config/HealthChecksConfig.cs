namespace Headgate.Core.Config;

/// <summary>An upstream's health checks.</summary>
/// <param name="Active">How nodes are probed.</param>
/// <param name="Passive">What is learnt from requests; null = nothing.</param>
public sealed record HealthChecksConfig(ActiveCheckConfig Active, PassiveCheckConfig? Passive);
