using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Headgate.Core.Config;
using Microsoft.Extensions.Logging;

namespace Headgate.Store.Protection;

/// <summary>
/// A source in which secrets lie encrypted (<see cref="SecretFields"/>), decrypted on the way out. A secret that cannot be decrypted is given out as it lies there; whoever
/// reads the object then refuses it by name and goes on with the others. Disposes of the source it was given.
/// </summary>
public sealed class ProtectedSource(IConfigSource inner, IFieldProtector protector, ILogger logger) : IConfigSource
{
    private const int ReportedMax = 1000;

    /// <summary>Places whose secret could not be decrypted: one log message each.</summary>
    private readonly ConcurrentDictionary<string, bool> _reported = new(StringComparer.Ordinal);

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
    public async IAsyncEnumerable<StoreRevision> WatchAsync(string prefix, long afterRevision, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (StoreRevision revision in inner.WatchAsync(prefix, afterRevision, cancellationToken))
            yield return revision.Changes.Count == 0 ? revision : revision with { Changes = [.. revision.Changes.Select(Reveal)] };
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => inner.DisposeAsync();

    /// <summary>Where a secret stands: it can be revealed there only.</summary>
    internal static string Place(string key, string path) => $"{key}#{path}";

    /// <summary>The entry with its secrets decrypted; the same instance when it has none.</summary>
    internal StoreEntry Reveal(StoreEntry entry)
    {
        ReadOnlyMemory<byte> value = Reveal(entry.Key, entry.Value);
        return value.Equals(entry.Value) ? entry : entry with { Value = value };
    }

    /// <summary>A value with its secrets decrypted, as one that lies at <paramref name="key"/>.</summary>
    internal ReadOnlyMemory<byte> Reveal(string key, ReadOnlyMemory<byte> value) => ResourceKinds.TryParseKey(key, out ResourceKind kind, out string id)
        ? SecretFields.Replace(kind, id, value, (path, form) => Reveal(key, path, form)) : value;

    private StoreChange Reveal(StoreChange change) => change.Entry is { } entry ? change with { Entry = Reveal(entry) } : change;

    private string Reveal(string key, string path, string form)
    {
        if (!protector.TryReveal(Place(key, path), form, out string text, out string? problem) && _reported.Count < ReportedMax && _reported.TryAdd(Place(key, path), true))
            ProtectionLog.NotDecrypted(logger, path, key, problem);
        return text;
    }
}
