using System.Text;
using System.Text.Json;
using Headgate.Store.Etcd.Wire;

namespace Headgate.Store.Etcd.History;

/// <summary>Reads the history. A page looks at a bounded number of records and holds a bounded number of bytes. Thread-safe.</summary>
internal sealed class HistoryReads(EtcdClient client)
{
    private const int RecordsPerQuestion = 64;
    private const int RecordsPerPage = 4000;
    private const long BytesPerPage = 16 * 1024 * 1024;

    /// <summary>Changes of one key, newest first.</summary>
    /// <exception cref="StoreUnavailableException">They cannot be read.</exception>
    public async ValueTask<IReadOnlyList<HistoryRecord>> ReadAsync(string key, int limit, CancellationToken cancellationToken)
    {
        List<string> records = [];
        byte[] question = EtcdRequest.Write(writer =>
        {
            writer.Range(HistoryKeys.Entries(key));
            writer.Number("limit", limit);
        });
        using (EtcdReply reply = await client.AskAsync(EtcdClient.RangePath, question, cancellationToken))
        {
            foreach (JsonElement kv in EtcdReply.Items(reply.Root, "kvs"))
                records.Add(HistoryKeys.Record(Encoding.UTF8.GetString(EtcdReply.Bytes(kv, "value"))));
        }

        var changes = new List<HistoryRecord>(records.Count);
        foreach (string[] some in records.Chunk(RecordsPerQuestion))
        {
            foreach ((_, long revision, CommitRecord record) in await FetchAsync(some, cancellationToken))
                changes.AddRange(record.Changes.Where(change => change.Key == key).Select(change => ToRecord(revision, record, change)));
        }

        return changes;
    }

    /// <summary>A page of what passes <paramref name="query"/>.</summary>
    /// <exception cref="StoreUnavailableException">It cannot be read.</exception>
    public async ValueTask<HistoryPage> SearchAsync(HistoryQuery query, CancellationToken cancellationToken)
    {
        var found = new List<HistoryRecord>();
        int looked = 0;
        long bytes = 0;
        long? revision = null;
        long? chapter = await FindChapterAsync(HistoryKeys.RecordsFrom((query.Before ?? long.MaxValue) - 1), cancellationToken);
        for (; chapter is { } current; chapter = await FindChapterAsync(HistoryKeys.RecordsFrom(current - 1), cancellationToken))
        {
            List<(long Revision, string Key)> records = await ListAsync(current, query.Before ?? long.MaxValue, cancellationToken);
            foreach ((long Revision, string Key)[] some in records.Chunk(RecordsPerQuestion))
            {
                foreach ((_, long made, CommitRecord record) in await FetchAsync([.. some.Select(one => one.Key)], cancellationToken))
                {
                    if (made != revision && revision is { } last && (found.Count >= query.Limit || looked >= RecordsPerPage || bytes >= BytesPerPage))
                        return new HistoryPage(Sorted(found), last);
                    revision = made;
                    looked++;
                    foreach (RecordedChange change in record.Changes.Where(change => query.Passes(change.Key, record.Time, record.Origin.Who)))
                    {
                        found.Add(ToRecord(made, record, change));
                        bytes += (change.Before?.Length ?? 0) + (change.After?.Length ?? 0);
                    }
                }
            }

            if (current == 0)
                break;
        }

        return new HistoryPage(Sorted(found), Before: null);
    }

    /// <summary>Records by key, in the order asked for; those that are gone or cannot be read are left out.</summary>
    public async ValueTask<List<(string Key, long Revision, CommitRecord Record)>> FetchAsync(IReadOnlyList<string> keys, CancellationToken cancellationToken)
    {
        var records = new List<(string, long, CommitRecord)>(keys.Count);
        byte[] question = EtcdRequest.Reads(keys.Select<string, Action<Utf8JsonWriter>>(key => writer => writer.Key(key)));
        using EtcdReply reply = await client.AskAsync(EtcdClient.TransactionPath, question, cancellationToken);
        for (int i = 0; i < keys.Count; i++)
        {
            foreach (JsonElement kv in reply.Found(i))
            {
                EtcdEntry entry = EtcdEntry.Read(kv);
                if (CommitRecord.Read(entry.Value) is { } record)
                    records.Add((entry.Key, HistoryKeys.RevisionOf(entry.Key, entry.ModRevision), record));
            }
        }

        return records;
    }

    /// <summary>Records of a chapter made before <paramref name="before"/>, newest first.</summary>
    public async ValueTask<List<(long Revision, string Key)>> ListAsync(long chapter, long before, CancellationToken cancellationToken)
    {
        byte[] question = EtcdRequest.Write(writer =>
        {
            writer.Range(HistoryKeys.RecordsOf(chapter));
            writer.WriteBoolean("keys_only", true);
        });
        using EtcdReply reply = await client.AskAsync(EtcdClient.RangePath, question, cancellationToken);
        var records = new List<(long Revision, string Key)>();
        foreach (JsonElement kv in EtcdReply.Items(reply.Root, "kvs"))
        {
            EtcdEntry entry = EtcdEntry.Read(kv);
            long revision = HistoryKeys.RevisionOf(entry.Key, entry.ModRevision);
            if (revision < before)
                records.Add((revision, entry.Key));
        }

        records.Sort(static (left, right) => left.Revision != right.Revision ? right.Revision.CompareTo(left.Revision) : KeyOrder.Compare(left.Key, right.Key));
        return records;
    }

    /// <summary>Chapter of the first record in a range; null when there is none.</summary>
    public async ValueTask<long?> FindChapterAsync(KeyRange range, CancellationToken cancellationToken)
    {
        byte[] question = EtcdRequest.Write(writer =>
        {
            writer.Range(range);
            writer.Number("limit", 1);
            writer.WriteBoolean("keys_only", true);
        });
        using EtcdReply reply = await client.AskAsync(EtcdClient.RangePath, question, cancellationToken);
        foreach (JsonElement kv in EtcdReply.Items(reply.Root, "kvs"))
            return HistoryKeys.ChapterOf(EtcdEntry.Read(kv).Key);
        return null;
    }

    private static HistoryRecord ToRecord(long revision, CommitRecord record, RecordedChange change) =>
        new(revision, record.Time, change.Key, change.Before, change.After, record.Origin);

    // Changes of one commit are in one record; those of another program's transaction may be in several.
    private static List<HistoryRecord> Sorted(List<HistoryRecord> records)
    {
        records.Sort(static (left, right) => left.Revision != right.Revision ? right.Revision.CompareTo(left.Revision) : KeyOrder.Compare(left.Key, right.Key));
        return records;
    }
}
