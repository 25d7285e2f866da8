using Headgate.Core.Snapshot;
using Headgate.Core.Upstreams;
using Headgate.Proxy.Http1;
using Headgate.Proxy.Upstream;
using Microsoft.Extensions.Logging;

namespace Headgate.Proxy.Probes;

/// <summary>
/// Keeps the health of nodes: probes those of every upstream that has <c>checks</c> and counts what requests find. What it learns lies on the nodes. Thread-safe; a
/// change of health is logged and applied on the thread pool.
/// </summary>
public sealed class HealthMonitor : IUpstreamObserver, IHealthView, IDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, ServedUpstream> _upstreams = new(StringComparer.Ordinal);
    private readonly ServedUpstreams _served;
    private readonly TimeProvider _time;
    private readonly long[] _probes = new long[Enum.GetValues<HealthEvent>().Length];
    private readonly Prober _prober;
    private readonly ProbeSchedule _schedule;
    private readonly ILogger _logger;
    private readonly bool _enabled;

    /// <summary>Makes a monitor that follows <paramref name="served"/>. <paramref name="enabled"/> false: nothing is probed nor counted, all nodes stay healthy.</summary>
    internal HealthMonitor(
        ServedUpstreams served, SocketConnector connector, EndpointResolver resolver, HeadLimits limits, TimeProvider time, int seed, ILogger<HealthMonitor> logger, bool enabled)
    {
        _served = served;
        _time = time;
        _prober = new Prober(connector, resolver, limits);
        _schedule = new ProbeSchedule(ProbeAsync, time, seed);
        _logger = logger;
        _enabled = enabled;
        served.Follow(this);
    }

    /// <inheritdoc/>
    public IReadOnlyList<ServedUpstream> Checked
    {
        get
        {
            lock (_lock)
                return [.. _upstreams.Values.OrderBy(upstream => upstream.Owner, StringComparer.Ordinal)];
        }
    }

    /// <summary>Probes so far, by what they said about the node.</summary>
    public long Probes(HealthEvent said) => Volatile.Read(ref _probes[(int)said]);

    /// <inheritdoc/>
    public ServedUpstream? Find(string owner)
    {
        lock (_lock)
            return _upstreams.GetValueOrDefault(owner);
    }

    /// <inheritdoc/>
    public void Served(string owner, UpstreamSnapshot upstream)
    {
        if (!_enabled || ProbePlan.For(upstream.Config) is not { } plan)
        {
            Removed(owner);
            return;
        }

        lock (_lock)
            _upstreams[owner] = new ServedUpstream(owner, upstream);
        _schedule.Set(owner, upstream, plan);
    }

    /// <inheritdoc/>
    public void Removed(string owner)
    {
        bool known;
        lock (_lock)
            known = _upstreams.Remove(owner);
        if (known)
            _schedule.Remove(owner);
    }

    /// <summary>A try at a node ended; <paramref name="status"/> is that of its answer, if there was one. Never blocks; allocates only when the health changes.</summary>
    public void OnTryEnd(UpstreamSnapshot upstream, NodeSnapshot node, AttemptFailure failure, int status)
    {
        if (!_enabled || upstream.Config.Checks?.Passive is not { } checks)
            return;
        if (failure != AttemptFailure.None && node.State.IsWithdrawn)
            return; // an operator may have cut it off; what is left of a node on its way out is no verdict
        var finding = new HealthFinding(failure, status);
        if (node.State.Health.Report(finding.Judge(checks), checks.Thresholds))
            ThreadPool.UnsafeQueueUserWorkItem(static change => change.Self.OnChanged(change.State, "request", change.Finding), (Self: this, node.State, Finding: finding), false);
    }

    /// <summary>Ends the probes.</summary>
    public void Dispose() => _schedule.Dispose();

    private async Task ProbeAsync(ProbedNode node)
    {
        ProbePlan plan = node.Upstream.Plan;
        HealthFinding finding = await _prober.RunAsync(plan, node.State, node.Request);
        HealthEvent said = finding.Judge(plan.Checks);
        Interlocked.Increment(ref _probes[(int)said]);
        if (!node.IsGone && node.State.Health.Report(said, plan.Checks.Thresholds))
            ThreadPool.UnsafeQueueUserWorkItem(static change => change.Self.OnChanged(change.State, "probe", change.Finding), (Self: this, node.State, Finding: finding), false);
    }

    private void OnChanged(NodeState node, string source, HealthFinding finding)
    {
        string reason = finding.ToString();
        bool isHealthy = node.Health.IsHealthy;
        if (isHealthy)
            HealthLog.NodeHealthy(_logger, node.Key.Host, node.Key.Port, node.Key.Owner, source, reason);
        else
            HealthLog.NodeUnhealthy(_logger, node.Key.Host, node.Key.Port, node.Key.Owner, source, reason);
        _served.OnChanged(node, new NodeChange(_time.GetUtcNow(), isHealthy ? NodeChangeKind.Healthy : NodeChangeKind.Unhealthy, source, reason));
    }
}
