using Headgate.Store.Etcd.Wire;

namespace Headgate.Store.Etcd.History;

/// <summary>Drops the oldest records. May run in several processes at the same time, and may be ended at any point: a record goes after the entries that lead to it.</summary>
internal sealed class HistoryDrops(EtcdClient client, HistoryReads reads, HistoryCompaction compaction)
{
    /// <summary>Deletions of a transaction; a commit has 64 at most.</summary>
    private const int DeletionsMax = 60;
    private const int RecordsPerQuestion = 32;

    /// <summary>
    /// Drops the records made before <paramref name="time"/>, oldest first, and returns how many. Those after <paramref name="revisionMax"/> stay: a recorder that has yet to look at
    /// their changes would take them for another program's.
    /// </summary>
    /// <exception cref="StoreUnavailableException">They cannot be dropped; some may have been.</exception>
    public async Task<long> DropAsync(DateTimeOffset time, long revisionMax, CancellationToken cancellationToken)
    {
        var chapters = new Stack<long>();
        for (long? chapter = await reads.FindChapterAsync(HistoryKeys.RecordsFrom(long.MaxValue), cancellationToken); chapter is { } current;)
        {
            chapters.Push(current);
            chapter = current == 0 ? null : await reads.FindChapterAsync(HistoryKeys.RecordsFrom(current - 1), cancellationToken);
        }

        long dropped = 0;
        while (chapters.TryPop(out long chapter))
        {
            List<(long Revision, string Key)> records = await reads.ListAsync(chapter, revisionMax + 1, cancellationToken);
            records.Reverse();
            foreach ((long Revision, string Key)[] some in records.Chunk(RecordsPerQuestion))
            {
                int count = await DropAsync([.. some.Select(static record => record.Key)], time, cancellationToken);
                dropped += count;
                if (count < some.Length)
                    return dropped;
            }
        }

        return dropped;
    }

    /// <summary>Drops those of the records, oldest first, that come before the first that is not old enough; how many.</summary>
    private async Task<int> DropAsync(IReadOnlyList<string> keys, DateTimeOffset time, CancellationToken cancellationToken)
    {
        List<(string Key, long Revision, CommitRecord Record)> records = await reads.FetchAsync(keys, cancellationToken);
        List<(string Key, long Revision, CommitRecord Record)> old = [.. records.TakeWhile(one => one.Record.Time < time)];
        if (old.Count > 0)
            await compaction.NoteAsync(old[^1].Revision, cancellationToken);
        foreach (string[] some in old.SelectMany(static one => one.Record.Changes.Select(static change => HistoryKeys.Entry(change.Key, change.ReadRevision)).Append(one.Key)).Chunk(DeletionsMax))
        {
            byte[] question = EtcdRequest.Write(writer =>
            {
                writer.WriteStartArray("success");
                foreach (string key in some)
                    EtcdRequest.Operation(writer, "request_delete_range", w => w.Key(key));
                writer.WriteEndArray();
            });
            using EtcdReply reply = await client.AskAsync(EtcdClient.TransactionPath, question, cancellationToken);
        }

        return old.Count;
    }
}
