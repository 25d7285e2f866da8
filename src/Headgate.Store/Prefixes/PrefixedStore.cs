using System.Runtime.CompilerServices;
using Headgate.Core.Config;

namespace Headgate.Store.Prefixes;

/// <summary>
/// A store in which the objects lie below another prefix than everything else thinks: <c>/apisix/routes/1</c> is <c>/teams/blue/routes/1</c> in the store below, in commits, compares,
/// watches and the history alike. Keys elsewhere are the same on both sides. What lies below the shown prefix in the store below belongs to someone else: it is not seen, and cannot be
/// written. Revisions are those of the store below. Disposes of the store it was given.
/// </summary>
public sealed class PrefixedStore : IConfigStore
{
    private readonly IConfigStore _inner;
    private readonly KeyMap _map;

    /// <summary>Makes it.</summary>
    /// <param name="inner">The store below.</param>
    /// <param name="prefix">Where the objects lie there: begins with a slash and does not end in one; empty = at the root.</param>
    /// <param name="shownAs">Where they are shown, likewise.</param>
    /// <exception cref="ArgumentException">One of the prefixes is none.</exception>
    public PrefixedStore(IConfigStore inner, string prefix, string shownAs = ResourceKinds.DefaultPrefix)
    {
        ArgumentNullException.ThrowIfNull(inner);
        (_inner, _map) = (inner, new KeyMap(shownAs, prefix));
    }

    /// <inheritdoc/>
    public int OperationsMax => _inner.OperationsMax;

    /// <inheritdoc/>
    public async ValueTask<StoreView> GetAsync(string prefix, CancellationToken cancellationToken)
    {
        CommitLimits.CheckPrefix(prefix);
        (string innerPrefix, bool exact) = _map.ToInnerPrefix(prefix);
        StoreView view = await _inner.GetAsync(innerPrefix, cancellationToken);
        var entries = new List<StoreEntry>(view.Entries.Count);
        foreach (StoreEntry entry in view.Entries)
        {
            if (Shown(entry.Key, prefix) is { } key)
                entries.Add(entry with { Key = key });
        }

        if (!exact)
            entries.Sort(static (left, right) => KeyOrder.Compare(left.Key, right.Key));
        return view with { Entries = entries };
    }

    /// <inheritdoc/>
    public async ValueTask<StoreEntry?> FindAsync(string key, CancellationToken cancellationToken) =>
        await _inner.FindAsync(_map.ToInner(key), cancellationToken) is { } entry ? entry with { Key = key } : null;

    /// <inheritdoc/>
    /// <remarks>A compare of a range that reaches beyond the shown prefix (<c>/</c>) also sees writes of what is not shown.</remarks>
    public ValueTask<CommitResult> CommitAsync(Commit commit, CancellationToken cancellationToken)
    {
        CommitLimits.Check(commit);
        return _inner.CommitAsync(
            commit with { Compares = [.. commit.Compares.Select(ToInner)], Operations = [.. commit.Operations.Select(operation => operation with { Key = _map.ToInner(operation.Key) })] },
            cancellationToken);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<StoreRevision> WatchAsync(string prefix, long afterRevision, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        CommitLimits.CheckPrefix(prefix);
        (string innerPrefix, bool exact) = _map.ToInnerPrefix(prefix);
        await foreach (StoreRevision revision in _inner.WatchAsync(innerPrefix, afterRevision, cancellationToken))
        {
            if (revision.Changes.Count == 0)
            {
                yield return revision;
                continue;
            }

            List<StoreChange> changes = [.. revision.Changes.Select(change => ToOuter(change, prefix)).OfType<StoreChange>()];
            if (!exact)
                changes.Sort(static (left, right) => KeyOrder.Compare(left.Key, right.Key));
            if (changes.Count > 0)
                yield return revision with { Changes = changes };
        }
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<HistoryRecord>> GetHistoryAsync(string key, int limit, CancellationToken cancellationToken) =>
        [.. (await _inner.GetHistoryAsync(_map.ToInner(key), limit, cancellationToken)).Select(record => record with { Key = key })];

    /// <inheritdoc/>
    public async ValueTask<HistoryPage> SearchHistoryAsync(HistoryQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        query.Check();
        (string innerPrefix, bool exact) = _map.ToInnerPrefix(query.Prefix);
        HistoryPage page = await _inner.SearchHistoryAsync(query with { Prefix = innerPrefix, Key = query.Key is null ? null : _map.ToInner(query.Key) }, cancellationToken);
        var records = new List<HistoryRecord>(page.Records.Count);
        foreach (HistoryRecord record in page.Records)
        {
            if (Shown(record.Key, query.Prefix) is { } key)
                records.Add(record with { Key = key });
        }

        if (!exact)
            records.Sort(static (left, right) => left.Revision != right.Revision ? right.Revision.CompareTo(left.Revision) : KeyOrder.Compare(left.Key, right.Key));
        return page with { Records = records };
    }

    /// <inheritdoc/>
    public ReadOnlyMemory<byte> Reveal(string key, ReadOnlyMemory<byte> value) => _inner.Reveal(_map.ToInner(key), value);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _inner.DisposeAsync();

    private string? Shown(string innerKey, string prefix) =>
        _map.ToOuter(innerKey) is { } key && key.StartsWith(prefix, StringComparison.Ordinal) ? key : null;

    private StoreChange? ToOuter(StoreChange change, string prefix) =>
        Shown(change.Key, prefix) is { } key ? new StoreChange(key, change.Entry is { } entry ? entry with { Key = key } : null) : null;

    private Compare ToInner(Compare compare) => compare switch
    {
        Compare.Exists exists => exists with { Key = _map.ToInner(exists.Key) },
        Compare.Missing missing => missing with { Key = _map.ToInner(missing.Key) },
        Compare.UnchangedSince unchanged => unchanged with { Key = _map.ToInner(unchanged.Key) },
        Compare.RangeNotWrittenSince range => range with { Prefix = _map.ToInnerPrefix(range.Prefix).Prefix },
        _ => throw new ArgumentException($"{compare.GetType().Name} is not a compare that stores know.", nameof(compare)),
    };
}
