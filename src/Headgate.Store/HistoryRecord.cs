namespace Headgate.Store;

/// <summary>One accepted change of one key.</summary>
/// <param name="Revision">The revision it belongs to.</param>
/// <param name="Time">When it was accepted, UTC.</param>
/// <param name="Key">Full key.</param>
/// <param name="Before">Value before; null = the key was new.</param>
/// <param name="After">Value after; null = deleted.</param>
/// <param name="Origin">Who, from where, why.</param>
public sealed record HistoryRecord(long Revision, DateTimeOffset Time, string Key, ReadOnlyMemory<byte>? Before, ReadOnlyMemory<byte>? After, Origin Origin);
