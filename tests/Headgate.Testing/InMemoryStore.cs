using System.Runtime.CompilerServices;
using Headgate.Store;

namespace Headgate.Testing;

/// <summary>The store contract in memory: what the Admin API and a gateway are tested on where durability does not matter. Can be made to fail, to race and to lose its watch.</summary>
public sealed class InMemoryStore(TimeProvider? time = null) : IConfigStore
{
    /// <summary>Longer than any test; a timer takes 49 days.</summary>
    private static readonly TimeSpan TimerMax = TimeSpan.FromDays(40);

    private readonly TimeProvider _time = time ?? TimeProvider.System;
    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, StoreEntry> _entries = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ITimer> _expiries = new(StringComparer.Ordinal);
    private readonly List<StoreRevision> _events = [];
    private readonly List<HistoryRecord> _history = [];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _revision;
    private long _compacted;
    private string? _unavailable;

    /// <summary>Runs before every commit, outside the lock: a test writes something else there to lose a race on purpose.</summary>
    public Func<Commit, Task>? BeforeCommit { get; set; }

    /// <summary>Awaited before a watch tells of a revision: a test lets whoever follows be behind on purpose.</summary>
    public Task WatchDelay { get; set; } = Task.CompletedTask;

    /// <summary>Number of <see cref="GetAsync"/> calls whose prefix was a whole directory.</summary>
    public int DirectoryReads { get; private set; }

    /// <summary>Most operations of a commit: a test may choose what a store of another kind takes.</summary>
    public int OperationsMax { get; set; } = CommitLimits.OperationsMax;

    /// <summary>The current revision.</summary>
    public long Revision
    {
        get
        {
            lock (_lock)
                return _revision;
        }
    }

    /// <summary>From now on everything fails with this reason; null = works again.</summary>
    public void SetUnavailable(string? reason)
    {
        lock (_lock)
            _unavailable = reason;
    }

    /// <summary>Forgets the events so far: watchers that want one of them get a gap.</summary>
    public void Compact()
    {
        lock (_lock)
        {
            _compacted = _revision;
            _events.Clear();
            Changed_NeedsLock();
        }
    }

