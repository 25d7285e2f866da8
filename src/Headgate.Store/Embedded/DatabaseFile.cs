using System.Buffers.Binary;
using System.Globalization;
using Headgate.Store.Embedded.Sqlite;

namespace Headgate.Store.Embedded;

/// <summary>
/// Makes the database file, and decides whether one that is there can be trusted, without changing a byte of it, its write-ahead log or its index.
/// The folder's lock must be held.
/// </summary>
internal static class DatabaseFile
{
    private const int HeaderBytes = 100;
    private const int ApplicationIdOffset = 68;

    private static ReadOnlySpan<byte> Magic => "SQLite format 3\0"u8;

    /// <summary>Makes the file when there is none; else examines it. Returns whether it was made.</summary>
    /// <exception cref="StoreUnavailableException">What is there is damaged, foreign or newer than this program, or the disk refuses.</exception>
    public static bool Prepare(string path)
    {
        try
        {
            if (!File.Exists(path))
            {
                RefuseOrphanedLog(path);
                CreateWhole(path);
                return true;
            }

            ExamineHeader(path);
            ExamineContent(path);
            return false;
        }
        catch (SqliteException e)
        {
            throw Refusal(path, $"cannot be read: {e.Message}", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StoreUnavailableException($"The database {path} cannot be opened: {e.Message}.", e);
        }
    }

    // Under another name first: a crash leaves either no database or a whole one, never half of one that would have to be told from damage.
    private static void CreateWhole(string path)
    {
        string draft = path + ".new";
        foreach (string suffix in (ReadOnlySpan<string>)["", "-wal", "-shm", "-journal"])
        {
            File.Delete(draft + suffix);
        }

        FileStreamOptions options = new()
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite, // SQLite gives its side files the mode of the database
        };
        new FileStream(draft, options).Dispose();
        using (SqliteDatabase database = SqliteDatabase.Open(draft, readOnly: false))
        {
            database.Execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;");
            database.Execute(string.Create(
                CultureInfo.InvariantCulture,
                $"BEGIN; PRAGMA application_id = {Schema.ApplicationId}; PRAGMA user_version = {Schema.Version}; {Schema.Create} COMMIT;"));
        }

        File.Move(draft, path);
        PosixFile.FlushDirectory(Path.GetDirectoryName(path)!);
    }

    // SQLite would delete a log that has no database, and with it the newest revisions.
    private static void RefuseOrphanedLog(string path)
    {
        FileInfo log = new(path + "-wal");
        if (log is { Exists: true, Length: > 0 })
        {
            throw new StoreUnavailableException(
                $"The database {path} is missing, but its write-ahead log {log.FullName} is there. Restore both from a backup, or move the log away to start with an empty store.");
        }
    }

    private static void ExamineHeader(string path)
    {
        Span<byte> header = stackalloc byte[HeaderBytes];
        int length;
        using (FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite))
        {
            length = file.ReadAtLeast(header, HeaderBytes, throwOnEndOfStream: false);
        }

        if (length < HeaderBytes)
        {
            throw Refusal(path, $"is cut off: it has {length} bytes, less than the header of a database");
        }

        if (!header.StartsWith(Magic))
        {
            throw Refusal(path, "is not a SQLite database");
        }

        int owner = BinaryPrimitives.ReadInt32BigEndian(header[ApplicationIdOffset..]);
        if (owner != Schema.ApplicationId)
        {
            throw Refusal(path, $"belongs to another program (application id {owner}, Headgate's is {Schema.ApplicationId})");
        }
    }

    /// <summary>
    /// Reads through the write-ahead log in SQLite's exclusive mode: its index then lives in memory, so that no file changes, also not the shared index of a
    /// process that crashed. Checks the tree of the live entries and its indexes, whose size is that of the configuration; the history grows with time and is
    /// not walked, only its newest part is touched.
    /// </summary>
    private static void ExamineContent(string path)
    {
        bool hadLog = File.Exists(path + "-wal");
        try
        {
            using SqliteDatabase database = SqliteDatabase.Open(path, readOnly: false);
            database.KeepLogOnClose();
            database.Execute("PRAGMA locking_mode = EXCLUSIVE; PRAGMA cell_size_check = ON;");
            int version = int.Parse(database.QueryText("PRAGMA user_version") ?? "0", CultureInfo.InvariantCulture);
            if (version > Schema.Version)
            {
                throw Refusal(
                    path, $"was written by a newer Headgate (schema {version}; this one knows {Schema.Version})", action: "Start that version, or restore a backup from before it");
            }

            if (version != Schema.Version)
            {
                throw Refusal(path, $"has schema {version}, which no Headgate writes");
            }

            string? problem = database.QueryText("PRAGMA quick_check(entries)");
            if (problem != "ok")
            {
                throw Refusal(path, $"is damaged: {problem?.ReplaceLineEndings("; ")}");
            }

            CheckNewestRevision(database, path);
        }
        finally
        {
            RemoveEmptyLog(path, hadLog);
        }
    }

    private static void CheckNewestRevision(SqliteDatabase database, string path)
    {
        string counts = database.QueryText(
            """
            SELECT (SELECT count(*) FROM meta WHERE name = 'compacted_revision')
                || ' ' || (coalesce((SELECT max(revision) FROM revisions), 0) = coalesce((SELECT max(id) FROM changes) / 128, 0))
                || ' ' || (coalesce((SELECT max(mod_revision) FROM entries), 0) <= coalesce((SELECT max(revision) FROM revisions), 0))
            """) ?? "";
        if (counts != "1 1 1")
        {
            throw Refusal(path, "is damaged: its entries and its history do not belong together");
        }
    }

    // SQLite makes an empty log beside a database that has none as soon as it reads it.
    private static void RemoveEmptyLog(string path, bool hadLog)
    {
        FileInfo log = new(path + "-wal");
        if (!hadLog && log is { Exists: true, Length: 0 })
        {
            log.Delete();
        }
    }

    private static StoreUnavailableException Refusal(string path, string problem, Exception? inner = null, string? action = null) =>
        new(
            $"The database {path} {problem}. {action ?? "Restore it from a backup, or move it (with -wal and -shm) away to start with an empty store"}; it was left as it is. See docs/reference/store.md.",
            inner);
}
