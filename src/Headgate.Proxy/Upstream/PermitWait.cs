using System.Runtime.CompilerServices;
using System.Threading.Tasks.Sources;
using Headgate.Core.Snapshot;
using Headgate.Core.Upstreams;
using Headgate.Proxy.Transport;

namespace Headgate.Proxy.Upstream;

/// <summary>
/// A request that waits for a node with a free permit. It ends once: with a node, at its deadline, or when the client goes away; which came first is decided under the
/// queue's lock. The flow goes on where it waited: on its event loop, by that loop's mailbox, or on the thread pool where there are no loops.
/// </summary>
internal sealed class PermitWait : QueuedRequest, IDeadlineTarget, IClientWatcher, IValueTaskSource
{
    private readonly RequestQueue _queue;
    private ManualResetValueTaskSourceCore<bool> _end = new() { RunContinuationsAsynchronously = true };

    private PermitWait(UpstreamSnapshot upstream, Exchange exchange, TriedNodes tried, long nowMs, long deadlineMs)
        : base(upstream, exchange, tried, nowMs)
    {
        _queue = upstream.Queue!;
        DeadlineMs = deadlineMs;
    }

    /// <inheritdoc/>
    public long DeadlineMs { get; }

    /// <summary>
    /// Waits as long as the upstream's <c>queue</c> allows, and not after <paramref name="endMs"/> of <paramref name="clock"/>. Gives the node, its permit taken; null when nobody
    /// may wait, the queue is full, the time is over or the client is gone.
    /// </summary>
    [AsyncMethodBuilder(typeof(PooledAsyncMethodBuilder<>))]
    public static async ValueTask<NodeSnapshot?> ForNodeAsync(Exchange exchange, UpstreamSnapshot upstream, TriedNodes tried, long latencyNowMs, DeadlineWheel clock, long endMs)
    {
        if (upstream.Config.Queue is not { } limits)
        {
            upstream.Queue!.Refuse();
            return null;
        }

        var wait = new PermitWait(upstream, exchange, tried, latencyNowMs, Math.Min(endMs, clock.NowMs + (long)limits.Timeout.TotalMilliseconds));
        if (!wait._queue.TryEnter(wait, limits.Size))
            return null;
        clock.Add(wait);
        if (!exchange.Watch(wait))
            wait.OnClientGone();
        await new ValueTask(wait, wait._end.Version);
        exchange.Unwatch();
        clock.Remove(wait);
        return wait.Node;
    }

    /// <inheritdoc/>
    public void OnDeadline()
    {
        if (_queue.TryTimeOut(this))
            _end.SetResult(true);
    }

    /// <inheritdoc/>
    public void OnClientGone()
    {
        if (_queue.TryLeave(this))
            _end.SetResult(true);
    }

    /// <inheritdoc/>
    void IValueTaskSource.GetResult(short token) => _end.GetResult(token);

    /// <inheritdoc/>
    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _end.GetStatus(token);

    /// <inheritdoc/>
    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _end.OnCompleted(continuation, state, token, flags);

    /// <inheritdoc/>
    protected override void OnNode() => _end.SetResult(true);
}
