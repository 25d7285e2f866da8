using Headgate.Core.Snapshot;
using Headgate.Core.Upstreams;

namespace Headgate.Proxy.Probes;

/// <summary>
/// Says which node is probed when: all nodes of all upstreams in one queue by time, one timer, as many probes at once as an upstream's <c>concurrency</c> and
/// <see cref="UnderWayMax"/> allow. Times are spread by a tenth to either side, so that nodes that came together do not stay together. Thread-safe; a lock, never
/// taken by a thread that serves traffic.
/// </summary>
internal sealed class ProbeSchedule : IDisposable
{
    /// <summary>Probes under way in the whole process: each costs a descriptor that clients may need more.</summary>
    public const int UnderWayMax = 256;

    /// <summary>The timer wakes no more often than this; what falls due meanwhile starts together.</summary>
    private const long StepMs = 5;

    /// <summary>The timer sleeps no longer than this: it takes 49 days at most, intervals may be longer.</summary>
    private const long SleepMsMax = 3_600_000;

    /// <summary>A new node's first probe comes at a random time within this.</summary>
    private const long FirstWithinMs = 1000;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, ProbedUpstream> _upstreams = new(StringComparer.Ordinal);
    private readonly PriorityQueue<ProbedNode, long> _due = new();
    private readonly Func<ProbedNode, Task> _probe;
    private readonly TimeProvider _time;
    private readonly Random _jitter;
    private readonly ITimer _timer;
    private long _wakesAt = long.MaxValue;
    private int _underWay;
    private bool _stopped;

    /// <summary>Makes an empty schedule.</summary>
    /// <param name="probe">Probes a node; must not throw.</param>
    /// <param name="time">Clock of the schedule.</param>
    /// <param name="seed">Spreads the times.</param>
    public ProbeSchedule(Func<ProbedNode, Task> probe, TimeProvider time, int seed)
    {
        _probe = probe;
        _time = time;
        _jitter = new Random(seed);
        _timer = time.CreateTimer(static state => ((ProbeSchedule)state!).OnTimer(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Probes exactly the nodes of <paramref name="upstream"/> from now on; those that were probed before keep their times when the plan is the same.</summary>
    public void Set(string owner, UpstreamSnapshot upstream, ProbePlan plan)
    {
        lock (_lock)
        {
            if (!_upstreams.TryGetValue(owner, out ProbedUpstream? probed) || probed.Plan != plan)
            {
                Drop_NeedsLock(probed);
                _upstreams[owner] = probed = new ProbedUpstream(plan);
            }

            var wanted = upstream.Nodes.Select(node => node.State).ToHashSet<NodeState>(ReferenceEqualityComparer.Instance);
            foreach (ProbedNode node in probed.Nodes.Values.Where(node => !wanted.Contains(node.State)).ToArray())
            {
                node.IsGone = true;
                probed.Nodes.Remove(node.State);
            }

            foreach (NodeState state in wanted)
            {
                if (probed.Nodes.ContainsKey(state))
                    continue;
                var node = new ProbedNode(probed, state);
                probed.Nodes.Add(state, node);
                _due.Enqueue(node, NowMs + _jitter.NextInt64(FirstWithinMs));
            }

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

        _timer.Dispose();
    }

    private long NowMs => (long)_time.GetElapsedTime(0).TotalMilliseconds;

    private static void Drop_NeedsLock(ProbedUpstream? probed)
    {
        foreach (ProbedNode node in probed?.Nodes.Values ?? Enumerable.Empty<ProbedNode>())
            node.IsGone = true;
    }

    private void OnTimer()
    {
        lock (_lock)
        {
            _wakesAt = long.MaxValue;
            StartDue_NeedsLock();
        }
    }

    private void StartDue_NeedsLock()
    {
        long now = NowMs;
        while (_underWay < UnderWayMax && _due.TryPeek(out ProbedNode? node, out long at) && (at <= now || node.IsGone))
        {
            _due.Dequeue();
            ProbedUpstream upstream = node.Upstream;
            if (node.IsGone)
                continue;
            if (upstream.UnderWay >= upstream.Plan.Checks.Concurrency)
            {
                upstream.Waiting.Enqueue(node);
                continue;
            }

            _underWay++;
            upstream.UnderWay++;
            _ = RunAsync(node, now); // yields at once; its end comes back to the schedule
        }

        Wake_NeedsLock();
    }

    private async Task RunAsync(ProbedNode node, long startedMs)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            await _probe(node);
        }
        finally
        {
            // Sockets complete inline on threads that may serve traffic, and the lock is not for those.
            await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
            lock (_lock)
                End_NeedsLock(node, startedMs);
        }
    }

    private void End_NeedsLock(ProbedNode node, long startedMs)
    {
        ProbedUpstream upstream = node.Upstream;
        _underWay--;
        upstream.UnderWay--;
        if (_stopped)
            return;
        if (!node.IsGone)
        {
            TimeSpan interval = node.State.Health.IsHealthy ? upstream.Plan.Checks.HealthyInterval : upstream.Plan.Checks.UnhealthyInterval;
            _due.Enqueue(node, startedMs + (long)(interval.TotalMilliseconds * (0.9 + (0.2 * _jitter.NextDouble()))));
        }

        while (upstream.Waiting.TryDequeue(out ProbedNode? next))
        {
            if (next.IsGone)
                continue;
            _due.Enqueue(next, 0); // before all others: it has waited
            break;
        }

        StartDue_NeedsLock();
    }

    private void Wake_NeedsLock()
    {
        if (_stopped || _underWay >= UnderWayMax || !_due.TryPeek(out _, out long at) || at >= _wakesAt)
            return;
        long wait = Math.Clamp(at - NowMs, StepMs, SleepMsMax);
        _wakesAt = NowMs + wait;
        _timer.Change(TimeSpan.FromMilliseconds(wait), Timeout.InfiniteTimeSpan);
    }
}
