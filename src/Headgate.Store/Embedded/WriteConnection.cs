using Headgate.Store.Embedded.Sqlite;

namespace Headgate.Store.Embedded;

/// <summary>
/// The one connection that writes: applies commits inside a transaction that its caller begins and ends. Used by the commit thread alone.
/// </summary>
internal sealed class WriteConnection : IDisposable
{
    private static readonly TimeSpan LockWait = TimeSpan.FromSeconds(5);

    private readonly SqliteDatabase _database;
    private readonly SqliteStatement _begin;
    private readonly SqliteStatement _commit;
    private readonly SqliteStatement _rollback;
    private readonly EntryTable _entries;
    private readonly HistoryTable _history;
    private long _durableRevision;

    public WriteConnection(string path)
    {
        _database = SqliteDatabase.Open(path, readOnly: false);
        try
        {
            _database.WaitForLocks(LockWait);

            // FULL flushes the log before a commit returns. Checkpoints are the commit thread's own, so that none delays an answer.
            _database.Execute("PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0; PRAGMA cell_size_check = ON; PRAGMA journal_size_limit = 67108864;");
            _begin = _database.Prepare("BEGIN IMMEDIATE");
            _commit = _database.Prepare("COMMIT");
            _rollback = _database.Prepare("ROLLBACK");
            _entries = new EntryTable(_database);
            _history = new HistoryTable(_database);
            Revision = _durableRevision = _history.FindNewest();
        }
        catch
        {
            _database.Dispose();
            throw;
        }
    }

    /// <summary>Newest revision, the open transaction's included.</summary>
    public long Revision { get; private set; }

    /// <summary>The live entries.</summary>
    public EntryTable Entries => _entries;

    /// <summary>Begins a transaction.</summary>
    public void Begin() => _begin.Execute();

    /// <summary>Ends the transaction; everything in it is on the disk when this returns.</summary>
    public void Commit()
    {
        _commit.Execute();
        _durableRevision = Revision;
    }

    /// <summary>Gives the transaction up; false when SQLite cannot, and the connection is of no use any more.</summary>
    public bool TryRollback()
    {
        Revision = _durableRevision;
        try
        {
            // A full disk or an I/O error may have ended the transaction already.
            if (_database.IsInTransaction)
            {
                _rollback.Execute();
            }
        }
        catch (SqliteException)
        {
            return false;
        }

        return !_database.IsInTransaction;
    }

    /// <summary>Applies a commit in the open transaction, when its compares hold.</summary>
    public CommitResult Apply(Commit commit, long nowMs)
    {
        for (int i = 0; i < commit.Compares.Count; i++)
        {
            if (!Holds(commit.Compares[i]))
            {
                return new CommitResult(Applied: false, Revision, FailedCompare: i);
            }
        }

        long revision = Revision + 1;
        int changes = 0;
        foreach (Operation operation in commit.Operations)
        {
            if (Apply(operation, revision, changes, nowMs))
            {
                changes++;
            }
        }

        if (changes > 0)
        {
            _history.AddRevision(revision, commit.Origin, nowMs);
            Revision = revision;
        }

        return new CommitResult(Applied: true, Revision, FailedCompare: -1);
    }

    /// <summary>Drops the history of revisions up to <paramref name="revision"/>, in the open transaction.</summary>
    public CommitResult Compact(long revision)
    {
        _history.Compact(revision);
        return new CommitResult(Applied: true, Revision, FailedCompare: -1);
    }

    /// <summary>Drops the history of the oldest revisions that are older than <paramref name="timeMs"/>, at most <paramref name="count"/>, in the open transaction; returns how many.</summary>
    public int CompactOlderThan(long timeMs, int count)
    {
        (int found, long last) = _history.FindOlderThan(timeMs, Revision, count);
        if (found > 0)
            _history.Compact(last);
        return found;
    }

    /// <summary>Pages in the write-ahead log since the last <see cref="Checkpoint"/>.</summary>
    public int CountLoggedPages() => _database.CountPagesWritten(thenForget: false);

    /// <summary>Moves what it can of the write-ahead log into the database, without waiting for readers.</summary>
    public void Checkpoint()
    {
        _ = _database.CountPagesWritten(thenForget: true);
        _database.Execute("PRAGMA wal_checkpoint(PASSIVE)");
    }

    public void Dispose() => _database.Dispose();

    private bool Holds(Compare compare) => compare switch
    {
        Compare.Exists exists => _entries.Find(exists.Key, withValue: false) is not null,
        Compare.Missing missing => _entries.Find(missing.Key, withValue: false) is null,
        Compare.UnchangedSince unchanged => _entries.Find(unchanged.Key, withValue: false)?.ModRevision == unchanged.ModRevision,
        Compare.RangeNotWrittenSince range => !_entries.WasWrittenSince(KeyRange.OfPrefix(range.Prefix), range.Revision),
        _ => throw new ArgumentException($"{compare.GetType().Name} is not a compare that stores know.", nameof(compare)),
    };

    private bool Apply(Operation operation, long revision, int position, long nowMs)
    {
        EntryTable.Row? before = _entries.Find(operation.Key, withValue: true);

        // Spelled out: a bare null beside a ReadOnlyMemory converts to an empty value.
        ReadOnlyMemory<byte>? valueBefore = before?.Value is { } bytes ? new ReadOnlyMemory<byte>(bytes) : default(ReadOnlyMemory<byte>?);
        switch (operation)
        {
            case Operation.Put put:
                Put(put, before, revision, nowMs);
                _history.AddChange(revision, position, put.Key, before?.CreateRevision ?? revision, valueBefore, put.Value);
                return true;
            case Operation.Delete when before is { } row:
                _entries.Delete(row);
                _history.AddChange(revision, position, operation.Key, row.CreateRevision, valueBefore, after: null);
                return true;
            default:
                return false;
        }
    }

    private void Put(Operation.Put put, EntryTable.Row? before, long revision, long nowMs)
    {
        long? expiresAtMs = put.Ttl is { } ttl ? nowMs + (long)Math.Ceiling(ttl.TotalMilliseconds) : null;
        if (before is { } row)
        {
            _entries.Update(row, put, revision, expiresAtMs);
        }
        else
        {
            _entries.Insert(put, revision, expiresAtMs);
        }
    }
}
