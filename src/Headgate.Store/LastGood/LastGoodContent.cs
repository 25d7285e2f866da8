namespace Headgate.Store.LastGood;

/// <summary>A configuration as it was when its source could be read.</summary>
/// <param name="Source">Which source, in words that stay the same over restarts.</param>
/// <param name="Revision">Its revision.</param>
/// <param name="Written">When it was read from there, UTC.</param>
/// <param name="Entries">Everything of it.</param>
public sealed record LastGoodContent(string Source, long Revision, DateTimeOffset Written, IReadOnlyList<StoreEntry> Entries);
