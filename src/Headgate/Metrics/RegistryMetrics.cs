using Headgate.Core.Discovery;

namespace Headgate.Metrics;

/// <summary>How service registries are, and what is known of their services. A label value for each registry, none for services: registries are few, services may be thousands.</summary>
internal sealed class RegistryMetrics(IDiscoveryView discovery, TimeProvider time) : IMetricsSource
{
    private static readonly (RegistryStatus Status, string Name)[] Statuses =
        [(RegistryStatus.Healthy, "healthy"), (RegistryStatus.Connecting, "connecting"), (RegistryStatus.Lost, "lost_connection")];

    /// <inheritdoc/>
    public void Write(MetricsWriter writer)
    {
        IReadOnlyList<RegistryView> registries = discovery.Registries();
        ILookup<string, ServiceView> services = discovery.Services().ToLookup(static service => service.Key.Registry);
        writer.Gauge("headgate_registry_status", "1 for the status that a service registry has, 0 for the others.");
        foreach (RegistryView registry in registries)
        {
            foreach ((RegistryStatus status, string name) in Statuses)
                writer.Sample(registry.Last.Status == status ? 1 : 0, ("registry", registry.Name), ("status", name));
        }

        WriteCounter(writer, registries, "answers", "Answers of a service registry about services.", static counters => counters.Answers);
        WriteCounter(writer, registries, "failures", "Answers of a service registry that were not had, or not understood.", static counters => counters.Failures);
        WriteCounter(writer, registries, "changes", "Times that the instances in use of a service of the registry changed.", static counters => counters.Changes);
        WriteGauge(writer, registries, "services", "Services of the registry that upstreams follow.", registry => services[registry.Name].Count());
        WriteGauge(writer, registries, "services_failing", "Followed services that the registry gives no answer about.", registry => services[registry.Name].Count(static service => service.Failure is not null));
        WriteGauge(writer, registries, "instances", "Instances in use of followed services.", registry => services[registry.Name].Sum(static service => service.Instances.Count));
        WriteGauge(
            writer, registries, "held_instances", "Instances that have vanished from the registry and are held.", registry => services[registry.Name].Sum(static service => service.Held?.Missing ?? 0));
        DateTimeOffset now = time.GetUtcNow();
        WriteGauge(
            writer, registries, "data_age_seconds", "Age of what is known of the service of the registry that was heard of last the longest ago; 0 while all are followed.",
            registry => services[registry.Name].Max(service => service.AnsweredAt is { } at ? Math.Max(0, (now - at).TotalSeconds) : (double?)null) ?? 0);
    }

    private static void WriteCounter(MetricsWriter writer, IReadOnlyList<RegistryView> registries, string name, string help, Func<RegistryCounters, long> value)
    {
        writer.Counter($"headgate_registry_{name}_total", help);
        foreach (RegistryView registry in registries)
            writer.Sample(value(registry.Counters), ("registry", registry.Name));
    }

    private static void WriteGauge(MetricsWriter writer, IReadOnlyList<RegistryView> registries, string name, string help, Func<RegistryView, double> value)
    {
        writer.Gauge($"headgate_registry_{name}", help);
        foreach (RegistryView registry in registries)
            writer.Sample(value(registry), ("registry", registry.Name));
    }
}
