namespace Headgate.Store;

/// <summary>A page of history.</summary>
/// <param name="Records">Newest first; those of one revision in key order. May be empty although <paramref name="Before"/> is not null: a store looks at a bounded part at a time.</param>
/// <param name="Before">Give it to the next query as <see cref="HistoryQuery.Before"/>; null = there is nothing older.</param>
public sealed record HistoryPage(IReadOnlyList<HistoryRecord> Records, long? Before)
{
    /// <summary>Every change up to this revision was forgotten, every later one is there; 0 = nothing was ever forgotten.</summary>
    public long Compacted { get; init; }
}
