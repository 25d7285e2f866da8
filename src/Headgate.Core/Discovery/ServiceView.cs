using Headgate.Core.Config;
using Headgate.Core.Primitives;

namespace Headgate.Core.Discovery;

/// <summary>A followed service as it is known at one moment; members as those of <see cref="DiscoveredService"/>.</summary>
public sealed record ServiceView
{
    /// <summary>What is followed.</summary>
    public required ServiceKey Key { get; init; }

    /// <summary>The upstreams that follow it.</summary>
    public required int Followers { get; init; }

    /// <summary>Whether there is an answer at all.</summary>
    public required bool IsKnown { get; init; }

    /// <summary>Whether what is in use is from before a restart.</summary>
    public required bool IsRemembered { get; init; }

    /// <summary>Until when what is in use is known to have been true; null = never. While the registry is listened to, that is now.</summary>
    public required DateTimeOffset? AnsweredAt { get; init; }

    /// <summary>When the instances in use last changed.</summary>
    public required DateTimeOffset? ChangedAt { get; init; }

    /// <summary>Why there is no answer now; null = there is one.</summary>
    public required string? Failure { get; init; }

    /// <summary>Since when there is none.</summary>
    public required DateTimeOffset? FailedAt { get; init; }

    /// <summary>What was left out of the latest answer.</summary>
    public required IReadOnlyList<string> Problems { get; init; }

    /// <summary>What is held; null = nothing.</summary>
    public required HeldRemoval? Held { get; init; }

    /// <summary>Those of <see cref="Instances"/> that are held; empty = nothing is.</summary>
    public required EquatableArray<ServiceInstance> HeldInstances { get; init; }

    /// <summary>The instances in use.</summary>
    public required EquatableArray<ServiceInstance> Instances { get; init; }
}
