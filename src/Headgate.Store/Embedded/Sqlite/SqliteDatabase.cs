using SQLitePCL;

namespace Headgate.Store.Embedded.Sqlite;

/// <summary>
/// One connection to a database file. One thread at a time.
/// The thin layer over SQLite's C interface is deliberate: values are bound from and read into spans, result codes stay exact (a full disk is not a failed
/// flush), and nothing is opened, pooled, retried or checkpointed behind the store's back, as an ADO.NET provider would.
/// </summary>
internal sealed class SqliteDatabase : IDisposable
{
    private const int NoCheckpointOnClose = 1006; // SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE
    private const int CacheWriteCount = 9; // SQLITE_DBSTATUS_CACHE_WRITE

    private readonly sqlite3 _handle;
    private readonly List<SqliteStatement> _statements = [];

    private SqliteDatabase(sqlite3 handle) => _handle = handle;

    /// <summary>Opens an existing file; never creates one.</summary>
    /// <exception cref="SqliteException">It cannot be opened. A damaged file shows only when it is read.</exception>
    public static SqliteDatabase Open(string path, bool readOnly)
    {
        int flags = (readOnly ? raw.SQLITE_OPEN_READONLY : raw.SQLITE_OPEN_READWRITE) | raw.SQLITE_OPEN_NOMUTEX;
        int result = raw.sqlite3_open_v2(path, out sqlite3 handle, flags, null);
        try
        {
            SqliteException.ThrowIfError(result, handle);
            SqliteException.ThrowIfError(raw.sqlite3_extended_result_codes(handle, 1), handle);
        }
        catch
        {
            handle?.Dispose();
            throw;
        }

        return new SqliteDatabase(handle!);
    }

    /// <summary>Whether a transaction is open.</summary>
    public bool IsInTransaction => raw.sqlite3_get_autocommit(_handle) == 0;

    /// <summary>Prepares a statement that lives as long as this connection.</summary>
    public SqliteStatement Prepare(string sql)
    {
        SqliteException.ThrowIfError(raw.sqlite3_prepare_v2(_handle, sql, out sqlite3_stmt statement), _handle);
        SqliteStatement prepared = new(_handle, statement);
        _statements.Add(prepared);
        return prepared;
    }

    /// <summary>Runs statements that return nothing of interest.</summary>
    public void Execute(string sql) => SqliteException.ThrowIfError(raw.sqlite3_exec(_handle, sql), _handle);

    /// <summary>First column of the first row; null when there is no row or it holds NULL.</summary>
    public string? QueryText(string sql)
    {
        using SqliteStatement statement = new(_handle, PrepareOnce(sql));
        using SqliteRun run = statement.Start();
        return run.Next() && !run.IsNull(0) ? run.GetText(0) : null;
    }

    /// <summary>How long a statement waits for another program's lock.</summary>
    public void WaitForLocks(TimeSpan limit) => SqliteException.ThrowIfError(raw.sqlite3_busy_timeout(_handle, (int)limit.TotalMilliseconds), _handle);

    /// <summary>Leaves the write-ahead log as it is when this is the last connection that closes.</summary>
    public void KeepLogOnClose() => SqliteException.ThrowIfError(raw.sqlite3_db_config(_handle, NoCheckpointOnClose, 1, out _), _handle);

    /// <summary>Pages this connection has written (to the write-ahead log) since the last call that forgot them.</summary>
    public int CountPagesWritten(bool thenForget)
    {
        SqliteException.ThrowIfError(raw.sqlite3_db_status(_handle, CacheWriteCount, out int current, out _, thenForget ? 1 : 0), _handle);
        return current;
    }

    /// <summary>Closes the connection and its statements. The last connection of a database moves the write-ahead log into the main file and deletes it.</summary>
    public void Dispose()
    {
        foreach (SqliteStatement statement in _statements)
        {
            statement.Dispose();
        }

        _statements.Clear();
        _handle.Dispose();
    }

    private sqlite3_stmt PrepareOnce(string sql)
    {
        SqliteException.ThrowIfError(raw.sqlite3_prepare_v2(_handle, sql, out sqlite3_stmt statement), _handle);
        return statement;
    }
}
