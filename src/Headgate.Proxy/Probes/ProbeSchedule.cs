using Headgate.Core.Snapshot;
using Headgate.Core.Upstreams;

namespace Headgate.Proxy.Probes;

/// <summary>
/// Says which node is probed when: all nodes of all upstreams in one queue by time, as many probes at once as an upstream's <c>concurrency</c> and
/// <see cref="UnderWayMax"/> allow. Who has waited longest for a place is first, whatever its upstream: hung nodes slow the others down and starve none. Times are
/// spread by a tenth to either side, and the second probe comes anywhere in the interval, so that nodes that came together do not stay together. Thread-safe; a lock,
/// never taken by a thread that serves traffic.
/// </summary>
internal sealed class ProbeSchedule : IDisposable
{
    /// <summary>Probes under way in the whole process: each costs a descriptor that clients may need more.</summary>
    public const int UnderWayMax = 256;

    /// <summary>
    /// The clock wakes no more often than this; what falls due meanwhile starts together. Each wait and wake costs as much as a probe on a kept connection: measured, at
    /// 1,000 probes a second a step of 20 ms takes a third off 5 ms, and longer ones little more.
    /// </summary>
    private const long StepMs = 20;

    /// <summary>The clock sleeps no longer than this: a timer takes 49 days at most, intervals may be longer.</summary>
    private const long SleepMsMax = 3_600_000;

    /// <summary>A new node's first probe comes at a random time within this, unless its verdict is waited for.</summary>
    private const long FirstWithinMs = 1000;

    /// <summary>Nodes that are gone may stay in the queue while they are fewer than this and than half of it.</summary>
    private const int GoneMax = 64;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, ProbedUpstream> _upstreams = new(StringComparer.Ordinal);
    private readonly PriorityQueue<ProbedNode, long> _due = new();
    private readonly Func<ProbedNode, ValueTask> _probe;
    private readonly TimeProvider _time;
    private readonly IProbeClock _clock;
    private readonly Random _jitter;
    private long _wakesAt = long.MaxValue;
    private int _underWay;
    private int _goneInQueue;
    private bool _starting;
    private bool _stopped;

    /// <summary>Makes an empty schedule.</summary>
    /// <param name="probe">Probes a node; must not throw. Called where <paramref name="clock"/> wakes, and where a probe ends.</param>
    /// <param name="time">Time of the schedule.</param>
    /// <param name="clock">Wakes it; the schedule's from now on.</param>
    /// <param name="seed">Spreads the times.</param>
    public ProbeSchedule(Func<ProbedNode, ValueTask> probe, TimeProvider time, IProbeClock clock, int seed)
    {
        _probe = probe;
        _time = time;
        _clock = clock;
        _jitter = new Random(seed);
        clock.Wake = OnWake;
    }

    /// <summary>Nodes that are probed; for tests.</summary>
    internal IReadOnlyList<NodeState> ProbedForTest
    {
        get
        {
            lock (_lock)
                return [.. _upstreams.Values.SelectMany(upstream => upstream.Nodes.Keys)];
        }
    }

    /// <summary>Length of the queue; for tests.</summary>
    internal int QueuedForTest
    {
        get
        {
            lock (_lock)
                return _due.Count;
        }
    }

    /// <summary>Probes exactly the nodes of <paramref name="upstream"/> from now on; those that were probed before keep their times when the plan is the same.</summary>
    public void Set(string owner, UpstreamSnapshot upstream, ProbePlan plan)
    {
        lock (_lock)
        {
            if (_stopped)
                return;
            if (!_upstreams.TryGetValue(owner, out ProbedUpstream? probed) || probed.Plan != plan)
            {
                Drop_NeedsLock(probed);
                _upstreams[owner] = probed = new ProbedUpstream(plan);
            }

            var wanted = upstream.Nodes.Select(node => node.State).ToHashSet<NodeState>(ReferenceEqualityComparer.Instance);
            foreach (ProbedNode node in probed.Nodes.Values.Where(node => !wanted.Contains(node.State)).ToArray())
            {
                Drop_NeedsLock(node);
                probed.Nodes.Remove(node.State);
            }

            foreach (NodeState state in wanted)
            {
                if (probed.Nodes.ContainsKey(state))
                    continue;
                var node = new ProbedNode(probed, state);
                probed.Nodes.Add(state, node);
                Queue_NeedsLock(node, NowMs + (AwaitedNodes.IsAwaited(state) ? 0 : _jitter.NextInt64(FirstWithinMs)));
            }

            Sweep_NeedsLock();
            Wake_NeedsLock();
        }
    }

    /// <summary>Ends the probes of an owner's nodes.</summary>
    public void Remove(string owner)
    {
        lock (_lock)
        {
            if (_upstreams.Remove(owner, out ProbedUpstream? probed))
                Drop_NeedsLock(probed);
            Sweep_NeedsLock();
        }
    }

