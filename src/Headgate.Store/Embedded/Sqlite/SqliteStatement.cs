using SQLitePCL;

namespace Headgate.Store.Embedded.Sqlite;

/// <summary>A prepared statement of one connection; one run at a time.</summary>
internal sealed class SqliteStatement(sqlite3 database, sqlite3_stmt statement) : IDisposable
{
    /// <summary>Begins a run. Dispose it: until then it holds its read lock.</summary>
    public SqliteRun Start() => new(database, statement);

    /// <summary>Runs a statement that has no parameters and returns nothing.</summary>
    public void Execute()
    {
        using SqliteRun run = Start();
        run.Finish();
    }

    /// <inheritdoc/>
    public void Dispose() => statement.Dispose();
}
