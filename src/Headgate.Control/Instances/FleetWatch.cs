using Headgate.Control.Groups;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Headgate.Control.Instances;

/// <summary>Says in the log when an instance is out of sync, lost, or well again. It never waits for the store: when that is away there is much to say.</summary>
internal sealed class FleetWatch(Fleet fleet, GroupScopes scopes, TimeProvider time, ILogger<FleetWatch> log) : BackgroundService
{
    private static readonly TimeSpan Turn = TimeSpan.FromSeconds(1);

    private Dictionary<Instance, InstanceState> _states = new(ReferenceEqualityComparer.Instance);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        DateTimeOffset began = time.GetUtcNow();
        using var timer = new PeriodicTimer(Turn, time);
        try
        {
            await LeaveIoThread.Now;
            do
            {
                // Who was here before this control plane started has not had the time to come again.
                bool isYoung = time.GetUtcNow() - began < InstanceTimes.LostAfter;
                Look(fleet.All.Where(instance => !isYoung || instance.IsHeard));
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // stopped
        }
    }

    private void Look(IEnumerable<Instance> instances)
    {
        var states = new Dictionary<Instance, InstanceState>(ReferenceEqualityComparer.Instance);
        foreach (Instance instance in instances)
        {
            if (scopes.Opened(instance.Identity.Group) is not { } group)
                continue; // its group is gone, or will be open soon
            (InstanceState state, string? reason) = instance.StateNow(group.Revisions);
            InstanceState before = _states.GetValueOrDefault(instance, InstanceState.Healthy);
            states[instance] = state;
            if (before == state)
                continue;
            if (state == InstanceState.Healthy)
                InstanceLog.Healthy(log, instance.Identity.Id, instance.Identity.Group, instance.Running.Revision);
            else if (!instance.HasLeft)
                InstanceLog.NotHealthy(log, instance.Identity.Id, instance.Identity.Group, InstanceJson.Name(state), reason!);
        }

        _states = states;
    }
}
