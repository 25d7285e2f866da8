using System.Globalization;
using Headgate.Core.Upstreams;

namespace Headgate.Core.Snapshot;

/// <summary>
/// Watches draining nodes to their end: says once that nothing is under way any more, and cuts off what is left at the deadline. Thread-safe; looks from a timer, which
/// runs only while something drains.
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
    private readonly ServedUpstreams _served;
    private readonly INodeConnectionCloser _connections;
    private readonly TimeProvider _time;
    private readonly ITimer _timer;

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
            _quietLooks[drain] = 0;
            if (_quietLooks.Count == 1)
                _timer.Change(LookPeriod, LookPeriod);
        }
    }

    /// <summary>Watches no more.</summary>
    public void End(NodeOverride drain)
    {
        lock (_lock)
            Remove_NeedsLock(drain);
    }

    public void Dispose() => _timer.Dispose();

    private void Look()
    {
        NodeOverride[] drains;
        lock (_lock)
            drains = [.. _quietLooks.Keys];
        foreach (NodeOverride drain in drains)
            Look(drain);
    }

    private void Look(NodeOverride drain)
    {
        if (drain.Node is not { } node)
            return; // it left in this moment, and End comes
        long inFlight = node.InFlight;
        DateTimeOffset now = _time.GetUtcNow();
        if (inFlight > 0 && now >= drain.Config.DeadlineAt)
            drain.AddCutOff(_connections.CutOff(node));
        lock (_lock)
        {
            if (!_quietLooks.TryGetValue(drain, out int looks))
                return;
            _quietLooks[drain] = looks = inFlight > 0 ? 0 : looks + 1;
            bool isQuiet = looks >= QuietLooks;
            if (isQuiet)
                Remove_NeedsLock(drain);

            // What still waits for a connection after the deadline is cut off when it has one: the watch goes on, the event does not wait.
            if (drain.DrainedAt is not null || !(isQuiet || now >= drain.Config.DeadlineAt + LookPeriod))
                return;
            drain.DrainedAt = now;
        }

        _connections.CloseIdle(node);
        string reason = drain.CutOff == 0 ? "nothing is under way any more" : string.Create(CultureInfo.InvariantCulture, $"connections cut off at the deadline: {drain.CutOff}");
        _served.OnChanged(node, new NodeChange(now, NodeChangeKind.Drained, drain.Config.Who, reason));
    }

    private void Remove_NeedsLock(NodeOverride drain)
    {
        if (_quietLooks.Remove(drain) && _quietLooks.Count == 0)
            _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }
}
