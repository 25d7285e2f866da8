using Headgate.Store.Embedded.Sqlite;

namespace Headgate.Store.Embedded;

/// <summary>One connection that reads. Each call sees one state of the whole store; one thread at a time.</summary>
internal sealed class ReadConnection : IDisposable
{
    // Bounds what one step of a watch holds in memory, and how long it keeps the write-ahead log from being reused.
    private const int PageRevisionsMax = 256;
    private const long PageBytesMax = 4 * 1024 * 1024;

    private readonly SqliteDatabase _database;
    private readonly SqliteStatement _begin;
    private readonly SqliteStatement _end;
    private readonly SqliteStatement _state;
    private readonly SqliteStatement _entries;
    private readonly SqliteStatement _changes;
    private readonly SqliteStatement _history;
    private readonly HistorySearch _search;

    public ReadConnection(string path)
    {
        _database = SqliteDatabase.Open(path, readOnly: true);
        try
        {
            _database.WaitForLocks(TimeSpan.FromSeconds(5)); // recovery of the log's index by another connection
            _database.Execute("PRAGMA cell_size_check = ON;");
            _begin = _database.Prepare("BEGIN");
            _end = _database.Prepare("ROLLBACK");
            _state = _database.Prepare(
                "SELECT (SELECT coalesce(max(revision), 0) FROM revisions), (SELECT value FROM meta WHERE name = 'compacted_revision')");
            _entries = _database.Prepare("SELECT key, value, create_revision, mod_revision FROM entries WHERE key >= ?1 AND key < ?2 ORDER BY key");
            _changes = _database.Prepare(
                "SELECT id, key, create_revision, value_after FROM changes NOT INDEXED WHERE id >= ?1 AND key >= ?2 AND key < ?3 ORDER BY id");
            _history = _database.Prepare(
                """
                SELECT r.revision, r.time_ms, c.value_before, c.value_after, r.origin_who, r.origin_where, r.origin_why
                FROM changes c INDEXED BY changes_by_key JOIN revisions r ON r.revision = c.id / 128
                WHERE c.key = ?1 ORDER BY c.id DESC LIMIT ?2
                """);
            _search = new HistorySearch(_database);
        }
        catch
        {
            _database.Dispose();
            throw;
        }
    }

    /// <summary>The entries of a range and the revision they were read at.</summary>
    public StoreView ReadView(KeyRange range)
    {
        Begin();
        try
        {
            (long revision, _) = ReadState();
            List<StoreEntry> entries = [];
            using SqliteRun run = _entries.Start();
            run.BindText(1, range.From);
            run.BindText(2, range.To);
            while (run.Next())
            {
                entries.Add(new StoreEntry(run.GetText(0), run.GetBlob(1) ?? [], run.GetLong(2), run.GetLong(3)));
            }

            return new StoreView(revision, entries);
        }
        finally
        {
            End();
        }
    }

    /// <summary>The next revisions after <paramref name="after"/> that changed keys of a range: whole ones, as many as fit a page.</summary>
    public RevisionPage ReadRevisions(KeyRange range, long after)
    {
        Begin();
        try
        {
            (long newest, long compacted) = ReadState();
            return after < compacted || after > newest ? RevisionPage.Gap : ReadPage(range, after, newest);
        }
        finally
        {
            End();
        }
    }

    /// <summary>The newest records of one key.</summary>
    public IReadOnlyList<HistoryRecord> ReadHistory(string key, int limit)
    {
        List<HistoryRecord> records = [];
        using SqliteRun run = _history.Start();
        run.Bind(1, key);
        run.Bind(2, limit);
        while (run.Next())
        {
            records.Add(new HistoryRecord(
                run.GetLong(0),
                DateTimeOffset.FromUnixTimeMilliseconds(run.GetLong(1)),
                key,
                run.GetMemory(2),
                run.GetMemory(3),
                new Origin(run.GetText(4), run.GetText(5), run.GetText(6))));
        }

        return records;
    }

    /// <summary>A page of the history of many keys.</summary>
    public HistoryPage SearchHistory(HistoryQuery query)
    {
        Begin();
        try
        {
            (_, long compacted) = ReadState();
            return _search.Read(query) with { Compacted = compacted };
        }
        finally
        {
            End();
        }
    }

    public void Dispose() => _database.Dispose();

    private RevisionPage ReadPage(KeyRange range, long after, long newest)
    {
        List<StoreRevision> revisions = [];
        List<StoreChange> changes = [];
        long current = after;
        long bytes = 0;
        using SqliteRun run = _changes.Start();
        run.Bind(1, (after + 1) * Schema.ChangesPerRevision);
        run.BindText(2, range.From);
        run.BindText(3, range.To);
        while (run.Next())
        {
            long revision = run.GetLong(0) / Schema.ChangesPerRevision;
            if (revision != current && changes.Count > 0)
            {
                revisions.Add(new StoreRevision(current, changes));
                changes = [];
                if (revisions.Count >= PageRevisionsMax || bytes >= PageBytesMax)
                {
                    return new RevisionPage(revisions, current, HasMore: true);
                }
            }

            current = revision;
            string key = run.GetText(1);
            byte[]? value = run.GetBlob(3);
            bytes += value?.Length ?? 0;
            changes.Add(new StoreChange(key, value is null ? null : new StoreEntry(key, value, run.GetLong(2), revision)));
        }

        if (changes.Count > 0)
        {
            revisions.Add(new StoreRevision(current, changes));
        }

        return new RevisionPage(revisions, newest, HasMore: false);
    }

    private (long Newest, long Compacted) ReadState()
    {
        using SqliteRun run = _state.Start();
        run.Next();
        return (run.GetLong(0), run.GetLong(1));
    }

    private void Begin() => _begin.Execute();

    private void End()
    {
        if (_database.IsInTransaction)
        {
            _end.Execute();
        }
    }
}
