using System.Runtime.CompilerServices;
using Headgate.Store.Embedded.Sqlite;
using Microsoft.Extensions.Logging;

namespace Headgate.Store.Embedded;

/// <summary>
/// The default store: one SQLite file, <c>headgate.db</c>, in a data folder that one process holds. Write-ahead log with <c>synchronous=FULL</c>: a commit is
/// answered after its flush, and a crash at any byte leaves a prefix of the revisions. See docs/reference/store.md and docs/decisions/0003-sqlite-and-etcd.md.
/// </summary>
public sealed class EmbeddedStore : IConfigStore
{
    private const int HistoryLimitMax = 1000;
    private const int CompactionStep = 1000;
    private const int RevisionsPerStep = 100;

    private readonly DataFolder _folder;
    private readonly WriteConnection _writes;
    private readonly ReadPool _reads;
    private readonly RevisionSignal _signal;
    private readonly CommitThread _commits;
    private readonly ILogger _logger;
    private int _disposed;

    private EmbeddedStore(DataFolder folder, WriteConnection writes, TimeProvider timeProvider, ILogger logger)
    {
        _folder = folder;
        _writes = writes;
        _logger = logger;
        _reads = new ReadPool(folder.DatabasePath);
        _signal = new RevisionSignal(writes.Revision);
        _commits = new CommitThread(writes, _signal, folder.DatabasePath, timeProvider, logger);
    }

    /// <summary>
    /// Opens the store of a data folder, making what is missing (folder 0700, files 0600). Examines an existing database first, without changing it; takes time
    /// in proportion to the configuration (its live entries are checked), not to the history. Entries whose ttl ran out meanwhile are deleted before this returns.
    /// </summary>
    /// <param name="dataFolder">Relative to the working directory, or absolute. Must be on a local file system: neither locks nor the log work over NFS.</param>
    /// <param name="timeProvider">Dates the history and runs ttls out (wall clock).</param>
    /// <param name="logger">Events 1000 to 1007.</param>
    /// <param name="cancellationToken">Looked at before anything is opened.</param>
    /// <exception cref="StoreUnavailableException">
    /// The folder cannot be used or another process holds it (the message says which), or the database is damaged, foreign or newer (it is left as it is).
    /// </exception>
    public static async Task<EmbeddedStore> OpenAsync(string dataFolder, TimeProvider timeProvider, ILogger logger, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(dataFolder);
        ArgumentNullException.ThrowIfNull(timeProvider);
        ArgumentNullException.ThrowIfNull(logger);
        cancellationToken.ThrowIfCancellationRequested();
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        return Open(dataFolder, timeProvider, logger);
    }

    /// <inheritdoc/>
    public int OperationsMax => CommitLimits.OperationsMax;

