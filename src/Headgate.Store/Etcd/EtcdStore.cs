using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Headgate.Store.Etcd.History;
using Headgate.Store.Etcd.Wire;
using Microsoft.Extensions.Logging;

namespace Headgate.Store.Etcd;

/// <summary>
/// The store of who runs more than one gateway: an etcd 3.4 or newer, over its JSON gateway. Keys lie as they are, so that an etcd that APISIX writes is served and one that Headgate
/// writes can be read by APISIX; the history lies beside them, below <c>/headgate/history/</c>. See docs/reference/store.md and docs/decisions/0003-sqlite-and-etcd.md.
/// </summary>
public sealed class EtcdStore : IConfigStore
{
    private const int HistoryLimitMax = 1000;

    private readonly EtcdOptions _options;
    private readonly TimeProvider _time;
    private readonly EtcdClient _client;
    private readonly EtcdOutage _outage;
    private readonly EtcdReads _reads;
    private readonly EtcdCommits _commits;
    private readonly HistorySearch _history;
    private readonly HistoryDrops _drops;
    private readonly HistoryRecorder[] _recorders;
    private readonly KeyHistory _keyHistory;
    private readonly CancellationTokenSource _closing = new();
    private readonly ConcurrentDictionary<Task, bool> _underWay = new();
    private Task _recording = Task.CompletedTask;
    private int _disposed;

    private EtcdStore(EtcdOptions options, TimeProvider timeProvider, ILogger logger)
    {
        (_options, _time) = (options, timeProvider);
        _client = new EtcdClient(options, timeProvider);
        _outage = new EtcdOutage(timeProvider, logger);
        _reads = new EtcdReads(_client);
        _commits = new EtcdCommits(_client, options, timeProvider);
        var records = new HistoryReads(_client);
        var compaction = new HistoryCompaction(_client);
        _history = new HistorySearch(records, compaction);
        _drops = new HistoryDrops(_client, records, compaction);
        _recorders = [.. options.RecordedPrefixes.Select(prefix => new HistoryRecorder(_client, _history, _outage, options, timeProvider, logger, prefix))];
        _keyHistory = new KeyHistory(_reads, _history, _recorders, timeProvider);
    }

    /// <summary>Since when, and why, changes are not seen: what was read last stays in use, and watches go on as soon as they can; null = they are seen. Any thread.</summary>
    public (DateTimeOffset Since, string Why)? Outage => _outage.Now;

    /// <inheritdoc/>
    public int OperationsMax => EtcdCommits.OperationsMax;

    /// <summary>Begins to use an etcd, whether or not it can be reached now: for who has something else to go by until it can. Otherwise as <see cref="OpenAsync(EtcdOptions, TimeProvider, ILogger, CancellationToken)"/>.</summary>
    public static EtcdStore Start(EtcdOptions options, TimeProvider timeProvider, ILogger logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(timeProvider);
        ArgumentNullException.ThrowIfNull(logger);
        var store = new EtcdStore(options, timeProvider, logger);
        store.StartRecording();
        return store;
    }

