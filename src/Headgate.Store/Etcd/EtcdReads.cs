using System.Text.Json;
using Headgate.Store.Etcd.Wire;

namespace Headgate.Store.Etcd;

/// <summary>Reads of keys: linearizable, whatever their size, at one revision.</summary>
internal sealed class EtcdReads(EtcdClient client)
{
    /// <summary>A page of this many keys is one answer.</summary>
    private const int PageKeys = 1000;

    /// <summary>A read that finds nothing and needs a majority of the members to answer: tells the newest revision, and whether the member has the others.</summary>
    public static readonly byte[] Nothing = EtcdRequest.Write(static writer =>
    {
        writer.Key(PrivateKeys.Root);
        writer.WriteBoolean("keys_only", true);
    });

    /// <summary>All keys with a prefix, but the private ones.</summary>
    /// <exception cref="StoreUnavailableException">They cannot be read.</exception>
    public async ValueTask<StoreView> ReadAsync(string prefix, CancellationToken cancellationToken)
    {
        IReadOnlyList<KeyRange> ranges = PrivateKeys.Without(prefix);
        while (true)
        {
            try
            {
                return await ReadOnceAsync(ranges, cancellationToken);
            }
            catch (EtcdException e) when (e.Code == EtcdException.OutOfRange)
            {
                // Compacted between two pages: from the beginning, at a newer revision.
            }
        }
    }

    /// <summary>One key; null when there is none.</summary>
    /// <exception cref="StoreUnavailableException">It cannot be read.</exception>
    public async ValueTask<StoreEntry?> FindAsync(string key, CancellationToken cancellationToken)
    {
        using EtcdReply reply = await client.AskAsync(EtcdClient.RangePath, EtcdRequest.Write(writer => writer.Key(key)), cancellationToken);
        foreach (JsonElement kv in EtcdReply.Items(reply.Root, "kvs"))
            return EtcdEntry.Read(kv).ToEntry();
        return null;
    }

    private async ValueTask<StoreView> ReadOnceAsync(IReadOnlyList<KeyRange> ranges, CancellationToken cancellationToken)
    {
        var entries = new List<StoreEntry>();
        long revision = 0;
        foreach (KeyRange range in ranges.Count > 0 ? ranges : [KeyRange.Between([0], [1])])
        {
            KeyRange? rest = range;
            while (rest is { } page)
            {
                using EtcdReply reply = await client.AskAsync(EtcdClient.RangePath, Page(page, revision), cancellationToken);
                revision = revision == 0 ? reply.Revision : revision;
                byte[] last = [];
                foreach (JsonElement kv in EtcdReply.Items(reply.Root, "kvs"))
                {
                    entries.Add(EtcdEntry.Read(kv).ToEntry());
                    last = EtcdReply.Bytes(kv, "key");
                }

                bool more = reply.Root.TryGetProperty("more", out JsonElement value) && value.GetBoolean();
                rest = more ? KeyRange.Between([.. last, 0], page.To) : null;
            }
        }

        return new StoreView(revision, entries);
    }

    private static byte[] Page(KeyRange range, long revision) => EtcdRequest.Write(writer =>
    {
        writer.Range(range);
        writer.Number("limit", PageKeys);
        if (revision > 0)
            writer.Number("revision", revision);
    });
}
