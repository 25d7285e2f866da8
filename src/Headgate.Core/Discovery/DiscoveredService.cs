using Headgate.Core.Config;
using Headgate.Core.Primitives;

namespace Headgate.Core.Discovery;

/// <summary>
/// A service that is followed: which instances are in use, given what the registry said and when. A failure changes none; an empty answer and the loss of many instances at once are not
/// believed before they have held (<see cref="DiscoveryTerms"/>), because registries lose their memory more often than all nodes die. No clock of its own; not thread-safe.
/// </summary>
/// <param name="key">What is followed.</param>
/// <param name="terms">When the registry is believed.</param>
public sealed class DiscoveredService(ServiceKey key, DiscoveryTerms terms)
{
    private EquatableArray<ServiceInstance> _latest = [];

    /// <summary>What is followed.</summary>
    public ServiceKey Key => key;

    /// <summary>The instances in use: the latest answer's and those held.</summary>
    public EquatableArray<ServiceInstance> Instances { get; private set; } = [];

    /// <summary>Whether there is an answer at all, of the registry or remembered from before a restart.</summary>
    public bool IsKnown => AnsweredAt is not null;

    /// <summary>Whether what is in use was remembered, and the registry has said nothing since.</summary>
    public bool IsRemembered { get; private set; }

    /// <summary>Until when what is in use is known to have been true: the latest answer or, while a registry is listened to, the end of that; null = never.</summary>
    public DateTimeOffset? AnsweredAt { get; private set; }

    /// <summary>When <see cref="Instances"/> last changed; null = never.</summary>
    public DateTimeOffset? ChangedAt { get; private set; }

    /// <summary>Why there is no answer now; null = there is one.</summary>
    public string? Failure { get; private set; }

    /// <summary>Since when there is none; null = there is one.</summary>
    public DateTimeOffset? FailedAt { get; private set; }

    /// <summary>What of the latest answer was left out.</summary>
    public IReadOnlyList<string> Problems { get; private set; } = [];

    /// <summary>What is held; null = nothing.</summary>
    public HeldRemoval? Held { get; private set; }

    /// <summary>Those of <see cref="Instances"/> that are held; empty = nothing is.</summary>
    public EquatableArray<ServiceInstance> HeldInstances => Held is null ? [] : [.. Missing(Instances)];

    /// <summary>What was known before a restart. Only for a service that knows nothing yet.</summary>
    public void Remember(EquatableArray<ServiceInstance> instances, DateTimeOffset answeredAt)
    {
        if (IsKnown)
            throw new InvalidOperationException($"{key.Registry}/{key.Name} is known already");
        (Instances, _latest, AnsweredAt, ChangedAt, IsRemembered) = (instances, instances, answeredAt, answeredAt, true);
    }

    /// <summary>Takes in an answer. True when <see cref="Instances"/> are others now, or are known for the first time.</summary>
    public bool Answer(ServiceAnswer answer, DateTimeOffset now)
    {
        bool isFirst = !IsKnown;
        (AnsweredAt, IsRemembered, Failure, FailedAt, Problems, _latest) = (now, false, null, null, answer.Problems, answer.Instances);
        if (isFirst || Held is not null)
            return Use(Held is null ? _latest : StillHeld(), now) || isFirst;

        TimeSpan? hold = HoldFor(Instances.Count, _latest.Count);
        if (hold is not { } time || time <= TimeSpan.Zero)
            return Use(_latest, now);
        Held = new HeldRemoval(Missing(Instances).Count, now, now + time);
        return Use(With(Missing(Instances)), now);
    }

    /// <summary>The registry gave no answer. Nothing changes but what people see.</summary>
    public void Fail(string reason, DateTimeOffset now)
    {
        if (Failure is null && IsKnown && !IsRemembered)
            AnsweredAt = now; // it was listened to until now, and had nothing new to say
        Failure = reason;
        FailedAt ??= now;
    }

    /// <summary>Time has passed: believes the registry when a hold is over, unless it is silent. True when <see cref="Instances"/> are others now.</summary>
    public bool Tick(DateTimeOffset now) => Held is { } held && held.Until <= now && Failure is null && Release(now);

    /// <summary>A person, or the time, says that the registry is right. True when <see cref="Instances"/> are others now.</summary>
    public bool Release(DateTimeOffset now)
    {
        Held = null;
        return Use(_latest, now);
    }

    /// <summary>
    /// How long the step from <paramref name="before"/> instances to <paramref name="after"/> is to be held; null = it is not. What counts is how many there are: a service whose instances
    /// are all replaced by others, as by a new release, has lost none.
    /// </summary>
    private TimeSpan? HoldFor(int before, int after)
    {
        if (after >= before)
            return null;
        if (after == 0)
            return terms.EmptyHold;
        return before >= terms.RemovalMinInstances && (long)(before - after) * 100 > (long)terms.RemovalPercent * before ? terms.RemovalHold : null;
    }

    /// <summary>What is in use while something is held: all that was, until the registry has as many instances again that their loss would not have been held.</summary>
    private EquatableArray<ServiceInstance> StillHeld()
    {
        HeldRemoval held = Held!;
        List<ServiceInstance> missing = Missing(Instances);
        if (missing.Count == 0 || HoldFor(_latest.Count + missing.Count, _latest.Count) is null)
        {
            Held = null;
            return _latest;
        }

        // What is missing may have become all, or no longer be: then the longer of the two times counts, from the beginning on.
        DateTimeOffset until = held.Since + (HoldFor(_latest.Count + missing.Count, _latest.Count) ?? TimeSpan.Zero);
        Held = held with { Missing = missing.Count, Until = until > held.Until ? until : held.Until };
        return With(missing);
    }

    private List<ServiceInstance> Missing(EquatableArray<ServiceInstance> before)
    {
        HashSet<(string, int?)> told = [.. _latest.Select(static one => (one.Host, one.Port))];
        return [.. before.Where(one => !told.Contains((one.Host, one.Port)))];
    }

    private EquatableArray<ServiceInstance> With(List<ServiceInstance> missing) =>
        [.. _latest.Concat(missing).OrderBy(static one => one.Host, StringComparer.Ordinal).ThenBy(static one => one.Port)];

    private bool Use(EquatableArray<ServiceInstance> instances, DateTimeOffset now)
    {
        if (instances == Instances)
            return false;
        (Instances, ChangedAt) = (instances, now);
        return true;
    }
}
