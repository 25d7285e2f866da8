namespace Headgate.Core.Snapshot.Explain;

/// <summary>Where a node stands when a node is picked.</summary>
public enum CandidateStanding
{
    /// <summary>It is among those that are picked from first.</summary>
    InUse,

    /// <summary>It waits: nodes of a higher priority, or with weight, come first.</summary>
    Reserve,

    /// <summary>It is left out.</summary>
    LeftOut,
}
