namespace Headgate.Core.Snapshot;

/// <summary>Names a tier of an upstream: nodes of one priority, those of weight 0 apart.</summary>
/// <param name="Priority">Of its nodes.</param>
/// <param name="IsReserve">Whether its nodes have weight 0: picked from only when those with weight are used up.</param>
/// <param name="Zone">Which of its nodes, where zones count.</param>
/// <param name="Subset">Which subset's; empty = the whole upstream's.</param>
internal readonly record struct TierKey(int Priority, bool IsReserve, TierZone Zone = TierZone.All, string Subset = "") : IComparable<TierKey>
{
    /// <summary>The order of use: highest priority first, and within it the reserve last. Of the tiers of one subset.</summary>
    public int CompareTo(TierKey other)
    {
        int byPriority = other.Priority.CompareTo(Priority);
        return byPriority != 0 ? byPriority : IsReserve.CompareTo(other.IsReserve);
    }
}
