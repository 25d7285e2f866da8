namespace Headgate.Store.Etcd.History;

/// <summary>What a commit did to one key.</summary>
/// <param name="Key">The key.</param>
/// <param name="ReadRevision">Revision at which <paramref name="Before"/> was read.</param>
/// <param name="Before">Value before; null = it was new.</param>
/// <param name="After">Value after; null = deleted.</param>
internal sealed record RecordedChange(string Key, long ReadRevision, ReadOnlyMemory<byte>? Before, ReadOnlyMemory<byte>? After);
