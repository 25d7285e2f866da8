using System.Globalization;
using Headgate.Store.Embedded.Sqlite;

namespace Headgate.Store.Embedded;

/// <summary>Revisions and their changes, as the write connection adds and drops them. Used by the commit thread alone.</summary>
internal sealed class HistoryTable(SqliteDatabase database)
{
    private readonly SqliteStatement _addRevision = database.Prepare(
        "INSERT INTO revisions (revision, time_ms, origin_who, origin_where, origin_why) VALUES (?1, ?2, ?3, ?4, ?5)");

    private readonly SqliteStatement _addChange = database.Prepare(
        "INSERT INTO changes (id, key, create_revision, value_before, value_after) VALUES (?1, ?2, ?3, ?4, ?5)");

    private readonly SqliteStatement _dropChanges = database.Prepare("DELETE FROM changes WHERE id < ?1");
    private readonly SqliteStatement _dropRevisions = database.Prepare("DELETE FROM revisions WHERE revision <= ?1");
    private readonly SqliteStatement _rememberCompaction = database.Prepare("UPDATE meta SET value = max(value, ?1) WHERE name = 'compacted_revision'");

    private readonly SqliteStatement _oldest = database.Prepare("SELECT revision, time_ms FROM revisions ORDER BY revision LIMIT ?1");

    /// <summary>
    /// Of the oldest <paramref name="count"/> revisions that are left, the number of those up to the first that is not older than <paramref name="timeMs"/>, and the last of them; (0, 0)
    /// when there is none. The newest revision is never among them.
    /// </summary>
    public (int Count, long Last) FindOlderThan(long timeMs, long newest, int count)
    {
        (int found, long last) = (0, 0);
        using SqliteRun run = _oldest.Start();
        run.Bind(1, count);
        while (run.Next() && run.GetLong(0) < newest && run.GetLong(1) < timeMs)
            (found, last) = (found + 1, run.GetLong(0));
        return (found, last);
    }

    /// <summary>The newest revision; 0 when nothing was ever committed.</summary>
    public long FindNewest() =>
        long.Parse(database.QueryText("SELECT coalesce(max(revision), 0) FROM revisions")!, CultureInfo.InvariantCulture);

    /// <summary>Adds a revision.</summary>
    public void AddRevision(long revision, Origin origin, long nowMs)
    {
        using SqliteRun run = _addRevision.Start();
        run.Bind(1, revision);
        run.Bind(2, nowMs);
        run.Bind(3, origin.Who);
        run.Bind(4, origin.Where);
        run.Bind(5, origin.Why);
        run.Finish();
    }

    /// <summary>Adds the change of one key to a revision; <paramref name="position"/> counts its changes from 0.</summary>
    public void AddChange(long revision, int position, string key, long createRevision, ReadOnlyMemory<byte>? before, ReadOnlyMemory<byte>? after)
    {
        using SqliteRun run = _addChange.Start();
        run.Bind(1, (revision * Schema.ChangesPerRevision) + position);
        run.Bind(2, key);
        run.Bind(3, createRevision);
        run.BindBlob(4, before);
        run.BindBlob(5, after);
        run.Finish();
    }

    /// <summary>Drops every revision up to <paramref name="revision"/>, which must be older than the newest: the newest is how the store knows its number.</summary>
    public void Compact(long revision)
    {
        using (SqliteRun changes = _dropChanges.Start())
        {
            changes.Bind(1, (revision + 1) * Schema.ChangesPerRevision);
            changes.Finish();
        }

        using (SqliteRun revisions = _dropRevisions.Start())
        {
            revisions.Bind(1, revision);
            revisions.Finish();
        }

        using SqliteRun remember = _rememberCompaction.Start();
        remember.Bind(1, revision);
        remember.Finish();
    }
}
