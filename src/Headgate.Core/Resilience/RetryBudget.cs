using Headgate.Core.Config;
using Headgate.Core.Upstreams;

namespace Headgate.Core.Resilience;

/// <summary>
/// How many retries an upstream's nodes may be given. Lives as long as the upstream, through all of its edits. Two rules:
/// <list type="number">
/// <item>While only one node fails, its requests are tried again without limit: the others then carry what they would carry without that node.</item>
/// <item>Else the retries that are under way or have failed may be at most <see cref="RetryBudgetConfig.BudgetPercent"/> of the requests of the same time, and
/// <see cref="RetryBudgetConfig.MinRetryConcurrency"/> however few those are. A retry that was answered well gives its place back: it was worth its load.</item>
/// </list>
/// "The same time" is the last 10 to 20 s, and begins when something failed after 20 s without: what was saved up by quiet times is not there to be spent in an outage. So a
/// total outage costs at most the budget in extra load, while a few failures in a healthy upstream cost no request. Related: Finagle's RetryBudget, Envoy's retry_budget,
/// the Gateway API's retryConstraint (which all limit retries that help as well).
/// <para>Thread-safe. A request that succeeds costs one interlocked addition; the rest runs when something has failed, under a lock that is held for a few additions.</para>
/// </summary>
public sealed class RetryBudget
{
    /// <summary>Half of the longest time that is looked back, in milliseconds.</summary>
    public const int WindowMs = 10_000;

    private readonly Lock _lock = new();
    private long _requests;

    // Under the lock, as all that follows. Two windows: the present one, and the one before it.
    private long _window = long.MinValue / 2; // when the present one began, of the caller's milliseconds; also the name of a place taken in it
    private long _windowRequests;
    private long _windowSpent;
    private long _earlierWindow = long.MinValue / 2;
    private long _earlierRequests;
    private long _earlierSpent;

    // The last node that failed, when it did, and when another one did last.
    private NodeState? _failing;
    private long _failingMs = long.MinValue / 2;
    private long _anotherFailedMs = long.MinValue / 2;
    private long _wastedMs = long.MinValue / 2;
    private long _refusedMs = long.MinValue / 2;
    private long _hedgeRefusedMs = long.MinValue / 2;

    /// <summary>A request begins, whose retries may have to be judged. Never blocks.</summary>
    public void OnRequest() => Interlocked.Increment(ref _requests);

    /// <summary>
    /// Takes a place for a retry of a request that has just failed at <paramref name="failed"/>. Its outcome goes to <see cref="GiveBack"/> or <see cref="OnWasted"/>.
    /// </summary>
    /// <param name="limits">The upstream's, as configured now.</param>
    /// <param name="failed">The node that failed, which may have had work with it.</param>
    /// <param name="hasOthers">Whether the upstream has another node.</param>
    /// <param name="nowMs">Monotonic milliseconds, of one clock for all callers.</param>
    /// <returns>The place taken, or <see cref="RetryPermit.Refused"/>.</returns>
    public RetryPermit TryTake(RetryBudgetConfig limits, NodeState failed, bool hasOthers, long nowMs)
    {
        lock (_lock)
        {
            Turn_NeedsLock(nowMs);
            NoteFailure_NeedsLock(failed, nowMs);
            bool isAlone = hasOthers && nowMs - _anotherFailedMs > WindowMs && nowMs - _wastedMs > WindowMs;
            return isAlone || HasPlace_NeedsLock(limits) ? Take_NeedsLock() : Refuse_NeedsLock(ref _refusedMs, nowMs);
        }
    }

    /// <summary>
    /// Takes a place for a second try beside one that goes on and has not failed. It is load whatever becomes of it, and is not wanted without bound because one node is slow: so the
    /// first rule does not hold for it, and its place is given back only when no node had any work with it.
    /// </summary>
    public RetryPermit TryTakeHedge(RetryBudgetConfig limits, long nowMs)
    {
        lock (_lock)
        {
            Turn_NeedsLock(nowMs);
            return HasPlace_NeedsLock(limits) ? Take_NeedsLock() : Refuse_NeedsLock(ref _hedgeRefusedMs, nowMs);
        }
    }

    /// <summary>Takes a place that nobody can refuse: a request was sent twice, and that is load like any other.</summary>
    public RetryPermit Charge(long nowMs)
    {
        lock (_lock)
        {
            Turn_NeedsLock(nowMs);
            return Take_NeedsLock();
        }
    }

    /// <summary>The retry was answered well, or nobody's failure ended it: its place is free again.</summary>
    public void GiveBack(RetryPermit permit)
    {
        lock (_lock)
        {
            if (permit.Window == _window)
                _windowSpent--;
            else if (permit.Window == _earlierWindow)
                _earlierSpent--; // of an older one nothing is known any more
        }
    }

    /// <summary>The retry failed as well, at <paramref name="node"/>: its place stays taken.</summary>
    public void OnWasted(NodeState node, long nowMs)
    {
        lock (_lock)
        {
            _wastedMs = nowMs;
            NoteFailure_NeedsLock(node, nowMs);
        }
    }

    private bool HasPlace_NeedsLock(RetryBudgetConfig limits)
    {
        long requests = Volatile.Read(ref _requests) - _earlierRequests;
        return _earlierSpent + _windowSpent < Math.Max(limits.MinRetryConcurrency, requests * limits.BudgetPercent / 100);
    }

    private RetryPermit Take_NeedsLock()
    {
        _windowSpent++;
        return new RetryPermit(_window);
    }

    private static RetryPermit Refuse_NeedsLock(ref long refusedMs, long nowMs)
    {
        bool isFirst = nowMs - refusedMs > WindowMs;
        refusedMs = nowMs;
        return isFirst ? RetryPermit.RefusedFirst : RetryPermit.Refused;
    }

    private void Turn_NeedsLock(long nowMs)
    {
        if (nowMs - _window < WindowMs)
            return;
        long requests = Volatile.Read(ref _requests);
        bool wasQuiet = nowMs - _window >= 2 * WindowMs;
        (_earlierWindow, _earlierRequests, _earlierSpent) = wasQuiet ? (long.MinValue / 2, requests, 0) : (_window, _windowRequests, _windowSpent);
        (_window, _windowRequests, _windowSpent) = (nowMs, requests, 0);
    }

    private void NoteFailure_NeedsLock(NodeState node, long nowMs)
    {
        if (_failing != node)
        {
            _anotherFailedMs = _failingMs;
            _failing = node;
        }

        _failingMs = nowMs;
    }
}
