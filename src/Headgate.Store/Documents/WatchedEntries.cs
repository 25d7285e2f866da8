using System.Runtime.CompilerServices;

namespace Headgate.Store.Documents;

/// <summary>
/// Objects in memory that are replaced as a whole: what differs is one revision, numbered by a counter of its own, and reaches those who watch. Thread-safe; a single
/// writer at a time.
/// </summary>
/// <param name="revision">Revision before the first objects.</param>
internal sealed class WatchedEntries(long revision)
{
    /// <summary>Revisions that a watcher may be behind before it has to read everything anew. Each holds what it changed.</summary>
    private const int KeptMax = 32;

    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, StoreEntry> _entries = new(StringComparer.Ordinal);
    private readonly Queue<StoreRevision> _kept = new();
    private TaskCompletionSource _changed = Signal();
    private long _revision = revision;
    private long _forgotten = revision;
    private bool _disposed;

    /// <summary>The current revision.</summary>
    public long Revision
    {
        get
        {
            lock (_lock)
                return _revision;
        }
    }

    /// <summary>Puts objects in the place of all that are there; those whose bytes are the same keep their revisions. Returns how many differ; with none there is no new revision.</summary>
    /// <param name="objects">By key.</param>
    /// <param name="isFirst">A revision is made even when nothing differs: it is what tells an empty configuration from none.</param>
    public int Replace(IReadOnlyDictionary<string, ReadOnlyMemory<byte>> objects, bool isFirst)
    {
        lock (_lock)
        {
            long next = _revision + 1;
            List<StoreChange> changes = [.. _entries.Keys.Where(key => !objects.ContainsKey(key)).Select(static key => new StoreChange(key, null))];
            foreach ((string key, ReadOnlyMemory<byte> value) in objects)
            {
                StoreEntry? before = _entries.GetValueOrDefault(key);
                if (before is null || !before.Value.Span.SequenceEqual(value.Span))
                    changes.Add(new StoreChange(key, new StoreEntry(key, value, before?.CreateRevision ?? next, next)));
            }

            if (changes.Count == 0 && !isFirst)
                return 0;
            _revision = next;
            foreach (StoreChange change in changes)
            {
                if (change.Entry is { } entry)
                    _entries[change.Key] = entry;
                else
                    _entries.Remove(change.Key);
            }

            Keep_NeedsLock(new StoreRevision(next, [.. changes.OrderBy(static change => change.Key, StringComparer.Ordinal)]));
            return changes.Count;
        }
    }

    /// <summary>As <see cref="IConfigSource.GetAsync"/>.</summary>
    public StoreView Get(string prefix)
    {
        CommitLimits.CheckPrefix(prefix);
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return new StoreView(_revision, [.. _entries.Values.Where(entry => entry.Key.StartsWith(prefix, StringComparison.Ordinal))]);
        }
    }

    /// <summary>As <see cref="IConfigSource.WatchAsync"/>.</summary>
    public async IAsyncEnumerable<StoreRevision> WatchAsync(string prefix, long afterRevision, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        long seen = afterRevision;
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Task changed;
            StoreRevision[] due;
            lock (_lock)
            {
                ObjectDisposedException.ThrowIf(_disposed, this);
                due = seen < _forgotten || seen > _revision ? [StoreRevision.Gap] : [.. _kept.Where(kept => kept.Revision > seen)];
                changed = _changed.Task;
            }

            foreach (StoreRevision kept in due)
            {
                seen = kept.Revision;
                StoreChange[] below = [.. kept.Changes.Where(change => change.Key.StartsWith(prefix, StringComparison.Ordinal))];
                if (ReferenceEquals(kept, StoreRevision.Gap))
                    yield return kept;
                else if (below.Length > 0)
                    yield return kept with { Changes = below };
            }

            if (seen < 0)
                yield break;
            if (due.Length == 0)
                await changed.WaitAsync(cancellationToken);
        }
    }

    /// <summary>From now on everybody gets <see cref="ObjectDisposedException"/>.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            _changed.TrySetResult();
        }
    }

    private static TaskCompletionSource Signal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Keep_NeedsLock(StoreRevision made)
    {
        _kept.Enqueue(made);
        if (_kept.Count > KeptMax)
            _forgotten = _kept.Dequeue().Revision;
        _changed.TrySetResult();
        _changed = Signal();
    }
}
