namespace Headgate.Core.Snapshot;

/// <summary>Names a tier of an upstream: nodes of one priority, those of weight 0 apart.</summary>
/// <param name="Priority">Of its nodes.</param>
/// <param name="IsReserve">Whether its nodes have weight 0: picked from only when those with weight are used up.</param>
internal readonly record struct TierKey(int Priority, bool IsReserve) : IComparable<TierKey>
{
    /// <summary>The order of use: highest priority first, and within it the reserve last.</summary>
    public int CompareTo(TierKey other)
    {
        int byPriority = other.Priority.CompareTo(Priority);
        return byPriority != 0 ? byPriority : IsReserve.CompareTo(other.IsReserve);
    }
}