    public ValueTask<StoreView> GetAsync(string prefix, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            Check_NeedsLock();
            if (prefix.EndsWith('/'))
                DirectoryReads++;
            return ValueTask.FromResult(new StoreView(_revision, [.. _entries.Values.Where(entry => entry.Key.StartsWith(prefix, StringComparison.Ordinal))]));
        }
    }

    public ValueTask<StoreEntry?> FindAsync(string key, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            Check_NeedsLock();
            return ValueTask.FromResult(_entries.GetValueOrDefault(key));
        }
    }

    public async ValueTask<CommitResult> CommitAsync(Commit commit, CancellationToken cancellationToken)
    {
        await Task.Yield();
        if (BeforeCommit is { } before)
            await before(commit);
        lock (_lock)
        {
            Check_NeedsLock();
            for (int index = 0; index < commit.Compares.Count; index++)
            {
                if (!Holds_NeedsLock(commit.Compares[index]))
                    return new CommitResult(false, _revision, index);
            }

            return new CommitResult(true, Apply_NeedsLock(commit.Operations, commit.Origin), -1);
        }
    }

    public async IAsyncEnumerable<StoreRevision> WatchAsync(string prefix, long afterRevision, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        long seen = afterRevision;
        while (true)
        {
            Task changed;
            List<StoreRevision> due;
            bool gap;
            lock (_lock)
            {
                Check_NeedsLock();
                gap = seen < _compacted || seen > _revision;
                due = [.. _events.Where(revision => revision.Revision > seen)];
                changed = _changed.Task;
            }

            if (gap)
            {
                yield return StoreRevision.Gap;
                yield break;
            }

            foreach (StoreRevision revision in due)
            {
                seen = revision.Revision;
                StoreChange[] below = [.. revision.Changes.Where(change => change.Key.StartsWith(prefix, StringComparison.Ordinal))];
                await WatchDelay.WaitAsync(cancellationToken);
                if (below.Length > 0)
                    yield return revision with { Changes = below };
            }

            if (due.Count == 0)
                await changed.WaitAsync(cancellationToken);
        }
    }

    public ValueTask<IReadOnlyList<HistoryRecord>> GetHistoryAsync(string key, int limit, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            Check_NeedsLock();
            return ValueTask.FromResult<IReadOnlyList<HistoryRecord>>([.. _history.Where(record => record.Key == key).Reverse().Take(limit)]);
        }
    }

    public ValueTask<HistoryPage> SearchHistoryAsync(HistoryQuery query, CancellationToken cancellationToken)
    {
        query.Check();
        lock (_lock)
        {
            Check_NeedsLock();
            List<HistoryRecord> found =
            [
                .. _history.Where(record => record.Revision < (query.Before ?? long.MaxValue) && query.Passes(record.Key, record.Time, record.Origin.Who))
                    .OrderByDescending(record => record.Revision).ThenBy(record => record.Key, StringComparer.Ordinal),
            ];
            if (found.Count <= query.Limit)
                return ValueTask.FromResult(new HistoryPage(found, Before: null));
            long last = found[query.Limit - 1].Revision;
            return ValueTask.FromResult(new HistoryPage([.. found.TakeWhile(record => record.Revision >= last)], last));
        }
    }

    public ValueTask DisposeAsync()
    {
        lock (_lock)
        {
            foreach (ITimer timer in _expiries.Values)
                timer.Dispose();
            _expiries.Clear();
        }

        return ValueTask.CompletedTask;
    }

    private void Check_NeedsLock()
    {
        if (_unavailable is not null)
            throw new StoreUnavailableException(_unavailable);
    }

    private bool Holds_NeedsLock(Compare compare) => compare switch
    {
        Compare.Exists exists => _entries.ContainsKey(exists.Key),
        Compare.Missing missing => !_entries.ContainsKey(missing.Key),
        Compare.UnchangedSince unchanged => _entries.TryGetValue(unchanged.Key, out StoreEntry? entry) && entry.ModRevision == unchanged.ModRevision,
        Compare.RangeNotWrittenSince range => !_entries.Values.Any(entry => entry.Key.StartsWith(range.Prefix, StringComparison.Ordinal) && entry.ModRevision > range.Revision),
        _ => throw new ArgumentOutOfRangeException(nameof(compare)),
    };

    private long Apply_NeedsLock(IReadOnlyList<Operation> operations, Origin origin)
    {
        if (operations.All(operation => operation is Operation.Delete && !_entries.ContainsKey(operation.Key)))
            return _revision;
        long revision = ++_revision;
        List<StoreChange> changes = [];
        foreach (Operation operation in operations)
        {
            StoreEntry? before = _entries.GetValueOrDefault(operation.Key);
            StoreEntry? after = operation is Operation.Put put ? new StoreEntry(put.Key, put.Value.ToArray(), before?.CreateRevision ?? revision, revision) : null;
            if (_expiries.Remove(operation.Key, out ITimer? timer))
                timer.Dispose();
            if (after is null && !_entries.Remove(operation.Key))
                continue;
            if (after is not null)
                _entries[operation.Key] = after;
            if (operation is Operation.Put { Ttl: { } ttl })
                _expiries[operation.Key] = _time.CreateTimer(_ => Expire(operation.Key, revision), null, ttl < TimerMax ? ttl : TimerMax, Timeout.InfiniteTimeSpan);
            changes.Add(new StoreChange(operation.Key, after));
            _history.Add(new HistoryRecord(revision, _time.GetUtcNow(), operation.Key, before?.Value, after?.Value, origin));
        }

        _events.Add(new StoreRevision(revision, changes));
        Changed_NeedsLock();
        return revision;
    }

    private void Expire(string key, long revision)
    {
        lock (_lock)
        {
            if (_entries.TryGetValue(key, out StoreEntry? entry) && entry.ModRevision == revision)
                Apply_NeedsLock([new Operation.Delete(key)], new Origin("expiry", "local", "ttl"));
        }
    }

    private void Changed_NeedsLock()
    {
        _changed.SetResult();
        _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
