namespace Headgate.Store.Etcd.History;

/// <summary>Searches the history. A page looks at a bounded number of records and holds a bounded number of bytes. Thread-safe.</summary>
internal sealed class HistorySearch(HistoryReads reads, HistoryCompaction compaction)
{
    private const int RecordsPerPage = 4000;
    private const long BytesPerPage = 16 * 1024 * 1024;

    /// <summary>Changes of one key, newest first.</summary>
    /// <exception cref="StoreUnavailableException">They cannot be read.</exception>
    public async ValueTask<IReadOnlyList<HistoryRecord>> ReadAsync(string key, int limit, CancellationToken cancellationToken)
    {
        var changes = new List<HistoryRecord>();
        await foreach (IReadOnlyList<string> some in reads.OfKeyAsync(key, long.MaxValue, limit, cancellationToken))
        {
            foreach ((_, long revision, CommitRecord record) in await reads.FetchAsync(some, cancellationToken))
                changes.AddRange(record.Changes.Where(change => change.Key == key).Select(change => ToRecord(revision, record, change)));
            if (changes.Count >= limit)
                return changes[..limit];
        }

        return changes;
    }

    /// <summary>A page of what passes <paramref name="query"/>.</summary>
    /// <exception cref="StoreUnavailableException">It cannot be read.</exception>
    public async ValueTask<HistoryPage> SearchAsync(HistoryQuery query, CancellationToken cancellationToken)
    {
        var found = new List<HistoryRecord>();
        long? next = await CollectAsync(query, found, cancellationToken);

        // Changes of one commit are in one record; those of another program's transaction may be in several.
        found.Sort(static (left, right) => left.Revision != right.Revision ? right.Revision.CompareTo(left.Revision) : KeyOrder.Compare(left.Key, right.Key));
        return new HistoryPage(found, next) { Compacted = await compaction.ReadAsync(cancellationToken) };
    }

    /// <summary>Adds what passes; the revision before which the next page begins, null when there is none.</summary>
    private async ValueTask<long?> CollectAsync(HistoryQuery query, List<HistoryRecord> found, CancellationToken cancellationToken)
    {
        int looked = 0;
        long bytes = 0;
        long? revision = null;
        long before = query.Before ?? long.MaxValue;

        // One more than wanted shows whether there is a next page.
        IAsyncEnumerable<IReadOnlyList<string>> records = query.Key is null ? reads.AllAsync(before, cancellationToken) : reads.OfKeyAsync(query.Key, before, query.Limit + 1, cancellationToken);
        await foreach (IReadOnlyList<string> some in records)
        {
            foreach ((_, long made, CommitRecord record) in await reads.FetchAsync(some, cancellationToken))
            {
                if (made != revision && revision is { } last && (found.Count >= query.Limit || looked >= RecordsPerPage || bytes >= BytesPerPage))
                    return last;
                revision = made;
                looked++;
                foreach (RecordedChange change in record.Changes.Where(change => query.Passes(change.Key, record.Time, record.Origin.Who)))
                {
                    found.Add(ToRecord(made, record, change));
                    bytes += (change.Before?.Length ?? 0) + (change.After?.Length ?? 0);
                }
            }
        }

        return null;
    }

    private static HistoryRecord ToRecord(long revision, CommitRecord record, RecordedChange change) =>
        new(revision, record.Time, change.Key, change.Before, change.After, record.Origin);
}
