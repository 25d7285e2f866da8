namespace Headgate.Store;

/// <summary>
/// Where a configuration is read from and followed: a store, or a file. What serves traffic needs no more than this. Keys are ordered ordinally (by their UTF-8 bytes).
/// All members may be called concurrently; none does its work on a thread that serves traffic.
/// </summary>
/// <exception cref="ObjectDisposedException">Any member, after the source was disposed; also what a waiting watcher gets then.</exception>
public interface IConfigSource : IAsyncDisposable
{
    /// <summary>
    /// Reads all keys that begin with <paramref name="prefix"/>, in key order, at one revision. A key is its own prefix; the empty prefix is every key.
    /// Sees every commit that was answered before the call.
    /// </summary>
    /// <exception cref="StoreUnavailableException">The source cannot be read.</exception>
    ValueTask<StoreView> GetAsync(string prefix, CancellationToken cancellationToken);

    /// <summary>
    /// Yields every revision after <paramref name="afterRevision"/> that changed a key below <paramref name="prefix"/>, in order, each once, and waits for further ones until cancelled.
    /// When the events are no longer all there (compacted, or <paramref name="afterRevision"/> is one this source never had), it yields <see cref="StoreRevision.Gap"/> and ends:
    /// read everything anew from <see cref="GetAsync"/> and watch from that view's revision. That is the first item, or a later one for a watcher that was overtaken.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="afterRevision"/> is negative.</exception>
    /// <exception cref="StoreUnavailableException">The source cannot be read.</exception>
    IAsyncEnumerable<StoreRevision> WatchAsync(string prefix, long afterRevision, CancellationToken cancellationToken);
}
