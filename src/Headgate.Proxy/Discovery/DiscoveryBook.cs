using System.Globalization;
using Headgate.Core.Config;
using Headgate.Core.Discovery;
using Microsoft.Extensions.Logging;

namespace Headgate.Proxy.Discovery;

/// <summary>Takes in what registries say, and tells of it: to the compiler, to the log, to those who wait for a first word. Members whose names end in NeedsLock are called under <see cref="Gate"/>.</summary>
/// <param name="time">The clock.</param>
/// <param name="logger">Where changes are told.</param>
internal sealed class DiscoveryBook(TimeProvider time, ILogger logger) : IDisposable
{
    private readonly HashSet<FollowedService> _unanswered = new(ReferenceEqualityComparer.Instance);

    /// <summary>Guards all that is known of registries and services; held for moments only.</summary>
    public Lock Gate { get; } = new();

    /// <summary>Services whose instances have changed and that are to be compiled.</summary>
    public ServiceChanges Changes { get; } = new();

    /// <summary>Whether something is known that is not kept yet. Under <see cref="Gate"/>.</summary>
    public bool IsUnwritten { get; set; }

    /// <summary>Services of which nothing is known, and nothing was heard yet.</summary>
    public IEnumerable<FollowedService> Unanswered_NeedsLock => _unanswered.Where(static service => !service.State.IsKnown);

    /// <summary>The first word about a service is awaited.</summary>
    public void Await_NeedsLock(FollowedService service) => _unanswered.Add(service);

    /// <summary>There was a word about a service, or there will be none.</summary>
    public void Answered_NeedsLock(FollowedService service)
    {
        if (_unanswered.Remove(service))
            service.First.TrySetResult();
    }

    /// <summary>A registry has answered about a service; nothing happens once <paramref name="stop"/> is cancelled.</summary>
    public void OnAnswer(FollowedService service, FollowedRegistry registry, ServiceAnswer answer, CancellationToken stop)
    {
        lock (Gate)
        {
            if (stop.IsCancellationRequested)
                return;
            DiscoveredService state = service.State;
            (HeldRemoval? held, IReadOnlyList<string> problems) = (state.Held, state.Problems);
            DateTimeOffset now = time.GetUtcNow();
            bool changed = state.Answer(answer, now);
            if (changed)
                Changed_NeedsLock(service);
            if (registry.Answered(service, changed, now))
                DiscoveryLog.RegistryHealthy(logger, registry.Name);
            Answered_NeedsLock(service);
            LogAnswer(state, held, problems);
        }
    }

    private void LogAnswer(DiscoveredService state, HeldRemoval? heldBefore, IReadOnlyList<string> problemsBefore)
    {
        ServiceKey key = state.Key;
        if (state.Held is { } held && held.Missing != heldBefore?.Missing)
            DiscoveryLog.RemovalHeld(logger, key.Name, key.Registry, held.Missing, state.Instances.Count, held.Until.ToString("O", CultureInfo.InvariantCulture));
        if (state.Held is null && heldBefore is not null)
            DiscoveryLog.RemovalReleased(logger, key.Name, key.Registry, state.Instances.Count);
        if (state.Problems.Count > 0 && !state.Problems.SequenceEqual(problemsBefore))
        {
            string left = string.Join("; ", state.Problems);
            DiscoveryLog.AnswerLeftOut(logger, key.Name, key.Registry, left);
        }
    }

    /// <summary>A registry has not answered about a service; nothing happens once <paramref name="stop"/> is cancelled.</summary>
    public void OnFailure(FollowedService service, FollowedRegistry registry, RegistryException failure, CancellationToken stop)
    {
        lock (Gate)
        {
            if (stop.IsCancellationRequested)
                return;
            bool isNews = service.State.Failure is null;
            DateTimeOffset now = time.GetUtcNow();
            service.State.Fail(failure.Message, now);
            if (registry.Failed(service, failure, now))
                DiscoveryLog.RegistryLost(logger, registry.Name, failure.Message);
            else if (isNews && (failure.IsOfServiceOnly || registry is { Failing: 1, Last.Status: not RegistryStatus.Lost })) // with a registry that is being lost a thousand fail
                DiscoveryLog.ServiceFailed(logger, service.State.Key.Name, registry.Name, failure.Message, service.State.Instances.Count);
            Answered_NeedsLock(service);
        }
    }

    /// <summary>A registry that no service is asked of was tested; null = it answers.</summary>
    public void OnTested(FollowedRegistry registry, RegistryException? failure, CancellationToken stop)
    {
        lock (Gate)
        {
            if (stop.IsCancellationRequested || !registry.NeedsProbe)
                return;
            DateTimeOffset now = time.GetUtcNow();
            if (failure is null && registry.Answered(null, changed: false, now))
                DiscoveryLog.RegistryHealthy(logger, registry.Name);
            else if (failure is not null && registry.Failed(null, failure, now))
                DiscoveryLog.RegistryLost(logger, registry.Name, failure.Message);
        }
    }

    /// <summary>A person says that the registry is right about a service. False when nothing is held.</summary>
    public bool Release_NeedsLock(FollowedService service)
    {
        if (service.State.Held is null)
            return false;
        Released_NeedsLock(service, service.State.Release(time.GetUtcNow()));
        return true;
    }

    /// <summary>Believes the registries where the time has come.</summary>
    public void ReleaseDue_NeedsLock(IEnumerable<FollowedService> services)
    {
        DateTimeOffset now = time.GetUtcNow();
        foreach (FollowedService service in services)
        {
            if (service.State.Held is null)
                continue;
            bool changed = service.State.Tick(now);
            if (service.State.Held is null)
                Released_NeedsLock(service, changed);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Changes.Dispose();

    private void Released_NeedsLock(FollowedService service, bool changed)
    {
        if (changed)
            Changed_NeedsLock(service);
        DiscoveryLog.RemovalReleased(logger, service.State.Key.Name, service.State.Key.Registry, service.State.Instances.Count);
    }

    private void Changed_NeedsLock(FollowedService service)
    {
        Changes.Add(service.State.Key);
        IsUnwritten = true;
    }
}
