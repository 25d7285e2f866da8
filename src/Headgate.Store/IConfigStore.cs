namespace Headgate.Store;

/// <summary>
/// A revisioned key-value store. Every accepted commit is one revision: all of its operations or none. Revisions are numbered without holes.
/// Keys are ordered ordinally (by their UTF-8 bytes). All members may be called concurrently; none does its work on a thread that serves traffic.
/// Model: etcd's KV and Watch (so that etcd can implement it), with the history kept as explicit records.
/// </summary>
/// <exception cref="ObjectDisposedException">Any member, after the store was disposed; also what a waiting watcher gets then.</exception>
public interface IConfigStore : IAsyncDisposable
{
    /// <summary>
    /// Reads all keys that begin with <paramref name="prefix"/>, in key order, at one revision. A key is its own prefix; the empty prefix is every key.
    /// Sees every commit that was answered before the call.
    /// </summary>
    /// <exception cref="StoreUnavailableException">The store cannot be read.</exception>
    ValueTask<StoreView> GetAsync(string prefix, CancellationToken cancellationToken);

    /// <summary>Reads one key; null when there is none.</summary>
    ValueTask<StoreEntry?> FindAsync(string key, CancellationToken cancellationToken);

    /// <summary>
    /// Applies <paramref name="commit"/> when all its compares hold. The returned revision is durable: it survives a crash of the process and of the machine.
    /// A commit whose compares do not hold changes nothing and is reported as a value, not as an exception.
    /// One that only deletes keys which are missing is applied but makes no revision: the current one is returned. A put of the value that is there already is a revision.
    /// Cancelling counts until the store has begun to apply the commit; from then on the outcome is returned.
    /// </summary>
    /// <exception cref="ArgumentException">The commit breaks one of <see cref="CommitLimits"/>; the message says which and where.</exception>
    /// <exception cref="StoreUnavailableException">The store cannot be written; nothing is known to have been applied.</exception>
    ValueTask<CommitResult> CommitAsync(Commit commit, CancellationToken cancellationToken);

    /// <summary>
    /// Yields every revision after <paramref name="afterRevision"/> that changed a key below <paramref name="prefix"/>, in order, each once, and waits for further ones until cancelled.
    /// When the events are no longer all there (compacted, or <paramref name="afterRevision"/> is one this store never had), it yields <see cref="StoreRevision.Gap"/> and ends:
    /// read everything anew from <see cref="GetAsync"/> and watch from that view's revision. That is the first item, or a later one for a watcher that was overtaken.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="afterRevision"/> is negative.</exception>
    /// <exception cref="StoreUnavailableException">The store cannot be read.</exception>
    IAsyncEnumerable<StoreRevision> WatchAsync(string prefix, long afterRevision, CancellationToken cancellationToken);

    /// <summary>History of one key, newest first, at most <paramref name="limit"/> records (1..1000); empty for a key that was never written.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="limit"/> is out of range.</exception>
    /// <exception cref="StoreUnavailableException">The store cannot be read.</exception>
    ValueTask<IReadOnlyList<HistoryRecord>> GetHistoryAsync(string key, int limit, CancellationToken cancellationToken);
}
