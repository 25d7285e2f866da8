using System.Runtime.CompilerServices;
using System.Threading.Tasks.Sources;
using Headgate.Proxy.Transport;

namespace Headgate.Proxy.Plugins.ProxyCache;

/// <summary>A request that waits for another one's answer, until its deadline or until its client goes away. The flow goes on where it was: on its loop, or on the thread pool.</summary>
internal sealed class FillWait : IDeadlineTarget, IClientWatcher, IValueTaskSource
{
    private ManualResetValueTaskSourceCore<bool> _core = new() { RunContinuationsAsynchronously = true };
    private int _ended;

    private FillWait(long deadlineMs) => DeadlineMs = deadlineMs;

    /// <inheritdoc/>
    public long DeadlineMs { get; }

    /// <summary>Waits, not after <paramref name="endMs"/> of <paramref name="clock"/>; how the other ended, <see cref="FillEnd.None"/> when it has not.</summary>
    [AsyncMethodBuilder(typeof(PooledAsyncMethodBuilder<>))]
    public static async ValueTask<FillEnd> RunAsync(Exchange exchange, DeadlineWheel clock, CacheFill fill, long endMs)
    {
        var wait = new FillWait(endMs);
        if (exchange.Watch(wait) && fill.TryAdd(wait))
        {
            clock.Add(wait);
            await new ValueTask(wait, wait._core.Version);
            clock.Remove(wait);
        }

        exchange.Unwatch();
        return fill.Outcome;
    }

    /// <summary>The wait is over; only the first time counts.</summary>
    public void End()
    {
        if (Interlocked.Exchange(ref _ended, 1) == 0)
            _core.SetResult(true);
    }

    /// <inheritdoc/>
    public void OnDeadline() => End();

    /// <inheritdoc/>
    public void OnClientGone() => End();

    /// <inheritdoc/>
    void IValueTaskSource.GetResult(short token) => _core.GetResult(token);

    /// <inheritdoc/>
    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _core.GetStatus(token);

    /// <inheritdoc/>
    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);
}
