using Headgate.Core.Config;
using Headgate.Core.Health;
using Headgate.Core.Snapshot;
using Headgate.Core.Upstreams;
using Headgate.Proxy.Upstream;
using Microsoft.Extensions.Logging;

namespace Headgate.Proxy.Outliers;

/// <summary>
/// Outlier detection of all upstreams that have it: counts how tries end, and drives one <see cref="OutlierDetector"/> an upstream, all from one timer. What is learnt lies
/// on the nodes. Thread-safe; verdicts fall on the thread pool, never on a thread that serves traffic.
/// </summary>
public sealed class OutlierMonitor : IUpstreamObserver, IDisposable
{
    /// <summary>The timer wakes no more often than this; what falls due meanwhile is done together.</summary>
    private const long StepMs = 5;

    /// <summary>The timer sleeps no longer than this: it takes 49 days at most, ejections may last longer.</summary>
    private const long SleepMsMax = 3_600_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, WatchedUpstream> _upstreams = new(StringComparer.Ordinal);
    private readonly PriorityQueue<WatchedUpstream, long> _due = new();
    private readonly long[] _ejections = new long[Enum.GetValues<EjectionReason>().Length];
    private readonly ServedUpstreams _served;
    private readonly TimeProvider _time;
    private readonly Random _spread;
    private readonly ILogger _logger;
    private readonly ITimer _timer;
    private long _refused;
    private long _wakesAtMs = long.MaxValue;
    private bool _stopped;

    /// <summary>Makes a monitor that follows <paramref name="served"/>. <paramref name="seed"/> spreads the windows of upstreams that came together.</summary>
    internal OutlierMonitor(ServedUpstreams served, TimeProvider time, int seed, ILogger<OutlierMonitor> logger)
    {
        (_served, _time, _spread, _logger) = (served, time, new Random(seed), logger);
        _timer = time.CreateTimer(static self => ((OutlierMonitor)self!).RunDue(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        served.Follow(this);
    }

    /// <summary>The upstreams that have outlier detection, ordered by owner.</summary>
    public IReadOnlyList<ServedUpstream> Watched
    {
        get
        {
            lock (_lock)
                return [.. _upstreams.Values.Select(watched => watched.Served).OrderBy(served => served.Owner, StringComparer.Ordinal)];
        }
    }

    /// <summary>Ejections that the limits did not allow, so far.</summary>
    public long Refused => Volatile.Read(ref _refused);

    private long NowMs => (long)_time.GetElapsedTime(0).TotalMilliseconds;

    /// <summary>Ejections so far by that detection.</summary>
    public long Ejections(EjectionReason why) => Volatile.Read(ref _ejections[(int)why]);

    /// <inheritdoc/>
    public void Served(string owner, UpstreamSnapshot upstream)
    {
        if (upstream.Config.OutlierDetection is not { } config)
        {
            Removed(owner);
            Forget(upstream);
            return;
        }

        WatchedUpstream? watched;
        var served = new ServedUpstream(owner, upstream);
        lock (_lock)
        {
            if (!_upstreams.TryGetValue(owner, out watched))
            {
                long firstMs = _spread.NextInt64((long)config.Interval.TotalMilliseconds) + 1;
                watched = new WatchedUpstream(owner, new OutlierDetector(config, NowMs + firstMs)) { Served = served };
                _upstreams.Add(owner, watched);
            }

            watched.Served = served;
        }

        Apply(watched, (detector, now, changes) => detector.Set(config, upstream.Nodes.Select(node => node.State), now, changes));
    }

    /// <inheritdoc/>
    public void Removed(string owner)
    {
        lock (_lock)
        {
            if (_upstreams.Remove(owner, out WatchedUpstream? watched))
                watched.Detector.Close();
        }
    }

    /// <summary>
    /// A try ended at a node of an upstream that detects outliers; <paramref name="status"/> is that of its answer, if there was one, <paramref name="timeouts"/> were its
    /// own. Never blocks; allocates for a node's first try and for an ejection.
    /// </summary>
    public void OnTryEnd(UpstreamSnapshot upstream, NodeState node, AttemptFailure failure, int status, TimeoutConfig timeouts)
    {
        if (upstream.Config.OutlierDetection is not { } config || TryVerdicts.Of(failure, status) is not { } verdict)
            return;
        OutlierState outlier = node.Outlier;
        if (failure == AttemptFailure.ReadTimeout && config.Latency is not null)
            outlier.Latencies.Add(timeouts.Read); // it took that long at least
        if (outlier.Count(verdict, config) is var why && why != EjectionReason.None)
            ThreadPool.UnsafeQueueUserWorkItem(static found => found.Self.Eject(found.Node, found.Why), (Self: this, Node: node, Why: why), preferLocal: false);
    }

    /// <summary>Judges nobody any more.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _stopped = true;
            foreach (WatchedUpstream watched in _upstreams.Values)
                watched.Detector.Close();
        }

        _timer.Dispose();
    }

