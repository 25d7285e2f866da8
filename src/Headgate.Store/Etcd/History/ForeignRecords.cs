using System.Globalization;
using System.Text;
using System.Text.Json;
using Headgate.Store.Etcd.Wire;
using Microsoft.Extensions.Logging;

namespace Headgate.Store.Etcd.History;

/// <summary>Writes records of changes that Headgate did not make: another program's, and expiries. A change has one record, whoever writes it and how often.</summary>
internal sealed class ForeignRecords(EtcdClient client, HistorySearch history, TimeProvider time, ILogger logger, string positionKey)
{
    private const string Unknown = "unknown";
    private static readonly Origin Expired = new("expiry", "local", "the ttl ran out");
    private static readonly Origin Foreign = new(Unknown, Unknown, "written into etcd by another program");

    /// <summary>Writes a change into the history, unless it is there.</summary>
    /// <exception cref="StoreUnavailableException">The store cannot be used.</exception>
    public async Task WriteAsync(EtcdEvent changed, CancellationToken cancellationToken)
    {
        string key = changed.Now.Key;
        long revision = changed.Now.ModRevision;
        Origin origin = changed.IsDeletion && changed.Before is { Lease: not 0 } leased && await IsOverAsync(leased.Lease, cancellationToken) ? Expired : Foreign;
        ReadOnlyMemory<byte>? before = changed.Before is { } old ? new ReadOnlyMemory<byte>(old.Value) : await FindBeforeAsync(changed.Now, cancellationToken);
        ReadOnlyMemory<byte>? after = changed.IsDeletion ? default(ReadOnlyMemory<byte>?) : new ReadOnlyMemory<byte>(changed.Now.Value);
        var record = new CommitRecord(time.GetUtcNow(), origin, [new RecordedChange(key, revision - 1, before, after)]);
        string place = HistoryKeys.Place(await ChapterAsync(revision, cancellationToken), HistoryKeys.ForeignId(revision, key));
        byte[] question = EtcdRequest.Write(writer =>
        {
            writer.WriteStartArray("compare");
            EtcdRequest.Compare(writer, w => w.Key(HistoryKeys.Entry(key, revision - 1)), "VERSION", "EQUAL", 0);
            writer.WriteEndArray();
            writer.WriteStartArray("success");
            EtcdRequest.Put(writer, HistoryKeys.Record(place), record.Write());
            EtcdRequest.Put(writer, HistoryKeys.Entry(key, revision - 1), Encoding.UTF8.GetBytes(place));
            EtcdRequest.Put(writer, positionKey, Encoding.UTF8.GetBytes((revision - 1).ToString(CultureInfo.InvariantCulture)));
            writer.WriteEndArray();
        });

        // May be asked twice: the second time the entry is there.
        using EtcdReply reply = await client.AskAsync(EtcdClient.TransactionPath, question, cancellationToken);
        if (reply.Succeeded && origin == Foreign)
            EtcdLog.ForeignChange(logger, key, revision);
    }

    /// <summary>What a key held before a change whose event does not tell it: what the history says of it last.</summary>
    private async Task<ReadOnlyMemory<byte>?> FindBeforeAsync(EtcdEntry now, CancellationToken cancellationToken)
    {
        if (now.CreateRevision == now.ModRevision)
            return null;
        IReadOnlyList<HistoryRecord> last = await history.ReadAsync(now.Key, 1, cancellationToken);
        return last.Count > 0 ? last[0].After : null;
    }

    /// <summary>A key with a ttl may also be deleted by hand; its lease then goes on.</summary>
    private async Task<bool> IsOverAsync(long lease, CancellationToken cancellationToken)
    {
        using EtcdReply reply = await client.AskAsync("/v3/lease/timetolive", EtcdRequest.Write(writer => writer.Number("ID", lease)), cancellationToken);
        return EtcdReply.Number(reply.Root, "TTL") < 0;
    }

    /// <summary>The chapter that a revision belongs to.</summary>
    private async Task<long> ChapterAsync(long revision, CancellationToken cancellationToken)
    {
        using EtcdReply reply = await client.AskAsync(EtcdClient.RangePath, EtcdRequest.Write(writer => writer.Key(HistoryKeys.Chapter)), cancellationToken);
        long oldest = 0;
        foreach (JsonElement kv in EtcdReply.Items(reply.Root, "kvs"))
        {
            EtcdEntry entry = EtcdEntry.Read(kv);
            foreach (string number in Encoding.UTF8.GetString(entry.Value).Split(' ', StringSplitOptions.RemoveEmptyEntries).Prepend(entry.ModRevision.ToString(CultureInfo.InvariantCulture)))
            {
                oldest = long.Parse(number, NumberStyles.None, CultureInfo.InvariantCulture);
                if (oldest < revision)
                    return oldest;
            }
        }

        return oldest;
    }
}
