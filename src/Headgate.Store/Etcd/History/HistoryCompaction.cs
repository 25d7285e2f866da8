using System.Globalization;
using System.Text;
using System.Text.Json;
using Headgate.Store.Etcd.Wire;

namespace Headgate.Store.Etcd.History;

/// <summary>Up to which revision the history was dropped. Written before the records go and read after them, so that whoever misses a record finds that it was dropped. Thread-safe.</summary>
internal sealed class HistoryCompaction(EtcdClient client)
{
    /// <summary>Every change up to this revision was dropped, or is about to be; 0 = none was.</summary>
    /// <exception cref="StoreUnavailableException">It cannot be read.</exception>
    public async ValueTask<long> ReadAsync(CancellationToken cancellationToken) => (await FindAsync(cancellationToken)).Revision;

    /// <summary>Notes that the records up to a revision go; one that is noted never falls, several processes may drop at the same time.</summary>
    /// <exception cref="StoreUnavailableException">It cannot be written.</exception>
    public async ValueTask NoteAsync(long revision, CancellationToken cancellationToken)
    {
        while (await FindAsync(cancellationToken) is var known && known.Revision < revision)
        {
            byte[] question = EtcdRequest.Write(writer =>
            {
                writer.WriteStartArray("compare");
                EtcdRequest.Compare(writer, w => w.Key(HistoryKeys.Compacted), "MOD", "EQUAL", known.Written);
                writer.WriteEndArray();
                writer.WriteStartArray("success");
                EtcdRequest.Put(writer, HistoryKeys.Compacted, Encoding.UTF8.GetBytes(revision.ToString(CultureInfo.InvariantCulture)));
                writer.WriteEndArray();
            });
            using EtcdReply reply = await client.AskAsync(EtcdClient.TransactionPath, question, cancellationToken);
        }
    }

    private async ValueTask<(long Revision, long Written)> FindAsync(CancellationToken cancellationToken)
    {
        using EtcdReply reply = await client.AskAsync(EtcdClient.RangePath, EtcdRequest.Write(static writer => writer.Key(HistoryKeys.Compacted)), cancellationToken);
        foreach (JsonElement kv in EtcdReply.Items(reply.Root, "kvs"))
        {
            EtcdEntry entry = EtcdEntry.Read(kv);
            return (long.TryParse(entry.Value, NumberStyles.None, CultureInfo.InvariantCulture, out long revision) ? revision : 0, entry.ModRevision);
        }

        return (0, 0);
    }
}
