using Headgate.Store.Embedded.Sqlite;

namespace Headgate.Store.Embedded;

/// <summary>
/// Reads the history of many keys, newest first, in steps: a step looks at a bounded number of changes and holds a bounded number of bytes, so that a search that finds little
/// keeps no connection for long. Changes that do not pass are told by their key and revision; their values are not read. One thread at a time.
/// </summary>
internal sealed class HistorySearch(SqliteDatabase database)
{
    private const int ChangesPerStep = 20_000;
    private const long BytesPerPage = 16 * 1024 * 1024;

    private readonly SqliteStatement _changes = database.Prepare(
        """
        SELECT c.id, c.key, r.time_ms, r.origin_who, r.origin_where, r.origin_why, c.value_before, c.value_after
        FROM changes c NOT INDEXED JOIN revisions r ON r.revision = c.id / 128
        WHERE c.id < ?1 ORDER BY c.id DESC
        """);

    private readonly SqliteStatement _changesOfKey = database.Prepare(
        """
        SELECT c.id, c.key, r.time_ms, r.origin_who, r.origin_where, r.origin_why, c.value_before, c.value_after
        FROM changes c INDEXED BY changes_by_key JOIN revisions r ON r.revision = c.id / 128
        WHERE c.key = ?2 AND c.id < ?1 ORDER BY c.id DESC
        """);

    /// <summary>The page of <paramref name="query"/>.</summary>
    public HistoryPage Read(HistoryQuery query)
    {
        List<HistoryRecord> records = [];
        int looked = 0;
        long bytes = 0;
        long? revision = null;
        using SqliteRun run = (query.Key is null ? _changes : _changesOfKey).Start();
        if (query.Key is not null)
            run.Bind(2, query.Key);
        run.Bind(1, query.Before is { } before && before < long.MaxValue / Schema.ChangesPerRevision ? before * Schema.ChangesPerRevision : long.MaxValue);
        while (run.Next())
        {
            long current = run.GetLong(0) / Schema.ChangesPerRevision;
            if (current != revision && revision is not null && (records.Count >= query.Limit || looked >= ChangesPerStep || bytes >= BytesPerPage))
                return new HistoryPage(Sorted(records), revision);
            revision = current;
            looked++;
            string key = run.GetText(1);
            DateTimeOffset time = DateTimeOffset.FromUnixTimeMilliseconds(run.GetLong(2));
            string who = run.GetText(3);
            if (!query.Passes(key, time, who))
                continue;
            var record = new HistoryRecord(current, time, key, run.GetMemory(6), run.GetMemory(7), new Origin(who, run.GetText(4), run.GetText(5)));
            bytes += (record.Before?.Length ?? 0) + (record.After?.Length ?? 0);
            records.Add(record);
        }

        return new HistoryPage(Sorted(records), Before: null);
    }

    private static List<HistoryRecord> Sorted(List<HistoryRecord> records)
    {
        records.Sort(static (left, right) => left.Revision != right.Revision ? right.Revision.CompareTo(left.Revision) : string.CompareOrdinal(left.Key, right.Key));
        return records;
    }
}
