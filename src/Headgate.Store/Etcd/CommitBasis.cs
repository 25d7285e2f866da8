using System.Text.Json;
using Headgate.Store.Etcd.History;
using Headgate.Store.Etcd.Wire;

namespace Headgate.Store.Etcd;

/// <summary>What was there when a commit was prepared: one read, at one revision. The transaction that follows holds only if it still is there.</summary>
internal sealed class CommitBasis
{
    private readonly Dictionary<string, EtcdEntry> _entries = new(StringComparer.Ordinal);
    private readonly HashSet<Compare> _broken = [];
    private string? _chapters;

    private CommitBasis(bool hasRanges) => HasRanges = hasRanges;

    /// <summary>Revision at which it was read.</summary>
    public long Revision { get; private set; }

    /// <summary>Whether compares of ranges were looked at, too.</summary>
    public bool HasRanges { get; }

    /// <summary>Number of the chapter of the history; 0 = nothing was ever committed.</summary>
    public long Chapter { get; private set; }

    /// <summary>Numbers of the chapters before, newest first, separated by blanks.</summary>
    public string EarlierChapters => _chapters ?? "";

    /// <summary>What a key holds; null = it is not there. Of keys that are only compared no value.</summary>
    public EtcdEntry? Find(string key) => _entries.TryGetValue(key, out EtcdEntry entry) ? entry : null;

    /// <summary>Reads what <paramref name="commit"/> is about.</summary>
    /// <exception cref="StoreUnavailableException">It cannot be read.</exception>
    public static async ValueTask<CommitBasis> ReadAsync(EtcdClient client, Commit commit, bool withRanges, CancellationToken cancellationToken)
    {
        var basis = new CommitBasis(withRanges);
        HashSet<string> written = [.. commit.Operations.Select(operation => operation.Key)];
        HashSet<string> compared = [.. commit.Compares.Select(KeyOf).OfType<string>().Where(key => !written.Contains(key))];
        Compare.RangeNotWrittenSince[] ranges = withRanges ? [.. commit.Compares.OfType<Compare.RangeNotWrittenSince>()] : [];
        List<(Compare Compare, KeyRange Range, long After)> parts = [.. ranges.SelectMany(range => PrivateKeys.Without(range.Prefix).Select(part => ((Compare)range, part, range.Revision)))];
        byte[] question = EtcdRequest.Reads(
        [
            writer => writer.Key(HistoryKeys.Chapter),
            .. written.Select<string, Action<Utf8JsonWriter>>(key => writer => writer.Key(key)),
            .. compared.Select<string, Action<Utf8JsonWriter>>(key => writer => WriteKeyOnly(writer, key)),
            .. parts.Select<(Compare, KeyRange Range, long After), Action<Utf8JsonWriter>>(part => writer => WriteChanged(writer, part.Range, part.After)),
        ]);
        using EtcdReply reply = await client.AskAsync(EtcdClient.TransactionPath, question, cancellationToken);
        basis.Revision = reply.Revision;
        int keys = written.Count + compared.Count;
        for (int i = 0; i <= keys; i++)
        {
            foreach (JsonElement kv in reply.Found(i))
                basis.Add(EtcdEntry.Read(kv), isChapter: i == 0);
        }

        for (int i = 0; i < parts.Count; i++)
        {
            if (reply.Found(keys + 1 + i).MoveNext())
                basis._broken.Add(parts[i].Compare);
        }

        return basis;
    }

    /// <summary>Index of the first compare that does not hold; −1 when all do. Compares of ranges hold unless they were looked at.</summary>
    public int FirstBroken(IReadOnlyList<Compare> compares)
    {
        for (int i = 0; i < compares.Count; i++)
        {
            bool holds = compares[i] switch
            {
                Compare.Exists exists => Find(exists.Key) is not null,
                Compare.Missing missing => Find(missing.Key) is null,
                Compare.UnchangedSince unchanged => Find(unchanged.Key)?.ModRevision == unchanged.ModRevision,
                Compare other => !_broken.Contains(other),
            };
            if (!holds)
                return i;
        }

        return -1;
    }

    private static string? KeyOf(Compare compare) => compare switch
    {
        Compare.Exists exists => exists.Key,
        Compare.Missing missing => missing.Key,
        Compare.UnchangedSince unchanged => unchanged.Key,
        _ => null,
    };

    private static void WriteKeyOnly(Utf8JsonWriter writer, string key)
    {
        writer.Key(key);
        writer.WriteBoolean("keys_only", true);
    }

    private static void WriteChanged(Utf8JsonWriter writer, KeyRange range, long after)
    {
        writer.Range(range);
        writer.Number("min_mod_revision", after + 1);
        writer.Number("limit", 1);
        writer.WriteBoolean("keys_only", true);
    }

    private void Add(EtcdEntry entry, bool isChapter)
    {
        if (isChapter)
            (Chapter, _chapters) = (entry.ModRevision, System.Text.Encoding.UTF8.GetString(entry.Value));
        else
            _entries[entry.Key] = entry;
    }
}
