using Headgate.Core.Resilience;
using Headgate.Core.Snapshot;
using Headgate.Proxy.Telemetry;
using Microsoft.Extensions.Logging;

namespace Headgate.Proxy.Upstream;

/// <summary>
/// What all requests' retries have in common: their clock, their random numbers, and who is told. Thread-safe; what is logged is written on the thread pool.
/// </summary>
/// <param name="counters">Where retries are counted.</param>
/// <param name="logger">Where to log.</param>
/// <param name="seed">Where the random numbers begin.</param>
public sealed class RetryMonitor(ProxyCounters counters, ILogger logger, ulong seed)
{
    private ulong _draws = seed;

    /// <summary>Monotonic milliseconds, the same on every thread, which the event loops' own clocks are not. Steps of a few milliseconds.</summary>
    public static long NowMs => Environment.TickCount64;

    /// <summary>A number that was not drawn before.</summary>
    public ulong NextDraw() => Interlocked.Increment(ref _draws);

    /// <summary>A further try is made.</summary>
    public void OnRetry() => counters.OnRetry();

    /// <summary>The budget refused one. <paramref name="isFirst"/>: it had not for a while.</summary>
    public void OnRefused(UpstreamSnapshot upstream, bool isFirst)
    {
        counters.OnRetryRefused();
        if (!isFirst)
            return;
        ThreadPool.UnsafeQueueUserWorkItem(
            static what => RetryLog.BudgetUsedUp(what.logger, what.Owner, what.Limits.BudgetPercent, what.Limits.MinRetryConcurrency),
            (logger, upstream.Owner, Limits: upstream.Config.Retry.Budget),
            preferLocal: false);
    }

    /// <summary>A request is sent to a further node beside one that has not answered.</summary>
    public void OnHedge() => counters.OnHedge();

    /// <summary>It was answered first.</summary>
    public void OnHedgeWon() => counters.OnHedgeWon();

    /// <summary>The budget refused one. <paramref name="isFirst"/>: it had not for a while.</summary>
    public void OnHedgeRefused(UpstreamSnapshot upstream, bool isFirst)
    {
        counters.OnHedgeRefused();
        if (!isFirst)
            return;
        ThreadPool.UnsafeQueueUserWorkItem(
            static what => RetryLog.HedgingBudgetUsedUp(what.logger, what.Owner, what.Limits.BudgetPercent, what.Limits.MinRetryConcurrency),
            (logger, upstream.Owner, Limits: upstream.Config.Retry.Budget),
            preferLocal: false);
    }

    /// <summary>An upstream's circuit changed to <paramref name="state"/>.</summary>
    public void OnCircuit(UpstreamSnapshot upstream, CircuitState state) =>
        ThreadPool.UnsafeQueueUserWorkItem(static what => RetryLog.Circuit(what.logger, what.Owner, what.state), (logger, upstream.Owner, state), preferLocal: false);

    /// <summary>A request was refused because the circuit is open.</summary>
    public void OnShortCircuit() => counters.OnShortCircuit();
}
