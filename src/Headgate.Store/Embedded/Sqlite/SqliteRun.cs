using System.Text;
using SQLitePCL;

namespace Headgate.Store.Embedded.Sqlite;

/// <summary>One run of a prepared statement: bind (indexes from 1), step, read (columns from 0), dispose.</summary>
internal readonly ref struct SqliteRun(sqlite3 database, sqlite3_stmt statement)
{
    /// <summary>Binds a number; null binds NULL.</summary>
    public void Bind(int index, long? value) =>
        Check(value is { } number ? raw.sqlite3_bind_int64(statement, index, number) : raw.sqlite3_bind_null(statement, index));

    /// <summary>Binds text.</summary>
    public void Bind(int index, string text) => BindText(index, Encoding.UTF8.GetBytes(text));

    /// <summary>Binds text given as bytes. SQLite compares text by bytes, so that they need not be whole characters.</summary>
    // An empty span reaches SQLite as a null pointer, which would bind NULL.
    public void BindText(int index, ReadOnlySpan<byte> utf8) =>
        Check(utf8.IsEmpty ? raw.sqlite3_bind_text(statement, index, "") : raw.sqlite3_bind_text(statement, index, utf8));

    /// <summary>Binds bytes; null binds NULL, which an empty value is not.</summary>
    public void BindBlob(int index, ReadOnlyMemory<byte>? value) =>
        Check(value switch
        {
            null => raw.sqlite3_bind_null(statement, index),
            { IsEmpty: true } => raw.sqlite3_bind_zeroblob(statement, index, 0),
            { } bytes => raw.sqlite3_bind_blob(statement, index, bytes.Span),
        });

    /// <summary>Goes to the next row; false when there is none.</summary>
    public bool Next()
    {
        int result = raw.sqlite3_step(statement);
        Check(result);
        return result == raw.SQLITE_ROW;
    }

    /// <summary>Runs to the end of a statement whose rows do not matter.</summary>
    public void Finish()
    {
        while (Next())
        {
        }
    }

    /// <summary>Whether a column of this row holds NULL.</summary>
    public bool IsNull(int column) => raw.sqlite3_column_type(statement, column) == raw.SQLITE_NULL;

    /// <summary>A number; 0 for NULL.</summary>
    public long GetLong(int column) => raw.sqlite3_column_int64(statement, column);

    /// <summary>Text, copied.</summary>
    public string GetText(int column) => Encoding.UTF8.GetString(raw.sqlite3_column_blob(statement, column));

    /// <summary>Bytes, copied; null for NULL.</summary>
    public byte[]? GetBlob(int column) => IsNull(column) ? null : raw.sqlite3_column_blob(statement, column).ToArray();

    /// <summary>As <see cref="GetBlob"/>, as memory.</summary>
    // Spelled out: a null array, and even a bare null beside a ReadOnlyMemory, converts to an empty value.
    public ReadOnlyMemory<byte>? GetMemory(int column) => GetBlob(column) is { } value ? new ReadOnlyMemory<byte>(value) : default(ReadOnlyMemory<byte>?);

    /// <summary>Ends the run and gives back what it held.</summary>
    // reset repeats the error of the last step, which was thrown already.
    public void Dispose()
    {
        _ = raw.sqlite3_reset(statement);
        _ = raw.sqlite3_clear_bindings(statement);
    }

    private void Check(int result) => SqliteException.ThrowIfError(result, database);
}
