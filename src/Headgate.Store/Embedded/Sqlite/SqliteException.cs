using SQLitePCL;

namespace Headgate.Store.Embedded.Sqlite;

/// <summary>A call into SQLite failed.</summary>
/// <param name="code">Extended result code (https://www.sqlite.org/rescode.html).</param>
/// <param name="message">SQLite's own text.</param>
internal sealed class SqliteException(int code, string message) : Exception($"{message} (SQLite result {code})")
{
    /// <summary>Extended result code.</summary>
    public int Code => code;

    /// <summary>No space: the transaction was not and will not be applied.</summary>
    public bool IsFull => Primary == raw.SQLITE_FULL;

    /// <summary>Someone else holds a lock.</summary>
    public bool IsBusy => Primary is raw.SQLITE_BUSY or raw.SQLITE_LOCKED;

    /// <summary>Nothing is wrong with the file or the disk: the same may succeed later.</summary>
    public bool IsPassing => IsFull || IsBusy || Primary is raw.SQLITE_NOMEM or raw.SQLITE_TOOBIG;

    private int Primary => code & 0xFF;

    /// <summary>Throws when <paramref name="result"/> is not success; <paramref name="database"/> has the text.</summary>
    public static void ThrowIfError(int result, sqlite3? database)
    {
        if (result is raw.SQLITE_OK or raw.SQLITE_ROW or raw.SQLITE_DONE)
        {
            return;
        }

        bool hasText = database is { IsInvalid: false };
        int code = hasText ? raw.sqlite3_extended_errcode(database) : result;
        utf8z text = hasText ? raw.sqlite3_errmsg(database) : raw.sqlite3_errstr(result);
        throw new SqliteException(code == raw.SQLITE_OK ? result : code, text.utf8_to_string());
    }
}
