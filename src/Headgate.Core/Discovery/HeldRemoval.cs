namespace Headgate.Core.Discovery;

/// <summary>Instances that the registry no longer tells of and that stay in use for now.</summary>
/// <param name="Missing">How many; ≥ 1.</param>
/// <param name="Since">When they vanished.</param>
/// <param name="Until">When the registry is believed, if it goes on saying so and nobody releases them before.</param>
public sealed record HeldRemoval(int Missing, DateTimeOffset Since, DateTimeOffset Until);
