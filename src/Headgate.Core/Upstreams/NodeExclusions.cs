namespace Headgate.Core.Upstreams;

/// <summary>Why a node gets no requests; several reasons may hold at once, and each is taken back by who gave it.</summary>
[Flags]
public enum NodeExclusions
{
    /// <summary>It gets requests.</summary>
    None = 0,

    /// <summary>Health checks say so (<see cref="NodeState.Health"/>).</summary>
    Unhealthy = 1,

    /// <summary>Outlier detection has ejected it.</summary>
    Ejected = 2,

    /// <summary>It is new, and its upstream waits for the first verdict of a check.</summary>
    Awaited = 4,

    /// <summary>An operator drains it: what it has may end, nothing new comes.</summary>
    Draining = 8,

    /// <summary>An operator has forced it down.</summary>
    ForcedDown = 16,
}
