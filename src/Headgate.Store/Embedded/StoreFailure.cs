using Headgate.Store.Embedded.Sqlite;

namespace Headgate.Store.Embedded;

/// <summary>Says of an error of SQLite which file, what happened, and what to do.</summary>
internal static class StoreFailure
{
    /// <summary>A commit failed.</summary>
    public static StoreUnavailableException OfWrite(string database, Exception error) =>
        error switch
        {
            SqliteException { IsFull: true } => new(
                $"The store {database} has no space: {error.Message}. Nothing of this commit was applied. Free space on its disk; commits succeed again from then on.", error),
            SqliteException { IsBusy: true } => new(
                $"The store {database} is locked by another program: {error.Message}. Nothing of this commit was applied. Close that program (a sqlite3 shell, a backup) and repeat the commit.", error),
            SqliteException { IsPassing: true } => new(
                $"The store {database} could not apply the commit: {error.Message}. Nothing of it was applied.", error),
            _ => new(
                $"The store {database} cannot be written: {error.Message}. Whether the last commit was applied shows after a restart; all that were answered before are safe. Check the disk, then restart Headgate; until then it takes no commits, and traffic goes on.", error),
        };

    /// <summary>A read failed.</summary>
    public static StoreUnavailableException OfRead(string database, Exception error) =>
        new($"The store {database} cannot be read: {error.Message}. Check the disk; when the file is damaged, restore it from a backup (docs/reference/store.md).", error);
}
