namespace Headgate.Store;

/// <summary>What a read saw.</summary>
/// <param name="Revision">Revision of the whole store at which it was read.</param>
/// <param name="Entries">In key order.</param>
public sealed record StoreView(long Revision, IReadOnlyList<StoreEntry> Entries);
