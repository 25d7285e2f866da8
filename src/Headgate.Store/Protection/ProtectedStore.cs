using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Headgate.Core.Config;
using Microsoft.Extensions.Logging;

namespace Headgate.Store.Protection;

/// <summary>
/// A store in which secrets lie encrypted (<see cref="SecretFields"/>): encrypted on the way in, decrypted on the way out, so that nobody on either side has to think of it.
/// The history gives values as they lie in the store: a difference between two of them shows that a secret changed, never what it was. A secret that cannot be decrypted
/// is given out as it lies there; whoever reads the object then refuses it by name and goes on with the others. Disposes of the store it was given.
/// </summary>
public sealed class ProtectedStore(IConfigStore inner, IFieldProtector protector, ILogger logger) : IConfigStore
{
    private const int ReportedMax = 1000;

    /// <summary>Places whose secret could not be decrypted: one log message each.</summary>
    private readonly ConcurrentDictionary<string, bool> _reported = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public int OperationsMax => inner.OperationsMax;

    /// <inheritdoc/>
    public async ValueTask<StoreView> GetAsync(string prefix, CancellationToken cancellationToken)
    {
        StoreView view = await inner.GetAsync(prefix, cancellationToken);
        StoreEntry[]? revealed = null;
        for (int i = 0; i < view.Entries.Count; i++)
        {
            StoreEntry entry = Reveal(view.Entries[i]);
            if (!ReferenceEquals(entry, view.Entries[i]))
                (revealed ??= [.. view.Entries])[i] = entry;
        }

        return revealed is null ? view : view with { Entries = revealed };
    }

    /// <inheritdoc/>
    public async ValueTask<StoreEntry?> FindAsync(string key, CancellationToken cancellationToken) =>
        await inner.FindAsync(key, cancellationToken) is { } entry ? Reveal(entry) : null;

    /// <inheritdoc/>
    /// <remarks>A value may grow by what encryption adds, which counts towards <see cref="CommitLimits.ValueBytesMax"/>: see <see cref="IFieldProtector.Overhead"/>.</remarks>
    public ValueTask<CommitResult> CommitAsync(Commit commit, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(commit);
        return inner.CommitAsync(commit with { Operations = [.. commit.Operations.Select(Seal)] }, cancellationToken);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<StoreRevision> WatchAsync(string prefix, long afterRevision, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (StoreRevision revision in inner.WatchAsync(prefix, afterRevision, cancellationToken))
            yield return revision.Changes.Count == 0 ? revision : revision with { Changes = [.. revision.Changes.Select(Reveal)] };
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<HistoryRecord>> GetHistoryAsync(string key, int limit, CancellationToken cancellationToken) =>
        inner.GetHistoryAsync(key, limit, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<HistoryPage> SearchHistoryAsync(HistoryQuery query, CancellationToken cancellationToken) => inner.SearchHistoryAsync(query, cancellationToken);

    /// <inheritdoc/>
    public ReadOnlyMemory<byte> Reveal(string key, ReadOnlyMemory<byte> value) => ResourceKinds.TryParseKey(key, out ResourceKind kind, out string id)
        ? SecretFields.Replace(kind, id, value, (path, form) => Reveal(key, path, form)) : value;

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => inner.DisposeAsync();

    private static string Place(string key, string path) => $"{key}#{path}";

    private Operation Seal(Operation operation)
    {
        if (operation is not Operation.Put put || !ResourceKinds.TryParseKey(put.Key, out ResourceKind kind, out string id))
            return operation;
        ReadOnlyMemory<byte> value = SecretFields.Replace(kind, id, put.Value, (path, text) => protector.Seal(Place(put.Key, path), text));
        return value.Equals(put.Value) ? put : put with { Value = value };
    }

    private StoreChange Reveal(StoreChange change) => change.Entry is { } entry ? change with { Entry = Reveal(entry) } : change;

    private StoreEntry Reveal(StoreEntry entry)
    {
        ReadOnlyMemory<byte> value = Reveal(entry.Key, entry.Value);
        return value.Equals(entry.Value) ? entry : entry with { Value = value };
    }

    private string Reveal(string key, string path, string form)
    {
        if (!protector.TryReveal(Place(key, path), form, out string text, out string? problem) && _reported.Count < ReportedMax && _reported.TryAdd(Place(key, path), true))
            ProtectionLog.NotDecrypted(logger, path, key, problem);
        return text;
    }
}
