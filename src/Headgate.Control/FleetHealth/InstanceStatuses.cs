using Headgate.Control.Groups;
using Headgate.Control.Instances;

namespace Headgate.Control.FleetHealth;

/// <summary>How the instances of all gateway groups are, for the metrics of a control plane.</summary>
public sealed class InstanceStatuses
{
    private readonly Fleet _fleet;
    private readonly GroupScopes _scopes;
    private readonly TimeProvider _time;

    internal InstanceStatuses(Fleet fleet, GroupScopes scopes, TimeProvider time) => (_fleet, _scopes, _time) = (fleet, scopes, time);

    /// <summary>All that an instance can be, in words.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Enum.GetValues<InstanceState>().Select(InstanceJson.Name)];

    /// <summary>Each instance that is known, by group and id; of a group that this control plane has not looked into yet, none. Asks nobody.</summary>
    public IReadOnlyList<InstanceStatus> All()
    {
        DateTimeOffset now = _time.GetUtcNow();
        var all = new List<InstanceStatus>();
        foreach (Instance instance in _fleet.All.OrderBy(static instance => instance.Identity.Group, StringComparer.Ordinal).ThenBy(static instance => instance.Identity.Id, StringComparer.Ordinal))
        {
            if (_scopes.Opened(instance.Identity.Group) is not { } group)
                continue;
            InstanceState state = instance.StateNow(group.Revisions).State;
            TimeSpan behind = instance.BehindFor(group.Revisions) ?? TimeSpan.Zero;
            all.Add(new InstanceStatus(instance.Identity.Group, instance.Identity.Id, InstanceJson.Name(state), state != InstanceState.Offline, behind, now - instance.Heard));
        }

        return all;
    }
}
