using Headgate.Core.Config;
using Headgate.Core.Discovery;

namespace Headgate.Proxy.Discovery;

/// <summary>A service that upstreams follow. Everything under the lock of its <see cref="DiscoveryLoop"/>.</summary>
/// <param name="key">What is followed.</param>
/// <param name="terms">When the registry is believed.</param>
internal sealed class FollowedService(ServiceKey key, DiscoveryTerms terms)
{
    /// <summary>What is known of it.</summary>
    public DiscoveredService State { get; } = new(key, terms);

    /// <summary>The upstreams that follow it.</summary>
    public int Followers { get; set; }

    /// <summary>The registry that is asked; null = there is none to ask.</summary>
    public FollowedRegistry? Registry { get; set; }

    /// <summary>Ends the asking.</summary>
    public CancellationTokenSource Stop { get; set; } = new();

    /// <summary>The asking: ends after <see cref="Stop"/>, and never fails.</summary>
    public Task Asking { get; set; } = Task.CompletedTask;

    /// <summary>Completed at the first word about it, be it a failure.</summary>
    public TaskCompletionSource First { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>It as it is now.</summary>
    public ServiceView View(DateTimeOffset now) => new()
    {
        Key = key,
        Followers = Followers,
        IsKnown = State.IsKnown,
        IsRemembered = State.IsRemembered,
        AnsweredAt = State is { IsKnown: true, IsRemembered: false, Failure: null } ? now : State.AnsweredAt,
        ChangedAt = State.ChangedAt,
        Failure = State.Failure,
        FailedAt = State.FailedAt,
        Problems = State.Problems,
        Held = State.Held,
        HeldInstances = State.HeldInstances,
        Instances = State.Instances,
    };
}
