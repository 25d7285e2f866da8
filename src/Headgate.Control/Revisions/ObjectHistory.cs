using System.Runtime.CompilerServices;
using Headgate.Core.Config;
using Headgate.Store;

namespace Headgate.Control.Revisions;

/// <summary>
/// The history of the objects of a gateway group, read from the store's records. Values have their secrets readable, so that what was sealed under another key is not taken for a
/// change; whoever shows them masks them.
/// </summary>
internal sealed class ObjectHistory(IConfigStore store)
{
    /// <summary>With what the keys of all objects begin.</summary>
    public const string Prefix = ResourceKinds.DefaultPrefix + "/";

    /// <summary>No key begins so: what reads it learns the revision and nothing else.</summary>
    private const string Nothing = Prefix + "\u0001";

    /// <summary>Most changes that are undone to find what was there at a revision.</summary>
    public const int UndoneMax = 50_000;

    /// <summary>One page of what passes <paramref name="query"/>.</summary>
    public async ValueTask<HistoryPage> PageAsync(HistoryQuery query, CancellationToken cancellationToken)
    {
        HistoryPage page = await store.SearchHistoryAsync(query, cancellationToken);
        return page with { Records = [.. page.Records.Select(Reveal)] };
    }

    /// <summary>All that passes <paramref name="query"/>, newest first, a page of its limit at a time.</summary>
    public async IAsyncEnumerable<HistoryRecord> AllAsync(HistoryQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (HistoryQuery? next = query; next is not null;)
        {
            HistoryPage page = await PageAsync(next, cancellationToken);
            foreach (HistoryRecord record in page.Records)
                yield return record;
            next = page.Before is { } before ? next with { Before = before } : null;
        }
    }

    /// <summary>The changes that a revision made, in the order of their keys; none when it made none here, or is not known any more.</summary>
    public async ValueTask<IReadOnlyList<HistoryRecord>> RevisionAsync(long revision, CancellationToken cancellationToken)
    {
        List<HistoryRecord> found = [];
        await foreach (HistoryRecord record in AllAsync(new HistoryQuery { Prefix = Prefix, Before = revision + 1 }, cancellationToken))
        {
            if (record.Revision != revision)
                break;
            found.Add(record);
        }

        return found;
    }

    /// <summary>The newest revision.</summary>
    public async ValueTask<long> NewestAsync(CancellationToken cancellationToken) => (await store.GetAsync(Nothing, cancellationToken)).Revision;

    /// <summary>Up to which revision history was forgotten; 0 = none was.</summary>
    public async ValueTask<long> CompactedAsync(CancellationToken cancellationToken) =>
        (await store.SearchHistoryAsync(new HistoryQuery { Prefix = Prefix, Limit = 1, Before = 1 }, cancellationToken)).Compacted;

    /// <summary>The object as it was after <paramref name="revision"/>.</summary>
    public async ValueTask<PastObject> AtAsync(string key, long revision, CancellationToken cancellationToken)
    {
        await foreach (HistoryRecord last in AllAsync(new HistoryQuery { Key = key, Before = revision + 1, Limit = 1 }, cancellationToken))
            return new PastObject(true, last.After, last.Revision);
        long forgotten = await CompactedAsync(cancellationToken);
        if (revision < forgotten)
            return PastObject.Unknown;

        // Nothing wrote it since what was forgotten and up to the revision: it was then what the next change found, or is it still.
        StoreEntry? present = await store.FindAsync(key, cancellationToken);
        HistoryRecord? next = null;
        await foreach (HistoryRecord record in AllAsync(new HistoryQuery { Key = key }, cancellationToken))
        {
            if (record.Revision <= revision)
                break;
            next = record;
        }

        // What was in an etcd before its history was kept shows by a history that begins in the middle.
        if (next is null)
            return present is null || present.ModRevision <= revision ? new PastObject(true, present?.Value, present?.ModRevision) : PastObject.Unknown;
        return next.Before is null || forgotten > 0 ? new PastObject(true, next.Before, null) : PastObject.Unknown;
    }

    /// <summary>
    /// Objects whose keys begin with <paramref name="prefix"/> as they were after <paramref name="revision"/>, in the order of their keys; null when more than
    /// <see cref="UndoneMax"/> changes were made since. Whether the history reaches back that far is for the caller to ask (<see cref="CompactedAsync"/>), afterwards.
    /// </summary>
    public async ValueTask<IReadOnlyDictionary<string, ReadOnlyMemory<byte>>?> AllAtAsync(string prefix, long revision, CancellationToken cancellationToken)
    {
        var objects = new SortedDictionary<string, ReadOnlyMemory<byte>>(StringComparer.Ordinal);
        foreach (StoreEntry entry in (await store.GetAsync(prefix, cancellationToken)).Entries)
            objects[entry.Key] = entry.Value;
        int undone = 0;
        await foreach (HistoryRecord record in AllAsync(new HistoryQuery { Prefix = prefix }, cancellationToken))
        {
            // Newest first: the last one that is undone decides. One that was made after the read above is undone like the others.
            if (record.Revision <= revision)
                break;
            if (undone++ == UndoneMax)
                return null;
            if (record.Before is { } before)
                objects[record.Key] = before;
            else
                objects.Remove(record.Key);
        }

        return objects;
    }

    private HistoryRecord Reveal(HistoryRecord record) => record with { Before = Reveal(record.Key, record.Before), After = Reveal(record.Key, record.After) };

    private ReadOnlyMemory<byte>? Reveal(string key, ReadOnlyMemory<byte>? value)
    {
        if (value is { } json)
            return store.Reveal(key, json);
        return null; // not the other side of a conditional expression, where it would become empty memory
    }
}