    /// <summary>Starts no probe any more; what is under way counts for nothing.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _stopped = true;
            foreach (ProbedUpstream probed in _upstreams.Values)
                Drop_NeedsLock(probed);
            _upstreams.Clear();
            _due.Clear();
        }

        _clock.Dispose();
    }

    private long NowMs => (long)_time.GetElapsedTime(0).TotalMilliseconds;

    private void OnWake()
    {
        lock (_lock)
            _wakesAt = long.MaxValue;
        StartDue();
    }

    /// <summary>Starts what is due. A probe may end before its start returns, and then comes here again: the one who is here already goes on instead.</summary>
    private void StartDue()
    {
        lock (_lock)
        {
            if (_starting)
                return;
            _starting = true;
        }

        while (true)
        {
            ProbedNode node;
            long now;
            lock (_lock)
            {
                now = NowMs;
                if (NextDue_NeedsLock(now) is not { } due)
                {
                    _starting = false;
                    Wake_NeedsLock();
                    return;
                }

                node = due;
            }

            _ = RunAsync(node, now); // its end comes back to the schedule
        }
    }

    private ProbedNode? NextDue_NeedsLock(long now)
    {
        while (!_stopped && _underWay < UnderWayMax && _due.TryPeek(out ProbedNode? node, out long at) && (at <= now || node.IsGone))
        {
            _due.Dequeue();
            node.IsQueued = false;
            ProbedUpstream upstream = node.Upstream;
            if (node.IsGone)
            {
                _goneInQueue--;
                continue;
            }

            if (upstream.UnderWay >= upstream.Plan.Checks.Concurrency)
            {
                upstream.Waiting.Enqueue((node, at));
                continue;
            }

            _underWay++;
            upstream.UnderWay++;
            return node;
        }

        return null;
    }

    private async Task RunAsync(ProbedNode node, long startedMs)
    {
        try
        {
            await _probe(node);
        }
        finally
        {
            bool isWantedNow;
            lock (_lock)
                isWantedNow = End_NeedsLock(node, startedMs);
            if (isWantedNow)
                StartDue();
        }
    }

    /// <summary>True when somebody waits for the place that has become free; who is merely due comes with the next step.</summary>
    private bool End_NeedsLock(ProbedNode node, long startedMs)
    {
        ProbedUpstream upstream = node.Upstream;
        bool isWanted = _underWay-- == UnderWayMax;
        upstream.UnderWay--;
        if (_stopped)
            return false;
        if (!node.IsGone)
        {
            TimeSpan interval = node.State.Health.IsHealthy ? upstream.Plan.Checks.HealthyInterval : upstream.Plan.Checks.UnhealthyInterval;
            double share = node.WasProbed ? 0.9 + (0.2 * _jitter.NextDouble()) : 0.1 + _jitter.NextDouble();
            node.WasProbed = true;
            Queue_NeedsLock(node, startedMs + (long)(interval.TotalMilliseconds * share));
        }

        while (upstream.Waiting.TryDequeue(out (ProbedNode Node, long DueMs) next))
        {
            if (next.Node.IsGone)
                continue;
            Queue_NeedsLock(next.Node, next.DueMs);
            isWanted = true;
            break;
        }

        if (!isWanted)
            Wake_NeedsLock();
        return isWanted;
    }

    private void Queue_NeedsLock(ProbedNode node, long atMs)
    {
        node.IsQueued = true;
        _due.Enqueue(node, atMs);
    }

    private void Drop_NeedsLock(ProbedUpstream? probed)
    {
        foreach (ProbedNode node in probed?.Nodes.Values ?? Enumerable.Empty<ProbedNode>())
            Drop_NeedsLock(node);
    }

    private void Drop_NeedsLock(ProbedNode node)
    {
        node.Drop();
        if (node.IsQueued)
            _goneInQueue++;
    }

    /// <summary>An edit a second with an interval of a day must not leave a day of nodes in the queue.</summary>
    private void Sweep_NeedsLock()
    {
        if (_goneInQueue < GoneMax || _goneInQueue < _due.Count / 2)
            return;
        (ProbedNode Element, long Priority)[] left = [.. _due.UnorderedItems.Where(static item => !item.Element.IsGone)];
        _due.Clear();
        _due.EnqueueRange(left);
        _goneInQueue = 0;
    }

    private void Wake_NeedsLock()
    {
        if (_stopped || _underWay >= UnderWayMax || !_due.TryPeek(out _, out long at) || at >= _wakesAt)
            return;
        long wait = Math.Clamp(at - NowMs, StepMs, SleepMsMax);
        _wakesAt = NowMs + wait;
        _clock.WakeIn(wait);
    }
}
