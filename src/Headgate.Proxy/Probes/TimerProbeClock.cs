namespace Headgate.Proxy.Probes;

/// <summary>The clock of probes that run on the thread pool, where there is no event loop.</summary>
internal sealed class TimerProbeClock : IProbeClock
{
    private readonly ITimer _timer;

    /// <summary>Makes a clock that sleeps.</summary>
    public TimerProbeClock(TimeProvider time) =>
        _timer = time.CreateTimer(static self => ((TimerProbeClock)self!).Wake?.Invoke(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

    /// <inheritdoc/>
    public Action? Wake { private get; set; }

    /// <inheritdoc/>
    public void WakeIn(long milliseconds) => _timer.Change(TimeSpan.FromMilliseconds(milliseconds), Timeout.InfiniteTimeSpan);

    /// <inheritdoc/>
    public void Dispose() => _timer.Dispose();
}
