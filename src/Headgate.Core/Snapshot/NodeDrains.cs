using System.Globalization;
using Headgate.Core.Upstreams;

namespace Headgate.Core.Snapshot;

/// <summary>
/// Watches draining nodes to their end: says once that nothing is under way any more, and at the deadline cuts off what is left and ends the sessions that were kept. A node
/// that leaves its upstream before is watched on for the sake of the deadline alone. Thread-safe; looks from a timer, which runs only while something drains.
/// </summary>
internal sealed class NodeDrains : IDisposable
{
    /// <summary>How often is looked: a deadline is kept to within this.</summary>
    private static readonly TimeSpan LookPeriod = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// Looks in a row that must find nothing under way. A request that picked the node just before it was taken out counts from a moment later on, and one that
    /// waited for its connection is for a moment not counted.
    /// </summary>
    private const int QuietLooks = 2;

    private readonly Lock _lock = new();
    private readonly Dictionary<NodeOverride, int> _quietLooks = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<NodeOverride, NodeState> _departed = new(ReferenceEqualityComparer.Instance);
    private readonly ServedUpstreams _served;
    private readonly INodeConnectionCloser _connections;
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private bool _isLooking;

    public NodeDrains(ServedUpstreams served, INodeConnectionCloser connections, TimeProvider time)
    {
        (_served, _connections, _time) = (served, connections, time);
        _timer = time.CreateTimer(static drains => ((NodeDrains)drains!).Look(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Watches from now on; <paramref name="drain"/> has its node, which takes no new requests any more.</summary>
    public void Begin(NodeOverride drain)
    {
        _connections.CloseIdle(drain.Node!);
        lock (_lock)
        {
            _departed.Remove(drain);
            _quietLooks[drain] = 0;
            SetTimer_NeedsLock();
        }
    }

    /// <summary>The node has left its upstream, or had left it before: at the deadline what is still under way there is cut off. Nothing when <paramref name="item"/> has none.</summary>
    public void Depart(NodeOverride item, NodeState node)
    {
        if (item.Config.DeadlineAt is null)
            return;
        lock (_lock)
        {
            _departed[item] = node;
            SetTimer_NeedsLock();
        }
    }

    /// <summary>Watches no more; the node when it had left its upstream and was watched all the same, else null.</summary>
    public NodeState? End(NodeOverride drain)
    {
        lock (_lock)
        {
            _departed.Remove(drain, out NodeState? away);
            _quietLooks.Remove(drain);
            SetTimer_NeedsLock();
            return away;
        }
    }

    public void Dispose() => _timer.Dispose();

    private void Look()
    {
        NodeOverride[] drains;
        KeyValuePair<NodeOverride, NodeState>[] departed;
        lock (_lock)
            (drains, departed) = ([.. _quietLooks.Keys], [.. _departed]);
        foreach (NodeOverride drain in drains)
            Look(drain);
        foreach ((NodeOverride drain, NodeState node) in departed)
            LookAtDeparted(drain, node);
    }

    private void LookAtDeparted(NodeOverride drain, NodeState node)
    {
        if (_time.GetUtcNow() < drain.Config.DeadlineAt)
            return;
        if (node.InFlight > 0)
            drain.AddCutOff(_connections.CutOff(node));
        lock (_lock)
        {
            if (node.InFlight == 0)
                _departed.Remove(drain);
            SetTimer_NeedsLock();
        }
    }

    private void Look(NodeOverride drain)
    {
        if (drain.Node is not { } node)
            return; // it left in this moment, and End comes
        long inFlight = node.InFlight;
        DateTimeOffset now = _time.GetUtcNow();
        if (now >= drain.Config.DeadlineAt)
            EndSessions(drain, node);
        if (inFlight > 0 && now >= drain.Config.DeadlineAt)
            drain.AddCutOff(_connections.CutOff(node));
        lock (_lock)
        {
            if (!_quietLooks.TryGetValue(drain, out int looks))
                return;
            _quietLooks[drain] = looks = inFlight > 0 ? 0 : looks + 1;
            bool isQuiet = looks >= QuietLooks;
            if (isQuiet && !(now < drain.Config.DeadlineAt)) // before it, sessions that are kept may come again
                _quietLooks.Remove(drain);
            SetTimer_NeedsLock();

            // What still waits for a connection after the deadline is cut off when it has one: the watch goes on, the event does not wait.
            if (drain.DrainedAt is not null || !(isQuiet || now >= drain.Config.DeadlineAt + LookPeriod))
                return;
            drain.DrainedAt = now;
        }

        _connections.CloseIdle(node);
        string reason = drain.CutOff == 0 ? "nothing is under way any more" : string.Create(CultureInfo.InvariantCulture, $"connections cut off at the deadline: {drain.CutOff}");
        _served.OnChanged(node, new NodeChange(now, NodeChangeKind.Drained, drain.Config.Who, reason));
    }

    /// <summary>The deadline has passed: sessions that were kept on the node move too.</summary>
    private void EndSessions(NodeOverride drain, NodeState node)
    {
        lock (_lock)
        {
            if (node.IsPastDeadline || !_quietLooks.ContainsKey(drain))
                return; // it is known, or another word holds by now
            node.IsPastDeadline = true;
        }

        _served.Find(node.Key.Owner)?.RefreshUsable();
    }

    private void SetTimer_NeedsLock()
    {
        bool watches = _quietLooks.Count + _departed.Count > 0;
        if (watches == _isLooking)
            return;
        _isLooking = watches;
        TimeSpan period = watches ? LookPeriod : Timeout.InfiniteTimeSpan;
        _timer.Change(period, period);
    }
}
