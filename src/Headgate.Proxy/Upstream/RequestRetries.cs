using Headgate.Core.Config;
using Headgate.Core.Resilience;
using Headgate.Core.Snapshot;
using Headgate.Core.Upstreams;
using Headgate.Proxy.Http1;
using Headgate.Proxy.Transport;

namespace Headgate.Proxy.Upstream;

/// <summary>
/// What one request has used up of its upstream's retries, and whether one more try may follow. Every retry that may add load has a place in the upstream's budget while it
/// runs; how it went decides what becomes of the place. One instance per exchange, used by the flow that answers.
/// </summary>
public sealed class RequestRetries
{
    /// <summary>A wait that is longer than any may be.</summary>
    private const int TooLong = int.MaxValue;

    private RetryMonitor _monitor = null!;
    private int _tries;
    private long _endMs;
    private RetryPermit _permit;

    // The place is that of a second sending to the same node, which says nothing about the others when it fails.
    private bool _isSentAgain;

    /// <summary>Milliseconds to wait before the try that was granted last.</summary>
    public int DelayMs { get; private set; }

    /// <summary>Whether a place in the budget waits for the end of the request.</summary>
    public bool HoldsPlace => _permit.IsTaken;

    /// <summary>Whether an answer broke off that had begun to go to the client.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>The first try of a request begins.</summary>
    public void Begin(UpstreamSnapshot upstream, RetryMonitor monitor)
    {
        _monitor = monitor;
        _tries = 1;
        IsBroken = false;
        _endMs = upstream.Config.RetryTimeout is { Ticks: > 0 } limit ? RetryMonitor.NowMs + (long)limit.TotalMilliseconds : long.MaxValue;
        _permit = RetryPermit.None;
        if (upstream.TriesMax > 1)
            upstream.RetryBudget.OnRequest();
    }

    /// <summary>A try failed at <paramref name="node"/> with nothing sent to the client: whether another one follows, after <see cref="DelayMs"/>.</summary>
    public bool MayFollow(Exchange exchange, UpstreamSnapshot upstream, NodeState node, AttemptFailure failure)
    {
        // A try that no node had work with changes nothing: the place of the retry is that of the next.
        bool isFree = RetryRules.IsWithoutWork(failure);
        if (!isFree)
            Settle(upstream, node, isWasted: true);
        RetryConfig config = upstream.Config.Retry;
        int delayMs = isFree && _tries < upstream.Nodes.Count ? 0 : BackOffMs(config); // where nothing was done nobody needs a rest
        return HasRoom(exchange, upstream, delayMs) && RetryRules.MayRetry(exchange, failure, config) && (isFree || TryTake(upstream, node)) && Grant(delayMs);
    }

    /// <summary>
    /// The head of a node's answer is here, and nothing of it went to the client: whether it is dropped for another try, which follows after <see cref="DelayMs"/>.
    /// False for nearly all; then the answer is passed on as it is.
    /// </summary>
    public bool Drops(Exchange exchange, UpstreamSnapshot upstream, NodeState node, ResponseHead answer)
    {
        RetryConfig config = upstream.Config.Retry;
        if (config.Statuses?.Contains(answer.Status) != true)
            return false;
        Settle(upstream, node, isWasted: true);
        int? delayMs = RetryAfterMs(config, answer) ?? BackOffMs(config);
        return HasRoom(exchange, upstream, delayMs.Value) && RetryRules.MayRepeat(exchange, config) && TryTake(upstream, node) && Grant(delayMs.Value);
    }

    /// <summary>
    /// A kept connection turned out to be closed and the request goes out again, on a fresh one, within the same try. Nobody can tell whether the node had begun with it, so
    /// it counts as load; it is not refused, because connections that nodes close while they are idle are nobody's trouble.
    /// </summary>
    public void OnSentAgain(UpstreamSnapshot upstream)
    {
        if (upstream.TriesMax > 1 && !HoldsPlace)
            (_permit, _isSentAgain) = (upstream.RetryBudget.Charge(RetryMonitor.NowMs), true);
    }

