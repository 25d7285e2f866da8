using System.Runtime.CompilerServices;
using Headgate.Core.Config;
using Headgate.Core.Snapshot;
using Headgate.Core.Upstreams;
using Headgate.Proxy.Http1;
using Headgate.Proxy.Transport;
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
    private readonly AwaitedNodes _awaited;
    private readonly MissedProbes _missed;
    private readonly ILogger _logger;
    private readonly bool _enabled;
    private readonly bool _onLoop;

    /// <summary>Makes a monitor that follows <paramref name="served"/>. <paramref name="enabled"/> false: nothing is probed nor counted, all nodes stay healthy.</summary>
    internal HealthMonitor(
        ServedUpstreams served, ProbeEngine engine, EndpointResolver resolver, HeadLimits limits, TimeProvider time, int seed, ILogger<HealthMonitor> logger, bool enabled)
    {
        _served = served;
        _time = time;
        _onLoop = engine.OnLoop;
        _prober = new Prober(engine.Connector, engine.Steps, resolver, limits, time);
        _schedule = new ProbeSchedule(ProbeAsync, time, engine.Clock, seed);
        _awaited = new AwaitedNodes(served, time, logger);
        _missed = new MissedProbes(time, logger);
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

    /// <summary>Probes so far that the gateway had no socket for; among those that said nothing.</summary>
    public long ProbesMissed => _missed.Count;

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

        UpstreamSnapshot? before;
        lock (_lock)
        {
            before = _upstreams.GetValueOrDefault(owner)?.Upstream;
            _upstreams[owner] = new ServedUpstream(owner, upstream);
        }

        _awaited.OnServed(before, upstream, plan.Checks.IsMandatory);
        _schedule.Set(owner, upstream, plan);
    }

    /// <inheritdoc/>
    public void Removed(string owner)
    {
        ServedUpstream? known;
        lock (_lock)
            _upstreams.Remove(owner, out known);
        if (known is null)
            return;
        _schedule.Remove(owner);
        AwaitedNodes.OnRemoved(known.Upstream);
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

    [AsyncMethodBuilder(typeof(PooledAsyncMethodBuilder))]
    private async ValueTask ProbeAsync(ProbedNode node)
    {
        // The caller has other probes to start; and sockets complete inline on threads that may serve traffic, which the schedule's lock is not for. A loop brings its own back.
        if (!_onLoop)
            await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        HealthFinding finding = await _prober.RunAsync(node);
        if (!_onLoop)
            await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);

        ActiveCheckConfig checks = node.Upstream.Plan.Checks;
        HealthEvent said = finding.Judge(checks);
        Interlocked.Increment(ref _probes[(int)said]);
        if (finding.Failure == AttemptFailure.NoSocket)
            _missed.Add(node);
        if (node.IsGone)
            return;
        if (said == HealthEvent.Success && AwaitedNodes.IsAwaited(node.State))
            ThreadPool.UnsafeQueueUserWorkItem(static admitted => admitted.Self._awaited.Admit(admitted.State, "probe", admitted.Finding.ToString()), (Self: this, node.State, Finding: finding), false);
        if (node.State.Health.Report(said, checks.Thresholds))
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
