using Headgate.Control.FleetHealth;

namespace Headgate.Metrics;

/// <summary>The gateway instances that this control plane knows.</summary>
/// <param name="all">All of them, by group and id.</param>
internal sealed class InstanceMetrics(Func<IReadOnlyList<InstanceStatus>> all) : IMetricsSource
{
    /// <summary>Instances with lines of their own; of more, those that were not heard for longest. All of them are counted.</summary>
    public const int InstancesMax = 2000;

    /// <inheritdoc/>
    public void Write(MetricsWriter writer)
    {
        IReadOnlyList<InstanceStatus> instances = all();
        writer.Gauge("headgate_instances", "Gateway instances of a group, by their status.");
        foreach (IGrouping<string, InstanceStatus> group in instances.GroupBy(static instance => instance.Group, StringComparer.Ordinal))
        {
            foreach (string status in InstanceStatuses.Names)
                writer.Sample(group.Count(instance => instance.Status == status), ("gateway_group", group.Key), ("status", status));
        }

        InstanceStatus[] expected = [.. instances.Where(static instance => instance.IsExpected).OrderByDescending(static instance => instance.Silent).Take(InstancesMax)];
        writer.Gauge("headgate_instance_behind_seconds", "For how long an instance that is not offline has run less than its gateway group has; 0 = it does not.");
        foreach (InstanceStatus instance in expected)
            writer.Sample(instance.Behind.TotalSeconds, ("gateway_group", instance.Group), ("instance", instance.Id));
        writer.Gauge("headgate_instance_heard_seconds_ago", "Since an instance that is not offline was last heard.");
        foreach (InstanceStatus instance in expected)
            writer.Sample(Math.Max(0, instance.Silent.TotalSeconds), ("gateway_group", instance.Group), ("instance", instance.Id));
    }
}
