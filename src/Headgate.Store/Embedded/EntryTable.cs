using Headgate.Store.Embedded.Sqlite;

namespace Headgate.Store.Embedded;

/// <summary>The live entries, as the write connection sees and changes them. Used by the commit thread alone.</summary>
internal sealed class EntryTable(SqliteDatabase database)
{
    private readonly SqliteStatement _find = database.Prepare("SELECT rowid, create_revision, mod_revision, value FROM entries WHERE key = ?1");
    private readonly SqliteStatement _writtenSince = database.Prepare(
        "SELECT 1 FROM entries INDEXED BY entries_by_mod WHERE mod_revision > ?1 AND key >= ?2 AND key < ?3 LIMIT 1");

    private readonly SqliteStatement _insert = database.Prepare(
        "INSERT INTO entries (key, create_revision, mod_revision, expires_at_ms, value) VALUES (?1, ?2, ?2, ?3, ?4)");

    private readonly SqliteStatement _update = database.Prepare("UPDATE entries SET mod_revision = ?2, expires_at_ms = ?3, value = ?4 WHERE rowid = ?1");
    private readonly SqliteStatement _delete = database.Prepare("DELETE FROM entries WHERE rowid = ?1");
    private readonly SqliteStatement _nextExpiry = database.Prepare("SELECT min(expires_at_ms) FROM entries WHERE expires_at_ms IS NOT NULL");
    private readonly SqliteStatement _expired = database.Prepare(
        "SELECT key FROM entries WHERE expires_at_ms <= ?1 ORDER BY expires_at_ms, key LIMIT ?2");

    /// <summary>The entry of a key; null when there is none.</summary>
    public Row? Find(string key, bool withValue)
    {
        using SqliteRun run = _find.Start();
        run.Bind(1, key);
        return run.Next() ? new Row(run.GetLong(0), run.GetLong(1), run.GetLong(2), withValue ? run.GetBlob(3) : null) : null;
    }

    /// <summary>Whether a key of the range that exists was written after a revision. Looks only at what was written since.</summary>
    public bool WasWrittenSince(KeyRange range, long revision)
    {
        using SqliteRun run = _writtenSince.Start();
        run.Bind(1, revision);
        run.BindText(2, range.From);
        run.BindText(3, range.To);
        return run.Next();
    }

    /// <summary>Makes an entry.</summary>
    public void Insert(Operation.Put put, long revision, long? expiresAtMs)
    {
        using SqliteRun run = _insert.Start();
        run.Bind(1, put.Key);
        run.Bind(2, revision);
        run.Bind(3, expiresAtMs);
        run.BindBlob(4, put.Value);
        run.Finish();
    }

    /// <summary>Writes an entry anew; its former ttl is gone.</summary>
    public void Update(Row row, Operation.Put put, long revision, long? expiresAtMs)
    {
        using SqliteRun run = _update.Start();
        run.Bind(1, row.RowId);
        run.Bind(2, revision);
        run.Bind(3, expiresAtMs);
        run.BindBlob(4, put.Value);
        run.Finish();
    }

    /// <summary>Deletes an entry.</summary>
    public void Delete(Row row)
    {
        using SqliteRun run = _delete.Start();
        run.Bind(1, row.RowId);
        run.Finish();
    }

    /// <summary>When the next entry expires, milliseconds since 1970; null when none does.</summary>
    public long? FindNextExpiry()
    {
        using SqliteRun run = _nextExpiry.Start();
        return run.Next() && !run.IsNull(0) ? run.GetLong(0) : null;
    }

    /// <summary>Keys whose time has come, the oldest first.</summary>
    public List<string> FindExpired(long nowMs, int limit)
    {
        List<string> keys = [];
        using SqliteRun run = _expired.Start();
        run.Bind(1, nowMs);
        run.Bind(2, limit);
        while (run.Next())
        {
            keys.Add(run.GetText(0));
        }

        return keys;
    }

    /// <summary>A row; the value only where it was asked for.</summary>
    internal readonly record struct Row(long RowId, long CreateRevision, long ModRevision, byte[]? Value);
}
