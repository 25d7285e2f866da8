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
    private readonly ProtectedSource _reads = new(inner, protector, logger);

    /// <inheritdoc/>
    public int OperationsMax => inner.OperationsMax;

    /// <inheritdoc/>
    public ValueTask<StoreView> GetAsync(string prefix, CancellationToken cancellationToken) => _reads.GetAsync(prefix, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<StoreEntry?> FindAsync(string key, CancellationToken cancellationToken) =>
        await inner.FindAsync(key, cancellationToken) is { } entry ? _reads.Reveal(entry) : null;

    /// <inheritdoc/>
    /// <remarks>A value may grow by what encryption adds, which counts towards <see cref="CommitLimits.ValueBytesMax"/>: see <see cref="IFieldProtector.Overhead"/>.</remarks>
    public ValueTask<CommitResult> CommitAsync(Commit commit, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(commit);
        return inner.CommitAsync(commit with { Operations = [.. commit.Operations.Select(Seal)] }, cancellationToken);
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<StoreRevision> WatchAsync(string prefix, long afterRevision, CancellationToken cancellationToken) =>
        _reads.WatchAsync(prefix, afterRevision, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<HistoryRecord>> GetHistoryAsync(string key, int limit, CancellationToken cancellationToken) =>
        inner.GetHistoryAsync(key, limit, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<HistoryPage> SearchHistoryAsync(HistoryQuery query, CancellationToken cancellationToken) => inner.SearchHistoryAsync(query, cancellationToken);

    /// <inheritdoc/>
    public ReadOnlyMemory<byte> Reveal(string key, ReadOnlyMemory<byte> value) => _reads.Reveal(key, value);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => inner.DisposeAsync();

    private Operation Seal(Operation operation)
    {
        if (operation is not Operation.Put put || !ResourceKinds.TryParseKey(put.Key, out ResourceKind kind, out string id))
            return operation;
        ReadOnlyMemory<byte> value = SecretFields.Replace(kind, id, put.Value, (path, text) => protector.Seal(ProtectedSource.Place(put.Key, path), text));
        return value.Equals(put.Value) ? put : put with { Value = value };
    }
}
