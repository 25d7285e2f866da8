using System.Collections.Concurrent;
using Headgate.Control.Line;
using Microsoft.Extensions.Logging;

namespace Headgate.Control.Instances;

/// <summary>The instances of all gateway groups that this control plane knows: each opens a line to every control plane. Any thread.</summary>
internal sealed class Fleet(TimeProvider time, ILogger<Fleet> log)
{
    private readonly ConcurrentDictionary<(string Group, string Id), Instance> _instances = new();

    // Completed and replaced at every report: whoever waits for an instance to get somewhere looks again.
    private volatile TaskCompletionSource _report = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes with the next report of any instance. Take it before looking at what is waited for.</summary>
    public Task NextReport => _report.Task;

    /// <summary>The instances of a group, by their ids.</summary>
    public IReadOnlyList<Instance> Of(string group) => [.. _instances.Values.Where(instance => instance.Identity.Group == group).OrderBy(static instance => instance.Identity.Id, StringComparer.Ordinal)];

    /// <summary>All of them.</summary>
    public IReadOnlyCollection<Instance> All => [.. _instances.Values];

    /// <summary>One; null when it is not known.</summary>
    public Instance? Find(string group, string id) => _instances.GetValueOrDefault((group, id));

    /// <summary>An instance came. One that is on another line already leaves that.</summary>
    public Instance Attach(InstanceIdentity identity, IInstanceLine line, bool isLocal = false)
    {
        Instance instance = _instances.GetOrAdd((identity.Group, identity.Id), _ => Make(identity, time.GetUtcNow(), hasLeft: false, isLocal));
        if (instance.Come(identity, line) is { } before && before != line)
        {
            LineLog.InstanceTwice(log, identity.Id, identity.Group);
            before.Close("another line of this instance was opened");
        }

        LineLog.InstanceCame(log, identity.Id, identity.Group, identity.Version);
        return instance;
    }

    /// <summary>A line ended. <paramref name="hasLeft"/>: the instance said so before.</summary>
    public void Detach(Instance instance, IInstanceLine line, bool hasLeft, string reason)
    {
        if (!instance.Lose(line, hasLeft))
            return;
        if (hasLeft)
            LineLog.InstanceLeft(log, instance.Identity.Id, instance.Identity.Group);
        else
            LineLog.InstanceLost(log, instance.Identity.Id, instance.Identity.Group, reason);
        OnReport(instance);
    }

    /// <summary>An instance that was here before this process started.</summary>
    public Instance Recall(InstanceIdentity identity, DateTimeOffset heard, bool hasLeft) =>
        _instances.GetOrAdd((identity.Group, identity.Id), _ => Make(identity, heard, hasLeft, isLocal: false));

    /// <summary>Forgets an instance; false when it was not known.</summary>
    public bool Forget(string group, string id) => _instances.TryRemove((group, id), out _);

    private Instance Make(InstanceIdentity identity, DateTimeOffset heard, bool hasLeft, bool isLocal) => new(identity, heard, hasLeft, isLocal, time, OnReport);

    private void OnReport(Instance instance) => Interlocked.Exchange(ref _report, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
}
