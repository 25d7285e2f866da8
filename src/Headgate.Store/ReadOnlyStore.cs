namespace Headgate.Store;

/// <summary>A source in the place of a store: for those who read a store, where there is none that can be written. It has no history. Does not dispose of the source.</summary>
/// <param name="source">What is read.</param>
/// <param name="reason">Why nothing can be written, and what to do instead: the text of every refusal.</param>
public sealed class ReadOnlyStore(IConfigSource source, string reason) : IConfigStore
{
    /// <inheritdoc/>
    public int OperationsMax => CommitLimits.OperationsMax;

    /// <inheritdoc/>
    public ValueTask<StoreView> GetAsync(string prefix, CancellationToken cancellationToken) => source.GetAsync(prefix, cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<StoreRevision> WatchAsync(string prefix, long afterRevision, CancellationToken cancellationToken) =>
        source.WatchAsync(prefix, afterRevision, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<StoreEntry?> FindAsync(string key, CancellationToken cancellationToken) =>
        (await source.GetAsync(key, cancellationToken)).Entries.FirstOrDefault(entry => entry.Key == key);

    /// <summary>Refuses.</summary>
    /// <exception cref="StoreReadOnlyException">Always.</exception>
    public ValueTask<CommitResult> CommitAsync(Commit commit, CancellationToken cancellationToken) => throw new StoreReadOnlyException(reason);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<HistoryRecord>> GetHistoryAsync(string key, int limit, CancellationToken cancellationToken) => ValueTask.FromResult<IReadOnlyList<HistoryRecord>>([]);

    /// <inheritdoc/>
    public ValueTask<HistoryPage> SearchHistoryAsync(HistoryQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        query.Check();
        return ValueTask.FromResult(new HistoryPage([], Before: null));
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
