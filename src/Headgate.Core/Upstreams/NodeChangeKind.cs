namespace Headgate.Core.Upstreams;

/// <summary>What happened to a node.</summary>
public enum NodeChangeKind
{
    /// <summary>Health checks found it unhealthy.</summary>
    Unhealthy,

    /// <summary>Health checks found it healthy again.</summary>
    Healthy,

    /// <summary>Outlier detection ejected it.</summary>
    Ejected,

    /// <summary>Its ejection has ended.</summary>
    Returned,

    /// <summary>An operator began to drain it.</summary>
    DrainBegun,

    /// <summary>Nothing is under way at it any more.</summary>
    Drained,

    /// <summary>An operator took the drain back.</summary>
    DrainEnded,

    /// <summary>An operator forced it up.</summary>
    ForcedUp,

    /// <summary>An operator forced it down.</summary>
    ForcedDown,

    /// <summary>An operator took the force back.</summary>
    ForceEnded,

    /// <summary>It is new and waits for the first success of a check.</summary>
    Awaited,

    /// <summary>That has come, or is not waited for any more.</summary>
    Admitted,
}
