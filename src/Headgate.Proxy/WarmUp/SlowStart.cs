using Headgate.Core.Snapshot;
using Headgate.Core.Upstreams;
using Microsoft.Extensions.Logging;

namespace Headgate.Proxy.WarmUp;

/// <summary>
/// Slow start of the nodes of every upstream that has <c>warm_up_conf</c>: a node that joins it, or comes back after it was out for whatever reason (checks, ejection, drain,
/// force), takes a share of its picks that grows (<see cref="PickShareCause.SlowStart"/>). The nodes an upstream has when it is first served, or when it gets
/// <c>warm_up_conf</c>, are warm. The clock lies on the node (<see cref="NodeState.WarmUp"/>): one that is set before the upstream is served goes on. Thread-safe; a timer runs only
/// while a node warms up.
/// </summary>
public sealed class SlowStart : IUpstreamObserver, INodeChangeObserver, IDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, WarmingUpstream> _upstreams = new(StringComparer.Ordinal);
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly long _started;

    /// <summary>Makes it follow <paramref name="served"/>; the gateway starts now.</summary>
    public SlowStart(ServedUpstreams served, TimeProvider time, ILogger<SlowStart> logger)
    {
        _time = time;
        _logger = logger;
        _started = time.GetTimestamp();
        served.Follow(this);
        served.Listen(this);
    }

    /// <inheritdoc/>
    public void Served(string owner, UpstreamSnapshot upstream)
    {
        if (upstream.Config.WarmUp is not { } config)
        {
            Removed(owner);
            foreach (NodeSnapshot node in upstream.Nodes)
                node.State.WarmUp.BegunAt = null; // what is remembered from before a restart counts no more
            return;
        }

        lock (_lock)
        {
            if (_upstreams.TryGetValue(owner, out WarmingUpstream? known))
                known.Edit(upstream, config, newOnesAreWarm: _time.GetElapsedTime(_started) < config.StartupGrace);
            else
                _upstreams.Add(owner, new WarmingUpstream(upstream, config, _lock, _time, _logger));
        }
    }

    /// <inheritdoc/>
    public void Removed(string owner)
    {
        lock (_lock)
        {
            if (_upstreams.Remove(owner, out WarmingUpstream? gone))
                gone.End();
        }
    }

    /// <inheritdoc/>
    public void Changed(NodeState node, NodeChange change)
    {
        lock (_lock)
        {
            if (_upstreams.TryGetValue(node.Key.Owner, out WarmingUpstream? upstream))
                upstream.OnChanged(node, change.Kind);
        }
    }

    /// <summary>Ends the timers; shares stay as they are.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            foreach (WarmingUpstream upstream in _upstreams.Values)
                upstream.Dispose();
        }
    }
}
