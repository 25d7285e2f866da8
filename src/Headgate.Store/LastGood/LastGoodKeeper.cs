using Microsoft.Extensions.Logging;

namespace Headgate.Store.LastGood;

/// <summary>
/// Holds what a source last had, and keeps the file equal to it: a second after a change, so that a storm of them is one write, with long pauses when a write takes long,
/// and at the end. On a thread of the pool.
/// </summary>
internal sealed class LastGoodKeeper : IAsyncDisposable
{
    /// <summary>A write may take one twentieth of the time.</summary>
    private const int PauseFactor = 20;

    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(10);

    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _lock = new();
    private readonly LastGoodFile _file;
    private readonly string _source;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Task _loop;
    private Dictionary<string, StoreEntry>? _entries;
    private long _revision = -1;
    private DateTimeOffset _readAt;
    private bool _changed;

    // Used by the loop, and after its end by the one who disposes.
    private long _writtenAt;
    private TimeSpan _pause;
    private bool _failing;

    public LastGoodKeeper(LastGoodFile file, string source, TimeProvider time, ILogger logger)
    {
        (_file, _source, _time, _logger) = (file, source, time, logger);
        _loop = RunAsync(_stopping.Token);
    }

    /// <summary>Everything there is.</summary>
    public void Take(StoreView view)
    {
        lock (_lock)
        {
            if (_entries is not null && view.Revision == _revision)
                return;
            _entries = view.Entries.ToDictionary(static entry => entry.Key, StringComparer.Ordinal);
            (_revision, _readAt, _changed) = (view.Revision, _time.GetUtcNow(), true);
        }
    }

    /// <summary>The changes of one revision; those that are known already are passed over.</summary>
    public void Take(StoreRevision revision)
    {
        lock (_lock)
        {
            if (_entries is null || revision.Revision <= _revision)
                return;
            foreach (StoreChange change in revision.Changes)
            {
                if (change.Entry is { } entry)
                    _entries[change.Key] = entry;
                else
                    _entries.Remove(change.Key);
            }

            (_revision, _readAt, _changed) = (revision.Revision, _time.GetUtcNow(), true);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _loop;
        Write();
        _stopping.Dispose();
    }

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(LookInterval, _time);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                if (IsDue())
                    Write();
            }
        }
        catch (OperationCanceledException)
        {
            // disposed of
        }
    }

    private bool IsDue()
    {
        lock (_lock)
            return _changed && (_writtenAt == 0 || _time.GetElapsedTime(_writtenAt) >= _pause);
    }

    private void Write()
    {
        LastGoodContent content;
        lock (_lock)
        {
            if (_entries is null || !_changed)
                return;
            content = new LastGoodContent(_source, _revision, _readAt, [.. _entries.Values.OrderBy(static entry => entry.Key, StringComparer.Ordinal)]);
            _changed = false;
        }

        long began = _time.GetTimestamp();
        try
        {
            _file.Write(content);
            _pause = _time.GetElapsedTime(began) * PauseFactor;
            if (_failing)
                LastGoodLog.FileWrittenAgain(_logger, _file.Path);
            _failing = false;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            lock (_lock)
                _changed = true;
            _pause = RetryInterval;
            if (!_failing)
                LastGoodLog.FileNotWritten(_logger, _file.Path, e.Message);
            _failing = true;
        }

        _writtenAt = _time.GetTimestamp();
    }
}