    /// <inheritdoc/>
    public ValueTask<StoreView> GetAsync(string prefix, CancellationToken cancellationToken) =>
        _reads.ReadAsync(static (connection, range) => connection.ReadView(range), KeyRange.OfPrefix(prefix), cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<StoreEntry?> FindAsync(string key, CancellationToken cancellationToken)
    {
        StoreView view = await _reads.ReadAsync(static (connection, range) => connection.ReadView(range), KeyRange.OfKey(key), cancellationToken);
        return view.Entries.Count == 0 ? null : view.Entries[0];
    }

    /// <inheritdoc/>
    public ValueTask<CommitResult> CommitAsync(Commit commit, CancellationToken cancellationToken)
    {
        CommitLimits.Check(commit);
        PendingWrite write = new((connection, nowMs) => connection.Apply(commit, nowMs));
        return new ValueTask<CommitResult>(_commits.WriteAsync(write, cancellationToken));
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<StoreRevision> WatchAsync(
        string prefix, long afterRevision, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(afterRevision);
        KeyRange range = KeyRange.OfPrefix(prefix);
        long position = afterRevision;
        while (true)
        {
            RevisionPage page = await _reads.ReadAsync(
                static (connection, argument) => connection.ReadRevisions(argument.range, argument.position), (range, position), cancellationToken);
            if (page == RevisionPage.Gap)
            {
                yield return StoreRevision.Gap;
                yield break;
            }

            foreach (StoreRevision revision in page.Revisions)
            {
                yield return revision;
            }

            position = page.Position;
            if (!page.HasMore)
            {
                await _signal.WaitAsync(position, cancellationToken);
            }
        }
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<HistoryRecord>> GetHistoryAsync(string key, int limit, CancellationToken cancellationToken)
    {
        CommitLimits.CheckKey(key, nameof(key));
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, HistoryLimitMax);
        return _reads.ReadAsync(static (connection, argument) => connection.ReadHistory(argument.key, argument.limit), (key, limit), cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<HistoryPage> SearchHistoryAsync(HistoryQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        query.Check();
        return _reads.ReadAsync(static (connection, argument) => connection.SearchHistory(argument), query, cancellationToken);
    }

    /// <summary>
    /// Forgets the history of all revisions up to <paramref name="revision"/>: watches from before it get <see cref="StoreRevision.Gap"/>, and their records are gone.
    /// The entries stay. Works in steps between other commits; the file does not shrink, its space is used again. <see cref="HistoryRetention"/> drops old
    /// history by time.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="revision"/> is negative, or not older than the newest revision, which always stays.</exception>
    /// <exception cref="StoreUnavailableException">The store cannot be written; some steps may have been done.</exception>
    public async Task CompactAsync(long revision, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(revision);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(revision, _signal.Current);
        for (long step = Math.Min(CompactionStep, revision); ; step = Math.Min(step + CompactionStep, revision))
        {
            long upTo = step;
            await _commits.WriteAsync(new PendingWrite((connection, _) => connection.Compact(upTo)), cancellationToken);
            if (step == revision)
            {
                return;
            }
        }
    }

    /// <summary>A step of forgetting what was changed before <paramref name="time"/>: some milliseconds of the commit thread, shared with whoever writes. Returns how many revisions that were; 0 = none is left.</summary>
    /// <exception cref="StoreUnavailableException">The store cannot be written; nothing was dropped.</exception>
    public async Task<long> DropHistoryAsync(DateTimeOffset time, CancellationToken cancellationToken) => await CompactOlderThanAsync(time, RevisionsPerStep, cancellationToken);

    /// <summary>
    /// One step of forgetting by time: drops the oldest revisions as long as they were made before <paramref name="time"/>, at most <paramref name="revisionsMax"/>, and
    /// returns how many. Less than that: nothing older is left. As <see cref="CompactAsync"/> otherwise.
    /// </summary>
    /// <exception cref="StoreUnavailableException">The store cannot be written; nothing was dropped.</exception>
    public async Task<int> CompactOlderThanAsync(DateTimeOffset time, int revisionsMax, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(revisionsMax, 1);
        long timeMs = time.ToUnixTimeMilliseconds();
        int dropped = 0;
        var step = new PendingWrite((connection, _) =>
        {
            dropped = connection.CompactOlderThan(timeMs, revisionsMax);
            return new CommitResult(Applied: true, connection.Revision, FailedCompare: -1);
        });
        await _commits.WriteAsync(step, cancellationToken);
        return dropped;
    }

    /// <summary>Finishes the commits that were handed in, ends the watches, closes the files and gives the folder back.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        await _commits.DisposeAsync();
        _signal.Close();
        await _reads.DisposeAsync();
        _writes.Dispose(); // the last connection: moves the log into the database
        _folder.Dispose();
        StoreLog.StoreClosed(_logger, _folder.DatabasePath, _signal.Current);
    }

    private static EmbeddedStore Open(string dataFolder, TimeProvider timeProvider, ILogger logger)
    {
        if (SqliteEngine.EnsureLoaded() is { } problem)
        {
            StoreLog.BundledEngineUsed(logger, SqliteEngine.Version, problem);
        }

        DataFolder folder = DataFolder.Open(dataFolder);
        WriteConnection? writes = null;
        try
        {
            if (DatabaseFile.Prepare(folder.DatabasePath))
            {
                StoreLog.StoreCreated(logger, folder.DatabasePath);
            }

            writes = new WriteConnection(folder.DatabasePath);
            EmbeddedStore store = new(folder, writes, timeProvider, logger);
            store._commits.Start();
            StoreLog.StoreOpened(logger, folder.DatabasePath, writes.Revision, SqliteEngine.Version);
            return store;
        }
        catch (Exception e)
        {
            writes?.Dispose();
            folder.Dispose();
            if (e is SqliteException)
            {
                throw StoreFailure.OfRead(folder.DatabasePath, e);
            }

            throw;
        }
    }
}
