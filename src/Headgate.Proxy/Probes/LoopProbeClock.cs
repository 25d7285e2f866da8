using Headgate.Proxy.Transport;
using Headgate.Proxy.Transport.Loops;

namespace Headgate.Proxy.Probes;

/// <summary>
/// The clock of probes that run on an event loop, which it owns with what runs there: the loop looks at its deadlines anyway, so that a wake costs no timer, no thread of the pool and no
/// system call. The loop's thread starts with the first wake that is asked for: who checks nothing pays nothing.
/// </summary>
internal sealed class LoopProbeClock(EventLoop loop, ProbeSteps steps) : IProbeClock, IDeadlineTarget
{
    private int _started;
    private long _deadlineMs;

    /// <inheritdoc/>
    public Action? Wake { private get; set; }

    /// <inheritdoc/>
    long IDeadlineTarget.DeadlineMs => _deadlineMs;

    /// <inheritdoc/>
    public void WakeIn(long milliseconds)
    {
        if (loop.IsCurrent)
        {
            Set(milliseconds);
            return;
        }

        if (Interlocked.Exchange(ref _started, 1) == 0)
            loop.Start();
        loop.Post(_ => Set(milliseconds), null);
    }

    /// <inheritdoc/>
    void IDeadlineTarget.OnDeadline()
    {
        // Not to be looked at again until it is set: an idle loop sleeps without an end.
        loop.Deadlines.Remove(this);
        _deadlineMs = 0;
        Wake?.Invoke();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        loop.Dispose();
        steps.Dispose();
    }

    private void Set(long milliseconds)
    {
        _deadlineMs = loop.Deadlines.NowMs + milliseconds;
        loop.Deadlines.Add(this);
    }
}
