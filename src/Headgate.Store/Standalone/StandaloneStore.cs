using System.Text;
using System.Text.Json;
using Headgate.Store.Documents;
using Headgate.Store.Protection;
using Microsoft.Extensions.Logging;

namespace Headgate.Store.Standalone;

/// <summary>
/// A configuration that is given as a whole and replaced as a whole (API-driven standalone). Kept in a file, so that a restart serves it. Objects whose bytes are the same
/// keep their revisions. Thread-safe.
/// </summary>
public sealed class StandaloneStore : IConfigSource
{
    /// <summary>Why nothing can be written object by object, and what to do instead.</summary>
    public const string WritesRefused =
        "the configuration of this gateway is given as a whole (deployment.role_traditional.config_provider is yaml) and cannot be changed object by object; use PUT /apisix/admin/configs";

    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly WatchedEntries _entries;
    private readonly StandaloneFile _file;
    private readonly ILogger _logger;

    // Written in turn, read by all.
    private volatile StandaloneDocument? _current;

    /// <summary>Opens it with what was given last. A damaged file is moved out of the way, logged, and counts as none: whoever gives the configuration sees that there is none.</summary>
    /// <param name="folder">The data folder, held by this process.</param>
    /// <param name="protector">Seals secrets in the file.</param>
    /// <param name="logger">Where changes are written.</param>
    public StandaloneStore(string folder, IFieldProtector protector, ILogger<StandaloneStore> logger)
    {
        (_file, _logger) = (new StandaloneFile(folder, protector), logger);
        try
        {
            if (_file.Read() is { } kept)
            {
                DocumentContent content = Content(kept.Document);
                _entries = new WatchedEntries(kept.Revision - 1);
                _entries.Replace(content.Objects, isFirst: true);
                _current = kept.Document;
                return;
            }
        }
        catch (Exception e) when (e is InvalidDataException or DocumentException)
        {
            StandaloneLog.FileSetAside(logger, _file.Path, e.Message, ChecksummedFile.SetAside(_file.Path));
        }

        _entries = new WatchedEntries(0);
    }

    /// <summary>What was given last; null = nothing yet. Any thread.</summary>
    public StandaloneDocument? Current => _current;

    /// <summary>The revision that is given out now.</summary>
    public long Revision => _entries.Revision;

    /// <summary>
    /// Decides on the next document, one call after the other, and keeps and gives it out when there is one. It is on the disk when this returns.
    /// </summary>
    /// <param name="decide">Is given the current document (null = none), and returns the next; null = nothing changes.</param>
    /// <param name="cancellationToken">Cancels the wait for the calls before.</param>
    /// <returns>The revision of the document that is current then.</returns>
    /// <exception cref="DocumentException">The document is none; nothing has changed.</exception>
    /// <exception cref="StoreUnavailableException">It cannot be kept; nothing has changed.</exception>
    public async ValueTask<long> ReplaceAsync(Func<StandaloneDocument?, StandaloneDocument?> decide, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(decide);
        await _turn.WaitAsync(cancellationToken);
        try
        {
            if (decide(_current) is { } next)
                Take(next);
            return _entries.Revision;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <inheritdoc/>
    public ValueTask<StoreView> GetAsync(string prefix, CancellationToken cancellationToken) => ValueTask.FromResult(_entries.Get(prefix));

    /// <inheritdoc/>
    public IAsyncEnumerable<StoreRevision> WatchAsync(string prefix, long afterRevision, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(afterRevision);
        return _entries.WatchAsync(prefix, afterRevision, cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _entries.Dispose();
        _turn.Dispose();
        return ValueTask.CompletedTask;
    }

    private static DocumentContent Content(StandaloneDocument document)
    {
        string lists = string.Join(',', document.Lists.Select(static list => $"\"{list.Key}\":{Encoding.UTF8.GetString(list.Value.Span)}"));
        using JsonDocument whole = JsonDocument.Parse($"{{{lists}}}", new JsonDocumentOptions { MaxDepth = 128 });
        return ConfigDocument.Read(whole.RootElement);
    }

    private void Take(StandaloneDocument next)
    {
        DocumentContent content = Content(next);
        try
        {
            _file.Write(next, _entries.Revision + 1);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StoreUnavailableException($"The configuration cannot be kept in {_file.Path}: {e.Message}", e);
        }

        int changed = _entries.Replace(content.Objects, isFirst: false);
        _current = next;
        StandaloneLog.Replaced(_logger, content.Objects.Count, changed, _entries.Revision);
    }
}
