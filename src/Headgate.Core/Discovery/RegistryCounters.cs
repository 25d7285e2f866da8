namespace Headgate.Core.Discovery;

/// <summary>What was counted of a registry.</summary>
/// <param name="Answers">Answers about services.</param>
/// <param name="Failures">Answers that were not had, or not understood.</param>
/// <param name="Changes">Times that the instances in use of a service changed.</param>
public readonly record struct RegistryCounters(long Answers, long Failures, long Changes);
