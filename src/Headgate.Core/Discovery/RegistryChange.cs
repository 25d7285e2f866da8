namespace Headgate.Core.Discovery;

/// <summary>A change of a registry's status.</summary>
/// <param name="At">When.</param>
/// <param name="Status">What it is since then.</param>
/// <param name="Reason">Why it is lost, for people; null with the others.</param>
public sealed record RegistryChange(DateTimeOffset At, RegistryStatus Status, string? Reason);
