using Headgate.Core.Config.Registries;

namespace Headgate.Core.Discovery;

/// <summary>A registry as it is known at one moment.</summary>
/// <param name="Name">As <see cref="Config.ServiceKey.Registry"/>: a type, or <c>service_registries/ID</c>.</param>
/// <param name="Config">How it is reached.</param>
/// <param name="Last">Its status, since when, and why.</param>
/// <param name="HeardAt">When it last answered; null = never.</param>
/// <param name="History">The changes of its status, the oldest first; at most <see cref="HistoryMax"/>.</param>
/// <param name="Counters">What was counted since it is there.</param>
public sealed record RegistryView(
    string Name, RegistryConfig Config, RegistryChange Last, DateTimeOffset? HeardAt, IReadOnlyList<RegistryChange> History, RegistryCounters Counters)
{
    /// <summary>Changes that are kept of a registry.</summary>
    public const int HistoryMax = 100;
}