    /// <summary>
    /// A try has not answered in time, and goes on: a place for a further one beside it, which counts like a retry. None when tries, time or budget are used up.
    /// </summary>
    public RetryPermit TakeHedge(Exchange exchange, UpstreamSnapshot upstream)
    {
        if (!HasRoom(exchange, upstream, delayMs: 0))
            return RetryPermit.None;
        RetryPermit permit = upstream.RetryBudget.TryTakeHedge(upstream.Config.Retry.Budget, RetryMonitor.NowMs);
        if (permit.IsTaken)
            _tries++;
        else
            _monitor.OnHedgeRefused(upstream, isFirst: permit == RetryPermit.RefusedFirst);
        return permit;
    }

    /// <summary>There was no node for it.</summary>
    public void GiveBackHedge(UpstreamSnapshot upstream, RetryPermit permit)
    {
        _tries--;
        upstream.RetryBudget.GiveBack(permit);
    }

    /// <summary>The request is over: frees or uses up the place of its last retry. Needless when its first try was answered and <see cref="HoldsPlace"/> is false.</summary>
    public void End(Exchange exchange, UpstreamSnapshot upstream, NodeState node, AttemptFailure failure)
    {
        IsBroken = failure == AttemptFailure.BrokenAnswer;
        Settle(upstream, node, isWasted: IsBroken || (failure == AttemptFailure.None && exchange.Status >= 500));
    }

    /// <summary>When no further try begins, by that clock; <see cref="long.MaxValue"/> = never.</summary>
    public long EndOn(DeadlineWheel clock) => _endMs == long.MaxValue ? long.MaxValue : clock.NowMs + _endMs - RetryMonitor.NowMs;

    private bool HasRoom(Exchange exchange, UpstreamSnapshot upstream, int delayMs) =>
        _tries < upstream.TriesMax && delayMs != TooLong && !exchange.IsClientGone && (_endMs == long.MaxValue || RetryMonitor.NowMs + delayMs < _endMs);

    private bool Grant(int delayMs)
    {
        _tries++;
        DelayMs = delayMs;
        _monitor.OnRetry();
        return true;
    }

    private bool TryTake(UpstreamSnapshot upstream, NodeState node)
    {
        RetryPermit permit = upstream.RetryBudget.TryTake(upstream.Config.Retry.Budget, node, upstream.Nodes.Count > 1, RetryMonitor.NowMs);
        if (permit.IsTaken)
            (_permit, _isSentAgain) = (permit, false);
        else
            _monitor.OnRefused(upstream, isFirst: permit == RetryPermit.RefusedFirst);
        return permit.IsTaken;
    }

    private void Settle(UpstreamSnapshot upstream, NodeState node, bool isWasted)
    {
        if (!_permit.IsTaken)
            return;
        if (!isWasted)
            upstream.RetryBudget.GiveBack(_permit);
        else if (!_isSentAgain)
            upstream.RetryBudget.OnWasted(node, RetryMonitor.NowMs);
        _permit = RetryPermit.None;
    }

    private int BackOffMs(RetryConfig config) => config.BackOff is { } backOff ? BackOff.DelayMs(backOff, _tries, _monitor.NextDraw()) : 0;

    /// <summary>What the node asks for; more than may be waited is no time at which another try could begin. Null when it asks for nothing, or nobody listens.</summary>
    private static int? RetryAfterMs(RetryConfig config, ResponseHead answer)
    {
        if (config.BackOff is not { RetryAfter: true } backOff || answer.Status is not (429 or 503) || RetryAfter.Milliseconds(answer) is not { } ms)
            return null;
        return ms <= (long)backOff.MaxInterval.TotalMilliseconds ? (int)ms : TooLong;
    }
}
