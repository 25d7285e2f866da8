namespace Headgate.Store;

/// <summary>
/// A revisioned key-value store. Every accepted commit is one revision: all of its operations or none. Keys are ordered ordinally.
/// All members may be called concurrently; none runs on a thread that serves traffic.
/// Model: etcd's KV and Watch (so that etcd can implement it), with the history kept as explicit records.
/// </summary>
public interface IConfigStore : IAsyncDisposable
{
    /// <summary>Reads all keys that begin with <paramref name="prefix"/>, in key order, at one revision. A key is its own prefix.</summary>
    ValueTask<StoreView> GetAsync(string prefix, CancellationToken cancellationToken);

    /// <summary>
    /// Applies <paramref name="commit"/> when all its compares hold. The returned revision is durable: it survives a crash of the process and of the machine.
    /// A commit whose compares do not hold changes nothing and is reported as a value, not as an exception.
    /// </summary>
    /// <exception cref="StoreUnavailableException">The store cannot be written; nothing is known to have been applied.</exception>
    ValueTask<CommitResult> CommitAsync(Commit commit, CancellationToken cancellationToken);

    /// <summary>
    /// Yields every revision after <paramref name="afterRevision"/>, in order, each once, and waits for further ones until cancelled.
    /// When the events are no longer all there, the first item is <see cref="StoreRevision.Gap"/>: read everything anew from <see cref="GetAsync"/>.
    /// </summary>
    IAsyncEnumerable<StoreRevision> WatchAsync(string prefix, long afterRevision, CancellationToken cancellationToken);

    /// <summary>History of one key, newest first, at most <paramref name="limit"/> records (1..1000).</summary>
    ValueTask<IReadOnlyList<HistoryRecord>> GetHistoryAsync(string key, int limit, CancellationToken cancellationToken);
}

/// <summary>What a read saw.</summary>
/// <param name="Revision">Revision of the whole store at which it was read.</param>
/// <param name="Entries">In key order.</param>
public sealed record StoreView(long Revision, IReadOnlyList<StoreEntry> Entries);

/// <summary>One key.</summary>
/// <param name="Key">Full key: <c>/apisix/upstreams/1</c>.</param>
/// <param name="Value">UTF-8 JSON.</param>
/// <param name="CreateRevision">Revision that made the key (APISIX's createdIndex).</param>
/// <param name="ModRevision">Revision that last wrote it (APISIX's modifiedIndex).</param>
public sealed record StoreEntry(string Key, ReadOnlyMemory<byte> Value, long CreateRevision, long ModRevision);

/// <summary>One transaction.</summary>
public sealed record Commit
{
    /// <summary>Conditions, all of which must hold.</summary>
    public IReadOnlyList<Compare> Compares { get; init; } = [];

    /// <summary>Writes, each key at most once; 1 to 128.</summary>
    public required IReadOnlyList<Operation> Operations { get; init; }

    /// <summary>Who, from where, why.</summary>
    public required Origin Origin { get; init; }
}

/// <summary>A condition of a commit.</summary>
public abstract record Compare
{
    /// <summary>The key exists.</summary>
    public sealed record Exists(string Key) : Compare;

    /// <summary>The key does not exist.</summary>
    public sealed record Missing(string Key) : Compare;

    /// <summary>The key exists and was last written by exactly this revision.</summary>
    public sealed record UnchangedSince(string Key, long ModRevision) : Compare;

    /// <summary>No key that begins with <paramref name="Prefix"/> was written after <paramref name="Revision"/>. Sees writes, not deletes (as etcd).</summary>
    public sealed record RangeNotWrittenSince(string Prefix, long Revision) : Compare;
}

/// <summary>A write of a commit.</summary>
public abstract record Operation(string Key)
{
    /// <summary>Writes the key.</summary>
    /// <param name="Key">Full key.</param>
    /// <param name="Value">UTF-8 JSON, at most 1.5 MiB.</param>
    /// <param name="Ttl">The key is deleted this long after the commit; null = never. An expiry is a revision of its own.</param>
    public sealed record Put(string Key, ReadOnlyMemory<byte> Value, TimeSpan? Ttl = null) : Operation(Key);

    /// <summary>Deletes the key; no error when it is missing.</summary>
    public sealed record Delete(string Key) : Operation(Key);
}

/// <summary>Who made a change, from where and why.</summary>
/// <param name="Who">Name of the admin key or user; <c>unknown</c> when written by someone else; <c>expiry</c> for a ttl that ran out.</param>
/// <param name="Where">Peer address or <c>local</c>.</param>
/// <param name="Why">What was asked: <c>PUT /apisix/admin/upstreams/1</c>, or a message of the user.</param>
public sealed record Origin(string Who, string Where, string Why);

/// <summary>Outcome of a commit.</summary>
/// <param name="Applied">Whether the compares held and the operations were applied.</param>
/// <param name="Revision">The revision made, or the current one when not applied.</param>
/// <param name="FailedCompare">Index of the first compare that did not hold; −1 when applied.</param>
public readonly record struct CommitResult(bool Applied, long Revision, int FailedCompare);

/// <summary>One revision as a watcher sees it.</summary>
/// <param name="Revision">Its number.</param>
/// <param name="Changes">The changed keys below the watched prefix, at least one.</param>
public sealed record StoreRevision(long Revision, IReadOnlyList<StoreChange> Changes)
{
    /// <summary>Revisions were missed: read everything anew.</summary>
    public static StoreRevision Gap { get; } = new(-1, []);
}

/// <summary>One changed key.</summary>
/// <param name="Key">Full key.</param>
/// <param name="Entry">What it holds now; null = deleted.</param>
public sealed record StoreChange(string Key, StoreEntry? Entry);

/// <summary>One accepted change of one key.</summary>
/// <param name="Revision">The revision it belongs to.</param>
/// <param name="Time">When it was accepted, UTC.</param>
/// <param name="Key">Full key.</param>
/// <param name="Before">Value before; null = the key was new.</param>
/// <param name="After">Value after; null = deleted.</param>
/// <param name="Origin">Who, from where, why.</param>
public sealed record HistoryRecord(long Revision, DateTimeOffset Time, string Key, ReadOnlyMemory<byte>? Before, ReadOnlyMemory<byte>? After, Origin Origin);

/// <summary>The store cannot be read or written now, or is damaged, or is held by another process; the message says which, where and what to do.</summary>
public sealed class StoreUnavailableException : Exception
{
    /// <summary>Makes the exception.</summary>
    public StoreUnavailableException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
