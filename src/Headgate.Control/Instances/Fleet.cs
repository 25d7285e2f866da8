using System.Collections.Concurrent;
using Headgate.Control.Line;
using Microsoft.Extensions.Logging;

namespace Headgate.Control.Instances;

/// <summary>The instances of all gateway groups that this control plane knows: each opens a line to every control plane. Any thread.</summary>
internal sealed class Fleet(TimeProvider time, ILogger<Fleet> log)
{
    private readonly ConcurrentDictionary<(string Group, string Id), Instance> _instances = new();

    // Completed and replaced when an instance runs something else, comes or goes: whoever waits for it to get somewhere looks again. Most reports say nothing of the kind.
    private volatile TaskCompletionSource _move = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when an instance runs something else, comes or goes. Take it before looking at what is waited for.</summary>
    public Task NextMove => _move.Task;

    /// <summary>The instances of a group, by their ids.</summary>
    public IReadOnlyList<Instance> Of(string group) => [.. _instances.Values.Where(instance => instance.Identity.Group == group).OrderBy(static instance => instance.Identity.Id, StringComparer.Ordinal)];

    /// <summary>All of them.</summary>
    public IReadOnlyCollection<Instance> All => [.. _instances.Values];

    /// <summary>One; null when it is not known.</summary>
    public Instance? Find(string group, string id) => _instances.GetValueOrDefault((group, id));

    /// <summary>Why an instance may not come over another line than it has; null = it may.</summary>
    public string? RefusalTwice(InstanceIdentity identity)
    {
        if (Find(identity.Group, identity.Id)?.RefusalTwice(identity, out bool isFirst) is not { } refusal)
            return null;
        if (isFirst)
            LineLog.InstanceTwice(log, identity.Id, identity.Group, identity.Hostname, refusal);
        return refusal;
    }

    /// <summary>An instance came. One that is on another line already leaves that.</summary>
    public Instance Attach(InstanceIdentity identity, IInstanceLine line, bool isLocal = false)
    {
        Instance instance;
        do
        {
            instance = _instances.GetOrAdd((identity.Group, identity.Id), _ => Make(identity, time.GetUtcNow(), hasLeft: false));
            instance.Come(identity, line, isLocal)?.Close("another line of this instance was opened");
        }
        while (Find(identity.Group, identity.Id) != instance); // it was forgotten at this very moment

        OnMove();
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
        OnMove();
    }

    /// <summary>An instance that was here before this process started.</summary>
    public Instance Recall(InstanceIdentity identity, DateTimeOffset heard, bool hasLeft) =>
        _instances.GetOrAdd((identity.Group, identity.Id), _ => Make(identity, heard, hasLeft));

    /// <summary>Forgets an instance.</summary>
    public void Forget(Instance instance) => _instances.TryRemove(new KeyValuePair<(string, string), Instance>((instance.Identity.Group, instance.Identity.Id), instance));

    private Instance Make(InstanceIdentity identity, DateTimeOffset heard, bool hasLeft) => new(identity, heard, hasLeft, time, OnMove);

    private void OnMove() => Interlocked.Exchange(ref _move, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
}
