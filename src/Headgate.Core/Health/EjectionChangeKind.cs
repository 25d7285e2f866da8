namespace Headgate.Core.Health;

/// <summary>What a detector did with a node.</summary>
public enum EjectionChangeKind
{
    /// <summary>Ejected it.</summary>
    Ejected,

    /// <summary>Ended its ejection.</summary>
    Returned,

    /// <summary>Would have ejected it, but for the limits.</summary>
    Refused,
}
