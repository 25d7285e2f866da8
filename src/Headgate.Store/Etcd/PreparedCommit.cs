using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Headgate.Store.Etcd.History;
using Headgate.Store.Etcd.Wire;

namespace Headgate.Store.Etcd;

/// <summary>A commit as a transaction of etcd's: its compares and those that keep its basis true, its writes, and its record in the history.</summary>
internal sealed class PreparedCommit
{
    /// <summary>Revisions of a chapter, about.</summary>
    private const long ChapterRevisions = 1000;

    /// <summary>How many chapters a chapter names: what another program did is recorded late, and belongs to an earlier one then.</summary>
    private const int ChaptersNamed = 20;

    private readonly Commit _commit;
    private readonly CommitBasis _basis;
    private readonly IReadOnlyDictionary<TimeSpan, long> _leases;
    private readonly List<Operation> _effective = [];
    private readonly string _place;
    private readonly byte[] _record;

    public PreparedCommit(Commit commit, CommitBasis basis, IReadOnlyDictionary<TimeSpan, long> leases, DateTimeOffset now)
    {
        (_commit, _basis, _leases) = (commit, basis, leases);
        var changes = new List<RecordedChange>(commit.Operations.Count);
        foreach (Operation operation in commit.Operations)
        {
            // Spelled out: a bare null beside a ReadOnlyMemory converts to an empty value.
            ReadOnlyMemory<byte>? before = basis.Find(operation.Key) is { } entry ? new ReadOnlyMemory<byte>(entry.Value) : default(ReadOnlyMemory<byte>?);
            ReadOnlyMemory<byte>? after = operation is Operation.Put put ? put.Value : default(ReadOnlyMemory<byte>?);
            if (before is null && after is null)
                continue;
            _effective.Add(operation);
            changes.Add(new RecordedChange(operation.Key, basis.Revision, before, after));
        }

        changes.Sort(static (left, right) => KeyOrder.Compare(left.Key, right.Key));
        _place = HistoryKeys.Place(basis.Chapter, RandomNumberGenerator.GetHexString(24, lowercase: true));
        _record = new CommitRecord(now, commit.Origin, changes).Write();
    }

    /// <summary>Key of the record: it is there exactly when the commit was applied.</summary>
    public string RecordKey => HistoryKeys.Record(_place);

    /// <summary>The chapter that it belongs to, and no other.</summary>
    public CommitBasis Basis => _basis;

    /// <summary>Whether it would change anything.</summary>
    public static bool HasEffect(Commit commit, CommitBasis basis) => commit.Operations.Any(operation => operation is Operation.Put || basis.Find(operation.Key) is not null);

    /// <summary>The transaction.</summary>
    public byte[] Write() => EtcdRequest.Write(writer =>
    {
        writer.WriteStartArray("compare");
        EtcdRequest.Compare(writer, w => w.Key(HistoryKeys.Chapter), "MOD", "EQUAL", _basis.Chapter);
        foreach (Operation operation in _commit.Operations)
            EtcdRequest.Compare(writer, w => w.Key(operation.Key), "MOD", "EQUAL", _basis.Find(operation.Key)?.ModRevision ?? 0);
        foreach (Compare compare in _commit.Compares)
            WriteCompare(writer, compare);
        writer.WriteEndArray();
        writer.WriteStartArray("success");
        foreach (Operation operation in _effective)
            WriteOperation(writer, operation);
        EtcdRequest.Put(writer, RecordKey, _record);
        if (_basis.Revision - _basis.Chapter >= ChapterRevisions)
            EtcdRequest.Put(writer, HistoryKeys.Chapter, NextChapters(_basis));
        writer.WriteEndArray();
    });

    /// <summary>
    /// The question whether the commit was applied. It also ends the chapter when it was not, after which it cannot be applied any more, however late it comes.
    /// </summary>
    public byte[] WriteFence() => EtcdRequest.Write(writer =>
    {
        writer.WriteStartArray("compare");
        EtcdRequest.Compare(writer, w => w.Key(RecordKey), "VERSION", "EQUAL", 0);
        EtcdRequest.Compare(writer, w => w.Key(HistoryKeys.Chapter), "MOD", "EQUAL", _basis.Chapter);
        writer.WriteEndArray();
        writer.WriteStartArray("success");
        EtcdRequest.Put(writer, HistoryKeys.Chapter, NextChapters(_basis));
        writer.WriteEndArray();
        writer.WriteStartArray("failure");
        EtcdRequest.Operation(writer, "request_range", w => w.Key(RecordKey));
        writer.WriteEndArray();
    });

    private static byte[] NextChapters(CommitBasis basis) => System.Text.Encoding.UTF8.GetBytes(
        string.Join(' ', basis.EarlierChapters.Split(' ', StringSplitOptions.RemoveEmptyEntries).Prepend(basis.Chapter.ToString(CultureInfo.InvariantCulture)).Take(ChaptersNamed)));

    private void WriteOperation(Utf8JsonWriter writer, Operation operation)
    {
        if (operation is Operation.Put put)
        {
            EtcdRequest.Operation(writer, "request_put", w =>
            {
                w.Key(put.Key);
                w.WriteBase64String("value", put.Value.Span);
                if (put.Ttl is { } ttl)
                    w.Number("lease", _leases[ttl]);
            });
        }
        else
        {
            EtcdRequest.Operation(writer, "request_delete_range", w => w.Key(operation.Key));
        }

        EtcdRequest.Put(writer, HistoryKeys.Entry(operation.Key, _basis.Revision), System.Text.Encoding.UTF8.GetBytes(_place));
    }

    private void WriteCompare(Utf8JsonWriter writer, Compare compare)
    {
        switch (compare)
        {
            case Compare.Exists exists when !IsWritten(exists.Key): EtcdRequest.Compare(writer, w => w.Key(exists.Key), "CREATE", "GREATER", 0); break;
            case Compare.Missing missing when !IsWritten(missing.Key): EtcdRequest.Compare(writer, w => w.Key(missing.Key), "CREATE", "EQUAL", 0); break;
            case Compare.UnchangedSince unchanged when !IsWritten(unchanged.Key):
                EtcdRequest.Compare(writer, w => w.Key(unchanged.Key), "MOD", "EQUAL", unchanged.ModRevision);
                break;
            case Compare.RangeNotWrittenSince range:
                foreach (KeyRange part in PrivateKeys.Without(range.Prefix))
                    EtcdRequest.Compare(writer, w => w.Range(part), "MOD", "LESS", range.Revision + 1);
                break;
        }
    }

    // Its compare is in the basis: the key is as it was read, and so read the compare held.
    private bool IsWritten(string key) => _commit.Operations.Any(operation => operation.Key == key);
}
