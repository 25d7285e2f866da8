using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using Headgate.Store.Etcd.Wire;

namespace Headgate.Store.Etcd.History;

/// <summary>Finds and fetches records of the history. Thread-safe.</summary>
internal sealed class HistoryReads(EtcdClient client)
{
    private const int RecordsPerQuestion = 64;

    /// <summary>Keys of the records of all changes made before <paramref name="before"/>, newest first, a question's worth at a time.</summary>
    /// <exception cref="StoreUnavailableException">They cannot be read.</exception>
    public async IAsyncEnumerable<IReadOnlyList<string>> AllAsync(long before, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        long? chapter = await FindChapterAsync(HistoryKeys.RecordsFrom(before - 1), cancellationToken);
        while (chapter is { } current)
        {
            foreach ((long Revision, string Key)[] some in (await ListAsync(current, before, cancellationToken)).Chunk(RecordsPerQuestion))
                yield return [.. some.Select(static one => one.Key)];
            chapter = current == 0 ? null : await FindChapterAsync(HistoryKeys.RecordsFrom(current - 1), cancellationToken);
        }
    }

    /// <summary>The same of the changes of one key, found by its entries: no other record is looked at. <paramref name="first"/>: how many the first question is worth.</summary>
    /// <exception cref="StoreUnavailableException">They cannot be read.</exception>
    public async IAsyncEnumerable<IReadOnlyList<string>> OfKeyAsync(string key, long before, int first, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // What was read two revisions before, or earlier, was written before; of those entries the first alone may have been written later.
        long read = before == long.MaxValue ? before : before - 2;
        int count = Math.Min(first, RecordsPerQuestion);
        while (read >= 0)
        {
            byte[] question = EtcdRequest.Write(writer =>
            {
                writer.Range(HistoryKeys.Entries(key, read));
                writer.Number("limit", count);
            });
            List<string> records = [];
            int found = 0;
            using (EtcdReply reply = await client.AskAsync(EtcdClient.RangePath, question, cancellationToken))
            {
                foreach (JsonElement kv in EtcdReply.Items(reply.Root, "kvs"))
                {
                    EtcdEntry entry = EtcdEntry.Read(kv);
                    string record = HistoryKeys.Record(Encoding.UTF8.GetString(entry.Value));
                    if (HistoryKeys.RevisionOf(record, entry.ModRevision) < before)
                        records.Add(record);
                    (found, read) = (found + 1, HistoryKeys.ReadRevisionOf(entry.Key) - 1);
                }
            }

            if (records.Count > 0)
                yield return records;
            if (found < count)
                yield break;
            count = Math.Min(count * 2, RecordsPerQuestion);
        }
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
}
