namespace Headgate.Store;

/// <summary>One key.</summary>
/// <param name="Key">Full key: <c>/apisix/upstreams/1</c>.</param>
/// <param name="Value">UTF-8 JSON.</param>
/// <param name="CreateRevision">Revision that made the key (APISIX's createdIndex).</param>
/// <param name="ModRevision">Revision that last wrote it (APISIX's modifiedIndex).</param>
public sealed record StoreEntry(string Key, ReadOnlyMemory<byte> Value, long CreateRevision, long ModRevision);
