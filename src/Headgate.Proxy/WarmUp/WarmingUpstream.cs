using Headgate.Core.Config;
using Headgate.Core.Snapshot;
using Headgate.Core.Upstreams;
using Microsoft.Extensions.Logging;

namespace Headgate.Proxy.WarmUp;

/// <summary>An upstream with slow start: which of its nodes warm up, and the timer that raises their shares. Everything under the lock of who holds it, the timer's work too.</summary>
internal sealed class WarmingUpstream : IDisposable
{
    private readonly Lock _lock;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ITimer _timer;
    private readonly HashSet<NodeState> _nodes;
    private readonly HashSet<NodeState> _warming = [];
    private WarmUpConfig _config;

    /// <summary>Begins with the nodes the upstream has, which are warm unless their clock says otherwise.</summary>
    public WarmingUpstream(UpstreamSnapshot upstream, WarmUpConfig config, Lock @lock, TimeProvider time, ILogger logger)
    {
        (_lock, _time, _logger, _config) = (@lock, time, logger, config);
        _nodes = StatesOf(upstream);
        _timer = time.CreateTimer(static self => ((WarmingUpstream)self!).OnTimer(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        foreach (NodeState node in _nodes)
        {
            if (node.WarmUp.BegunAt is not null)
                _warming.Add(node);
            else if (node.WarmUp.IsOut && node.IsUsable)
                Begin(node); // it was out when the process before this one ended, and has come back meanwhile
        }

        RaiseAll();
    }

    /// <summary>The upstream was edited: nodes that stay keep their clocks, and what they have warmed up counts by the new settings.</summary>
    public void Edit(UpstreamSnapshot upstream, WarmUpConfig config, bool newOnesAreWarm)
    {
        HashSet<NodeState> after = StatesOf(upstream);
        foreach (NodeState gone in _nodes.Where(node => !after.Contains(node)).ToArray())
        {
            _nodes.Remove(gone);
            Forget(gone);
        }

        _config = config;
        foreach (NodeState node in after)
        {
            if (!_nodes.Add(node) || newOnesAreWarm)
                continue;
            if (node.IsUsable)
                Begin(node);
            else
                node.WarmUp.Stop();
        }

        RaiseAll();
    }

    /// <summary>Something has happened to one of the nodes.</summary>
    public void OnChanged(NodeState node, NodeChangeKind kind)
    {
        if (!_nodes.Contains(node))
            return;
        if (node.IsUsable)
        {
            // Out and back within a moment may be told when it is back already: the kind tells that it was out. A node that was forced up never was.
            if (node.WarmUp.IsOut || (kind is NodeChangeKind.Healthy or NodeChangeKind.Returned && !node.IsForcedUp))
                Begin(node);
        }
        else if ((node.Exclusions & ~NodeExclusions.Awaited) != 0)
        {
            Forget(node); // when it is used all the same, because no other is left, it is used in full
            node.WarmUp.Stop();
        }
    }

    /// <summary>Slow start is over for all: the upstream is gone, or has no <c>warm_up_conf</c> any more.</summary>
    public void End()
    {
        Dispose();
        foreach (NodeState node in _nodes)
            Forget(node);
    }

    /// <inheritdoc/>
    public void Dispose() => _timer.Dispose();

    private static HashSet<NodeState> StatesOf(UpstreamSnapshot upstream) => [.. upstream.Nodes.Select(static node => node.State)];

    private void Begin(NodeState node)
    {
        node.WarmUp.BegunAt = _time.GetUtcNow();
        _warming.Add(node);
        int share = _config.ShareAfter(TimeSpan.Zero);
        node.Share.Set(PickShareCause.SlowStart, share);
        SlowStartLog.NodeWarmsUp(_logger, node.Key.Host, node.Key.Port, node.Key.Owner, share / 100.0, _config.Window);
        if (_warming.Count == 1)
            SetTimer();
    }

    private void Forget(NodeState node)
    {
        _warming.Remove(node);
        node.WarmUp.BegunAt = null;
        node.Share.Set(PickShareCause.SlowStart, PickShare.Full);
    }

    private void OnTimer()
    {
        lock (_lock)
            RaiseAll();
    }

    /// <summary>Sets every share to what its clock says.</summary>
    private void RaiseAll()
    {
        DateTimeOffset now = _time.GetUtcNow();
        foreach (NodeState node in _warming.ToArray())
        {
            int share = _config.ShareAfter(now - node.WarmUp.BegunAt!.Value);
            node.Share.Set(PickShareCause.SlowStart, share);
            if (share < PickShare.Full)
                continue;
            Forget(node);
            SlowStartLog.NodeIsWarm(_logger, node.Key.Host, node.Key.Port, node.Key.Owner);
        }

        SetTimer();
    }

    /// <summary>To the next step; to none when all are warm.</summary>
    private void SetTimer()
    {
        TimeSpan next = _warming.Count == 0 ? Timeout.InfiniteTimeSpan : _config.Interval;
        _timer.Change(next, next);
    }
}
