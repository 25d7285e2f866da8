using Headgate.Store.Embedded.Sqlite;
using Microsoft.Extensions.Logging;

namespace Headgate.Store.Embedded;

/// <summary>
/// The thread that writes. It takes what has arrived while the last flush ran, applies it in one transaction with one flush, and only then answers each
/// commit with its own outcome: with one caller every commit has a flush of its own, with many they share it (group commit).
/// A thread, not a task: it spends its life in fsync, which must not take a thread of the pool from requests.
/// </summary>
internal sealed class CommitThread : IAsyncDisposable
{
    private const int CheckpointPages = 4096; // 16 MiB: a busy page is then copied once in hundreds of commits
    private const int ExpiriesPerBatch = 128;
    private static readonly Origin ExpiryOrigin = new("expiry", "local", "the ttl ran out");

    private readonly WriteConnection _connection;
    private readonly WriteQueue _queue = new();
    private readonly RevisionSignal _signal;
    private readonly ExpiryTimer _expiry;
    private readonly TimeProvider _timeProvider;
    private readonly ILogger _logger;
    private readonly string _database;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private StoreUnavailableException? _stopped; // set once, after an error that puts the state of the file in doubt
    private bool _failing;

    public CommitThread(WriteConnection connection, RevisionSignal signal, string database, TimeProvider timeProvider, ILogger logger)
    {
        _connection = connection;
        _signal = signal;
        _database = database;
        _timeProvider = timeProvider;
        _logger = logger;
        _expiry = new ExpiryTimer(timeProvider, _queue.Wake);
    }

    /// <summary>Applies what has expired while the store was closed, then starts to serve. Once.</summary>
    /// <exception cref="StoreUnavailableException">The store cannot be written.</exception>
    public void Start()
    {
        AfterBatch(ExecuteExpiries());
        if (_stopped is not null)
        {
            _expiry.Dispose();
            throw _stopped;
        }

        new Thread(Run) { IsBackground = true, Name = "headgate-store" }.Start();
    }

    /// <summary>Hands a write to the thread; the outcome comes when it is durable.</summary>
    public async Task<CommitResult> WriteAsync(PendingWrite write, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        _queue.Add(write);
        if (!cancellationToken.CanBeCanceled)
        {
            return await write.Outcome;
        }

        using CancellationTokenRegistration registration = cancellationToken.UnsafeRegister(
            static (state, token) => ((PendingWrite)state!).Withdraw(token), write);
        return await write.Outcome;
    }

    /// <summary>Takes no more writes, finishes those it has, and ends. Only after <see cref="Start"/>.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Close();
        await _ended.Task;
        _expiry.Dispose();
    }

    private void Run()
    {
        List<PendingWrite> batch = [];
        while (_queue.TryTake(batch))
        {
            // What is due goes first: a commit that comes after an entry's time finds it gone.
            bool expiriesFailed = ExecuteExpiries();
            if (batch.Count > 0)
            {
                Execute(batch, _timeProvider.GetUtcNow().ToUnixTimeMilliseconds());
            }

            AfterBatch(expiriesFailed);
            batch.Clear();
        }

        _ended.SetResult();
    }

    /// <summary>Deletes what has expired; true when that failed and is to be tried again.</summary>
    private bool ExecuteExpiries()
    {
        bool more = true;
        while (more && _stopped is null)
        {
            long nowMs = _timeProvider.GetUtcNow().ToUnixTimeMilliseconds();
            if (!_expiry.IsDue(nowMs))
            {
                return false;
            }

            List<PendingWrite>? expiries = FindExpired(nowMs);
            if (expiries is null || (expiries.Count > 0 && !Execute(expiries, nowMs)))
            {
                return true;
            }

            more = expiries.Count == ExpiriesPerBatch;
        }

        return _stopped is not null;
    }

    /// <summary>The deletions that are due, each a revision of its own; null when they cannot be read.</summary>
    private List<PendingWrite>? FindExpired(long nowMs)
    {
        try
        {
            List<PendingWrite> expiries = [];
            foreach (string key in _connection.Entries.FindExpired(nowMs, ExpiriesPerBatch))
            {
                Commit commit = new() { Operations = [new Operation.Delete(key)], Origin = ExpiryOrigin };
                expiries.Add(new PendingWrite((connection, now) => connection.Apply(commit, now)));
            }

            return expiries;
        }
        catch (SqliteException e)
        {
            ReportFailure(StoreFailure.OfWrite(_database, e), e);
            return null;
        }
    }

    /// <summary>Applies a batch and answers it; false when any of it failed.</summary>
    private bool Execute(List<PendingWrite> batch, long nowMs)
    {
        if (_stopped is not null)
        {
            FailAll(batch, _stopped);
            return false;
        }

        try
        {
            _connection.Begin();
            foreach (PendingWrite write in batch)
            {
                write.Apply(_connection, nowMs);
            }

            _connection.Commit();
        }
        catch (Exception e)
        {
            return Recover(batch, nowMs, e);
        }

        // From here on everything is on the disk: nothing below may fail a write.
        _signal.Publish(_connection.Revision);
        foreach (PendingWrite write in batch)
        {
            write.Answer();
        }

        ReportSuccess();
        return true;
    }

    private bool Recover(List<PendingWrite> batch, long nowMs, Exception error)
    {
        bool rolledBack = _connection.TryRollback();
        if (rolledBack && error is SqliteException { IsFull: true } && batch.Count > 1)
        {
            // A large commit that does not fit any more must not take small ones with it.
            bool all = true;
            foreach (PendingWrite write in batch)
            {
                all &= Execute([write], nowMs);
            }

            return all;
        }

        StoreUnavailableException failure = StoreFailure.OfWrite(_database, error);
        if (!rolledBack)
        {
            _stopped = failure;
        }

        ReportFailure(failure, error);
        FailAll(batch, failure);
        return false;
    }

    private void AfterBatch(bool expiriesFailed)
    {
        try
        {
            if (_connection.CountLoggedPages() >= CheckpointPages)
            {
                _connection.Checkpoint();
            }

            _expiry.Schedule(_connection.Entries.FindNextExpiry(), expiriesFailed);
        }
        catch (SqliteException e)
        {
            StoreLog.CheckpointFailed(_logger, _database, e.Message);
            _expiry.Schedule(null, afterFailure: true);
        }
    }

    // After a failed flush nobody knows which pages the kernel still has: no more is written over them (https://www.postgresql.org/docs/current/wal-reliability.html;
    // Rebello et al., "Can Applications Recover from fsync Failures?", 2020). Opening anew reads what is really there.
    private void ReportFailure(StoreUnavailableException failure, Exception error)
    {
        if (error is not SqliteException { IsPassing: true })
        {
            _stopped ??= failure;
        }

        if (_stopped is not null)
        {
            StoreLog.CommitsStopped(_logger, _database, failure.Message);
        }
        else if (!_failing)
        {
            StoreLog.CommitsFailing(_logger, failure.Message);
        }

        _failing = true;
    }

    private void ReportSuccess()
    {
        if (_failing)
        {
            _failing = false;
            StoreLog.CommitsRecovered(_logger, _database);
        }
    }

    private static void FailAll(List<PendingWrite> batch, StoreUnavailableException reason)
    {
        foreach (PendingWrite write in batch)
        {
            // One exception object a caller: each is thrown with a stack of its own.
            write.Fail(new StoreUnavailableException(reason.Message, reason.InnerException));
        }
    }
}