    /// <summary>Nobody would ever return its nodes again, or those of an earlier upstream of that name.</summary>
    private void Forget(UpstreamSnapshot upstream)
    {
        foreach (NodeSnapshot node in upstream.Nodes)
        {
            if (node.State.HasOutlier && node.State.ForgetOutlier())
                Report(new EjectionChange(node.State, EjectionChangeKind.Returned, EjectionReason.None, "the upstream has no outlier detection any more"));
        }
    }

    private void Eject(NodeState node, EjectionReason why)
    {
        WatchedUpstream? watched;
        lock (_lock)
            _upstreams.TryGetValue(node.Key.Owner, out watched);
        if (watched is not null)
            Apply(watched, (detector, now, changes) => detector.Eject(node, why, now, changes));
    }

    private void RunDue()
    {
        var due = new List<WatchedUpstream>();
        lock (_lock)
        {
            _wakesAtMs = long.MaxValue;
            long now = NowMs;
            while (_due.TryPeek(out WatchedUpstream? watched, out long at) && at <= now)
            {
                _due.Dequeue();
                if (watched.QueuedMs != at)
                    continue;
                watched.QueuedMs = long.MaxValue;
                due.Add(watched);
            }
        }

        foreach (WatchedUpstream watched in due)
            Apply(watched, static (detector, now, changes) => detector.Run(now, changes));
        lock (_lock)
            Wake_NeedsLock();
    }

    /// <summary>Has a detector do something, reports what it did, and queues it for what it has to do next.</summary>
    private void Apply(WatchedUpstream watched, Action<OutlierDetector, long, List<EjectionChange>> action)
    {
        var changes = new List<EjectionChange>();
        action(watched.Detector, NowMs, changes);
        foreach (EjectionChange change in changes)
            Report(change);
        lock (_lock)
        {
            long due = watched.Detector.DueMs;
            if (_stopped || due == watched.QueuedMs)
                return;
            watched.QueuedMs = due;
            if (due == long.MaxValue)
                return;
            _due.Enqueue(watched, due);
            Wake_NeedsLock();
        }
    }

    private void Wake_NeedsLock()
    {
        if (_stopped || !_due.TryPeek(out _, out long at) || at >= _wakesAtMs)
            return;
        long waitMs = Math.Clamp(at - NowMs, StepMs, SleepMsMax);
        _wakesAtMs = NowMs + waitMs;
        _timer.Change(TimeSpan.FromMilliseconds(waitMs), Timeout.InfiniteTimeSpan);
    }

    private void Report(EjectionChange change)
    {
        NodeKey key = change.Node.Key;
        switch (change.Kind)
        {
            case EjectionChangeKind.Ejected:
                Interlocked.Increment(ref _ejections[(int)change.Why]);
                string detection = change.Why.ToString();
                OutlierLog.NodeEjected(_logger, key.Host, key.Port, key.Owner, detection, change.Reason);
                break;
            case EjectionChangeKind.Returned:
                OutlierLog.NodeReturned(_logger, key.Host, key.Port, key.Owner, change.Reason);
                break;
            default:
                Interlocked.Increment(ref _refused);
                return;
        }

        NodeChangeKind kind = change.Kind == EjectionChangeKind.Ejected ? NodeChangeKind.Ejected : NodeChangeKind.Returned;
        _served.OnChanged(change.Node, new NodeChange(_time.GetUtcNow(), kind, "outlier detection", change.Reason));
    }
}
