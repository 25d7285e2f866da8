namespace Headgate.Store.Embedded;

/// <summary>
/// Wakes the commit thread when the next entry expires. Used by that thread alone, except for the timer's callback.
/// </summary>
internal sealed class ExpiryTimer : IDisposable
{
    // The wall clock decides, and it may be set: looked at again at least this often.
    private static readonly TimeSpan WaitMax = TimeSpan.FromHours(1);
    private static readonly TimeSpan RetryWait = TimeSpan.FromSeconds(1);

    private readonly TimeProvider _timeProvider;
    private readonly ITimer _timer;
    private readonly Action _wake;
    private long? _dueMs = long.MinValue; // at first: look

    public ExpiryTimer(TimeProvider timeProvider, Action wake)
    {
        _timeProvider = timeProvider;
        _wake = wake;
        _timer = timeProvider.CreateTimer(static state => ((Action)state!)(), wake, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Whether an entry may have expired.</summary>
    public bool IsDue(long nowMs) => _dueMs <= nowMs;

    /// <summary>Sets the timer for the time of the next expiry, milliseconds since 1970; null for none. After a failure it waits at least a second.</summary>
    public void Schedule(long? dueMs, bool afterFailure)
    {
        if (dueMs == _dueMs && dueMs is null && !afterFailure)
        {
            return;
        }

        _dueMs = afterFailure ? long.MinValue : dueMs;
        TimeSpan wait = Timeout.InfiniteTimeSpan;
        if (afterFailure)
        {
            wait = RetryWait;
        }
        else if (dueMs is { } due)
        {
            TimeSpan left = TimeSpan.FromMilliseconds(due - _timeProvider.GetUtcNow().ToUnixTimeMilliseconds());
            wait = left > WaitMax ? WaitMax : left;
        }

        if (wait <= TimeSpan.Zero && wait != Timeout.InfiniteTimeSpan)
        {
            _wake(); // due already: it became so after the last look
            return;
        }

        _timer.Change(wait, Timeout.InfiniteTimeSpan);
    }

    public void Dispose() => _timer.Dispose();
}
