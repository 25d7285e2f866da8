using Headgate.Control.Groups;
using Headgate.Store;
using Microsoft.Extensions.Hosting;

namespace Headgate.Control.Instances;

/// <summary>
/// Keeps the records of instances in step with those in memory: what this control plane learns is written, what another one has learnt or forgotten is taken over, and those are forgotten that have
/// been away for a week or whose gateway group is gone. A store that is away lets it wait, and nobody else.
/// </summary>
internal sealed class InstanceMemory(Fleet fleet, GroupScopes scopes, InstanceRecords records, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Turn = TimeSpan.FromSeconds(1);

    /// <summary>
    /// An instance that is there is written down this often: control planes that were all killed are that far off at most. Not oftener: every write is in the history for half a year, about 1 KB each, and
    /// of a thousand instances hourly, by two control planes, that would be 9 GB, more than etcd holds.
    /// </summary>
    private static readonly TimeSpan RecordEvery = TimeSpan.FromDays(1);

    /// <summary>What other control planes have written is read this often, and which gateway groups there are.</summary>
    private static readonly TimeSpan ReadEvery = TimeSpan.FromSeconds(30);

    private readonly Dictionary<Instance, (object Identity, bool IsHere, DateTimeOffset At)> _recorded = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<string, bool> _groups = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        long? read = null;
        using var timer = new PeriodicTimer(Turn, time);
        try
        {
            await LeaveIoThread.Now;
            do
            {
                try
                {
                    if (read is not { } at || time.GetElapsedTime(at) >= ReadEvery)
                    {
                        await ReadAsync(stoppingToken);
                        _groups.Clear();
                        read = time.GetTimestamp();
                    }

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

    private async ValueTask ReadAsync(CancellationToken cancellationToken)
    {
        var kept = new HashSet<Instance>(ReferenceEqualityComparer.Instance);
        foreach (InstanceRecord record in await records.AllAsync(cancellationToken))
        {
            Instance instance = fleet.Recall(record.Instance, record.Heard, record.HasLeft);
            kept.Add(instance);
            _recorded.TryAdd(instance, (instance.Identity, IsHere: false, time.GetUtcNow()));
        }

        foreach (Instance gone in _recorded.Keys.Where(instance => !kept.Contains(instance)).ToArray())
        {
            _recorded.Remove(gone);
            if (gone.Line is null) // else it is there, and is written down again
                fleet.Forget(gone);
        }
    }

    private async ValueTask TurnAsync(CancellationToken cancellationToken)
    {
        foreach (Instance instance in fleet.All)
        {
            string group = instance.Identity.Group;
            if (!_groups.TryGetValue(group, out bool isThere))
                _groups[group] = isThere = await scopes.FindAsync(group, cancellationToken) is not null;
            if (instance.IsLocal)
                continue;
            if (instance.Line is null && (!isThere || time.GetUtcNow() - instance.Heard > InstanceTimes.ForgottenAfter))
                await ForgetAsync(instance);
            else
                await RecordAsync(instance, cancellationToken);
        }
    }

    private async ValueTask ForgetAsync(Instance instance)
    {
        await records.DeleteAsync(instance.Identity);
        fleet.Forget(instance);
        _recorded.Remove(instance);
    }

    private async ValueTask RecordAsync(Instance instance, CancellationToken cancellationToken)
    {
        bool isHere = instance.Line is not null;
        if (_recorded.TryGetValue(instance, out var recorded) && ReferenceEquals(recorded.Identity, instance.Identity) && recorded.IsHere == isHere && (!isHere || time.GetUtcNow() - recorded.At < RecordEvery))
            return;
        await records.PutAsync(new InstanceRecord(instance.Identity, instance.Heard, instance.HasLeft), cancellationToken);
        _recorded[instance] = (instance.Identity, isHere, time.GetUtcNow());
    }
}