    /// <summary>Opens the store when a majority of its members answers.</summary>
    /// <param name="options">Which etcd.</param>
    /// <param name="timeProvider">Dates the history; limits how long is waited.</param>
    /// <param name="logger">Events 1020 to 1030.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="StoreUnavailableException">It cannot be read, or refuses; the message says why.</exception>
    public static async Task<EtcdStore> OpenAsync(EtcdOptions options, TimeProvider timeProvider, ILogger logger, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(timeProvider);
        ArgumentNullException.ThrowIfNull(logger);
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        var store = new EtcdStore(options, timeProvider, logger);
        try
        {
            await store.OpenAsync(logger, cancellationToken);
            return store;
        }
        catch
        {
            await store.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public ValueTask<StoreView> GetAsync(string prefix, CancellationToken cancellationToken)
    {
        CommitLimits.CheckPrefix(prefix);
        return WhileOpenAsync(token => _reads.ReadAsync(prefix, token), cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<StoreEntry?> FindAsync(string key, CancellationToken cancellationToken)
    {
        CommitLimits.CheckKey(key, nameof(key));
        return PrivateKeys.Contains(key) ? ValueTask.FromResult<StoreEntry?>(null) : WhileOpenAsync(token => _reads.FindAsync(key, token), cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask<CommitResult> CommitAsync(Commit commit, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(commit);
        Task<CommitResult>? underWay = null;
        try
        {
            return await WhileOpenAsync(
                token =>
                {
                    underWay = _commits.CommitAsync(commit, token);
                    _underWay.TryAdd(underWay, true);
                    return new ValueTask<CommitResult>(underWay);
                },
                cancellationToken);
        }
        finally
        {
            if (underWay is not null)
                _underWay.TryRemove(underWay, out _);
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<StoreRevision> WatchAsync(string prefix, long afterRevision, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(afterRevision);
        CommitLimits.CheckPrefix(prefix);
        using var watcher = new EtcdWatcher(_client, _outage, _options, _time, KeyRange.OfPrefix(prefix), afterRevision, withBefore: false);
        while (true)
        {
            foreach (EtcdRevision revision in await WhileOpenAsync(watcher.NextAsync, cancellationToken))
            {
                if (ReferenceEquals(revision, EtcdRevision.Gap))
                {
                    yield return StoreRevision.Gap;
                    yield break;
                }

                List<StoreChange> changes = [.. revision.Events.Where(static changed => !PrivateKeys.Contains(changed.Now.Key))
                    .Select(static changed => new StoreChange(changed.Now.Key, changed.IsDeletion ? null : changed.Now.ToEntry()))];
                if (changes.Count > 0)
                    yield return new StoreRevision(revision.Revision, changes);
            }
        }
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<HistoryRecord>> GetHistoryAsync(string key, int limit, CancellationToken cancellationToken)
    {
        CommitLimits.CheckKey(key, nameof(key));
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, HistoryLimitMax);
        return WhileOpenAsync(token => _keyHistory.ReadAsync(key, limit, token), cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<HistoryPage> SearchHistoryAsync(HistoryQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        query.Check();
        return WhileOpenAsync(token => _history.SearchAsync(query, token), cancellationToken);
    }

    /// <summary>Forgets the history of what was changed before <paramref name="time"/>, by the clocks of those who changed it, and returns how many commits that were. What is there stays.</summary>
    /// <exception cref="StoreUnavailableException">The store cannot be used; some may have been dropped.</exception>
    public async Task<long> DropHistoryAsync(DateTimeOffset time, CancellationToken cancellationToken) => await WhileOpenAsync(
        async token =>
        {
            long recorded = long.MaxValue - 1;
            foreach (HistoryRecorder recorder in _recorders)
                recorded = Math.Min(recorded, await recorder.SavePositionAsync(token));
            return await _drops.DropAsync(time, recorded, token);
        },
        cancellationToken);

    /// <summary>Ends the watches, finishes the commits that etcd may have begun to apply, and closes the connections. What was committed stays; what was not yet recorded is by whoever records next.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;
        await _closing.CancelAsync();
        await _recording.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Task.WhenAll(_underWay.Keys).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _client.Dispose();
    }

    private async Task OpenAsync(ILogger logger, CancellationToken cancellationToken)
    {
        for (int retries = _options.StartupRetries; ; retries--)
        {
            try
            {
                using EtcdReply reply = await _client.AskAsync(EtcdClient.RangePath, EtcdReads.Nothing, cancellationToken);
                EtcdLog.StoreOpened(logger, reply.Revision, _client.Endpoints.Names);
                foreach (HistoryRecorder recorder in _recorders)
                    await recorder.BeginAsync(cancellationToken);
                StartRecording();
                return;
            }
            catch (StoreUnavailableException e) when (retries > 0 && e.InnerException is not EtcdException { Failure: EtcdFailure.Refused })
            {
                EtcdLog.NotOpened(logger, retries, e.Message);
                await Task.Delay(TimeSpan.FromSeconds(1), _time, cancellationToken);
            }
        }
    }

    private void StartRecording() => _recording = Task.WhenAll(_recorders.Select(recorder => Task.Run(() => recorder.RunAsync(_closing.Token), CancellationToken.None)));

    private async ValueTask<T> WhileOpenAsync<T>(Func<CancellationToken, ValueTask<T>> work, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed) != 0, this);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(_closing.Token, cancellationToken);
        try
        {
            return await work(either.Token);
        }
        catch (OperationCanceledException) when (_closing.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new ObjectDisposedException(nameof(EtcdStore));
        }
    }
}
