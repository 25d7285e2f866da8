namespace Headgate.Core.Snapshot;

/// <summary>Which nodes of a tier, seen from the gateway's zone.</summary>
internal enum TierZone
{
    /// <summary>All of them.</summary>
    All,

    /// <summary>Those of the gateway's own zone.</summary>
    Own,

    /// <summary>The others.</summary>
    Other,
}
