using System.Runtime.CompilerServices;
using System.Threading.Tasks.Sources;
using Headgate.Proxy.Transport;

namespace Headgate.Proxy.Upstream;

/// <summary>A wait between two tries, which ends early when the client goes away. The flow goes on where it was: on its loop, or on the thread pool.</summary>
internal sealed class BackOffWait : IDeadlineTarget, IClientWatcher, IValueTaskSource<bool>
{
    private ManualResetValueTaskSourceCore<bool> _core = new() { RunContinuationsAsynchronously = true };
    private int _ended;

    private BackOffWait(long deadlineMs) => DeadlineMs = deadlineMs;

    /// <inheritdoc/>
    public long DeadlineMs { get; }

    /// <summary>Waits on <paramref name="wheel"/>, to within its tick; false when the client is gone.</summary>
    [AsyncMethodBuilder(typeof(PooledAsyncMethodBuilder<>))]
    public static async ValueTask<bool> RunAsync(Exchange exchange, DeadlineWheel wheel, int delayMs)
    {
        var wait = new BackOffWait(wheel.NowMs + delayMs);
        if (exchange.Watch(wait))
        {
            wheel.Add(wait);
            await new ValueTask<bool>(wait, wait._core.Version);
            wheel.Remove(wait);
        }

        exchange.Unwatch();
        return !exchange.IsClientGone;
    }

    /// <inheritdoc/>
    public void OnDeadline() => End();

    /// <inheritdoc/>
    public void OnClientGone() => End();

    /// <inheritdoc/>
    bool IValueTaskSource<bool>.GetResult(short token) => _core.GetResult(token);

    /// <inheritdoc/>
    ValueTaskSourceStatus IValueTaskSource<bool>.GetStatus(short token) => _core.GetStatus(token);

    /// <inheritdoc/>
    void IValueTaskSource<bool>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);

    private void End()
    {
        if (Interlocked.Exchange(ref _ended, 1) == 0)
            _core.SetResult(true);
    }
}
