using Headgate.Control.Groups;
using Headgate.Store;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Headgate.Control.Instances;

/// <summary>Watches the instances: says in the log when one is out of sync, lost, or well again, keeps their records, and forgets those that have been away for a week.</summary>
internal sealed class FleetWatch(Fleet fleet, GroupScopes scopes, InstanceRecords records, TimeProvider time, ILogger<FleetWatch> log) : BackgroundService
{
    private static readonly TimeSpan Turn = TimeSpan.FromSeconds(1);

    /// <summary>
    /// An instance that is there is written down this often: control planes that were all killed are that far off at most. Not oftener: every write is in the history for half a year, about 1 KB each, and
    /// of a thousand instances hourly, by two control planes, that would be 9 GB, more than etcd holds.
    /// </summary>
    private static readonly TimeSpan RecordEvery = TimeSpan.FromDays(1);

    private readonly Dictionary<Instance, (InstanceState State, string? Reason)> _states = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<Instance, (object Identity, bool IsHere, DateTimeOffset At)> _recorded = new(ReferenceEqualityComparer.Instance);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await LeaveIoThread.Now;
        bool isRecalled = false;
        using var timer = new PeriodicTimer(Turn, time);
        try
        {
            do
            {
                try
                {
                    isRecalled = isRecalled || await RecallAsync(stoppingToken);
                    await TurnAsync(stoppingToken);
                }
                catch (Exception e) when (e is StoreUnavailableException or StoreReadOnlyException)
                {
                    // the records can wait: the log says already that the store is not there
                }
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // stopped
        }
    }

    private async ValueTask<bool> RecallAsync(CancellationToken stoppingToken)
    {
        foreach (InstanceRecord record in await records.AllAsync(stoppingToken))
            _recorded[fleet.Recall(record.Instance, record.Heard, record.HasLeft)] = (record.Instance, IsHere: false, time.GetUtcNow());
        return true;
    }

    private async ValueTask TurnAsync(CancellationToken stoppingToken)
    {
        var groups = new Dictionary<string, GroupScope?>(StringComparer.Ordinal); // finding one may read the store
        foreach (Instance instance in fleet.All)
        {
            if (!groups.TryGetValue(instance.Identity.Group, out GroupScope? group))
                groups[instance.Identity.Group] = group = await scopes.FindAsync(instance.Identity.Group, stoppingToken);
            if (group is null)
                continue;
            Tell(instance, instance.StateNow(group.Revisions));
            if (instance.IsLocal)
                continue;
            if (time.GetUtcNow() - instance.Heard > InstanceTimes.ForgottenAfter)
                await ForgetAsync(instance);
            else
                await RecordAsync(instance, stoppingToken);
        }
    }

    private void Tell(Instance instance, (InstanceState State, string? Reason) now)
    {
        InstanceState before = _states.TryGetValue(instance, out (InstanceState State, string? Reason) known) ? known.State : InstanceState.Healthy;
        _states[instance] = now;
        if (before == now.State)
            return;
        if (now.State == InstanceState.Healthy)
            InstanceLog.Healthy(log, instance.Identity.Id, instance.Identity.Group, instance.Running.Revision);
        else if (!instance.HasLeft)
            InstanceLog.NotHealthy(log, instance.Identity.Id, instance.Identity.Group, InstanceJson.Name(now.State), now.Reason!);
    }

    private async ValueTask RecordAsync(Instance instance, CancellationToken stoppingToken)
    {
        bool isHere = instance.Line is not null;
        if (_recorded.TryGetValue(instance, out var recorded) && ReferenceEquals(recorded.Identity, instance.Identity) && recorded.IsHere == isHere && time.GetUtcNow() - recorded.At < RecordEvery)
            return;
        await records.PutAsync(new InstanceRecord(instance.Identity, instance.Heard, instance.HasLeft), stoppingToken);
        _recorded[instance] = (instance.Identity, isHere, time.GetUtcNow());
    }

    private async ValueTask ForgetAsync(Instance instance)
    {
        fleet.Forget(instance.Identity.Group, instance.Identity.Id);
        _states.Remove(instance);
        _recorded.Remove(instance);
        await records.DeleteAsync(instance.Identity);
    }
}
