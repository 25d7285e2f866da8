namespace Headgate.Core.Discovery;

/// <summary>What a registry that could be reached says of its services.</summary>
/// <param name="Services">How many it has; null = it does not say.</param>
/// <param name="WhyNone">Why it does not say, for people; null = it does.</param>
public sealed record RegistryTrial(int? Services, string? WhyNone);
