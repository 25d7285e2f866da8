namespace Headgate.Store;

/// <summary>
/// A revisioned key-value store. Every accepted commit is one revision: all of its operations or none. Revisions rise by one; who shares the store with others, or has the store
/// itself write something down, finds their revisions between its own.
/// Keys are ordered ordinally (by their UTF-8 bytes). All members may be called concurrently; none does its work on a thread that serves traffic.
/// Model: etcd's KV and Watch (so that etcd can implement it), with the history kept as explicit records.
/// </summary>
/// <exception cref="ObjectDisposedException">Any member, after the store was disposed; also what a waiting watcher gets then.</exception>
public interface IConfigStore : IConfigSource
{
    /// <summary>Most operations of a commit of this store: at least 32, at most <see cref="CommitLimits.OperationsMax"/>. Whoever writes more cuts it in pieces.</summary>
    int OperationsMax { get; }

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

    /// <summary>History of one key, newest first, at most <paramref name="limit"/> records (1..1000); empty for a key that was never written.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="limit"/> is out of range.</exception>
    /// <exception cref="StoreUnavailableException">The store cannot be read.</exception>
    ValueTask<IReadOnlyList<HistoryRecord>> GetHistoryAsync(string key, int limit, CancellationToken cancellationToken);

    /// <summary>History of many keys: what passes the filters of <paramref name="query"/>, newest first; see there for paging.</summary>
    /// <exception cref="ArgumentException">The query's prefix or limit is not allowed.</exception>
    /// <exception cref="StoreUnavailableException">The store cannot be read.</exception>
    ValueTask<HistoryPage> SearchHistoryAsync(HistoryQuery query, CancellationToken cancellationToken);

    /// <summary>
    /// A value of the history as <see cref="FindAsync"/> would give it: the history gives values as they lie in the store, where secrets may be encrypted. A secret that cannot be
    /// decrypted stays as it lies there. A store that stands before another one passes it on.
    /// </summary>
    /// <param name="key">The key that the value was written to.</param>
    /// <param name="value">A value of a <see cref="HistoryRecord"/> of that key.</param>
    ReadOnlyMemory<byte> Reveal(string key, ReadOnlyMemory<byte> value) => value;
}
