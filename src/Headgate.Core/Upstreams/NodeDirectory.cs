namespace Headgate.Core.Upstreams;

/// <summary>
/// Gives nodes their states, the same one for the same <see cref="NodeKey"/>: a node that leaves every upstream is remembered for <see cref="RememberedFor"/>,
/// so that taking a node out and putting it back loses nothing. Nodes in use are held by the upstreams that use them, not listed here (100,000 nodes need
/// no second index). Thread-safe: a lock, taken off the request path only.
/// </summary>
public sealed class NodeDirectory : IDisposable
{
    /// <summary>Nodes remembered at most, about 50 MB; beyond, the one that left first is forgotten early.</summary>
    public const int RememberedMax = 100_000;

    /// <summary>How often the forgetting looks.</summary>
    private static readonly TimeSpan SweepPeriod = TimeSpan.FromSeconds(30);

    // Written and read under the lock by the compiling thread and the timer, a few times per edit.
    private readonly Lock _lock = new();
    private readonly Dictionary<NodeKey, Departure> _departed = [];
    private readonly Queue<Departure> _byAge = new();
    private readonly TimeProvider _time;
    private readonly INodeObserver _observer;
    private readonly INodeMemory? _memory;
    private readonly ITimer _timer;
    private bool _sweeping;

    /// <summary>
    /// Makes an empty directory that tells <paramref name="observer"/> about every node. <paramref name="memory"/>: knows nodes from before; null = nobody does.
    /// </summary>
    public NodeDirectory(TimeProvider time, INodeObserver observer, INodeMemory? memory = null)
    {
        _memory = memory;
        _time = time;
        _observer = observer;
        _timer = time.CreateTimer(static directory => ((NodeDirectory)directory!).Forget(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>How long the state of a node or an endpoint that is no longer configured is kept: ten minutes, longer than a rollback takes.</summary>
    public static TimeSpan RememberedFor { get; } = TimeSpan.FromMinutes(10);

    /// <summary>The state for a node that no upstream in use has: the remembered one, or a new one.</summary>
    public NodeState Enter(NodeKey key)
    {
        lock (_lock)
        {
            // Its entry in the queue stays and is passed over when it gets old: it is no longer the one in the dictionary.
            NodeState node = _departed.Remove(key, out Departure? departure) ? departure.Node : Make(key);
            _observer.Added(node);
            return node;
        }
    }

    /// <summary>The node is in no upstream from now on.</summary>
    public void Leave(NodeState node)
    {
        lock (_lock)
        {
            var departure = new Departure(node, _time.GetTimestamp());
            _departed[node.Key] = departure;
            _byAge.Enqueue(departure);
            _observer.Removed(node);
            if (_byAge.Count > RememberedMax)
                ForgetOldest_NeedsLock();
            SetSweeping_NeedsLock(true);
        }
    }

    /// <summary>Writes into a node's timeline what a change of the configuration did to it.</summary>
    public void Note(NodeState node, NodeChangeKind kind, string reason) => node.Timeline.Add(new NodeChange(_time.GetUtcNow(), kind, "configuration", reason));

    /// <summary>Stops forgetting.</summary>
    public void Dispose() => _timer.Dispose();

    private NodeState Make(NodeKey key)
    {
        var node = new NodeState(key);
        _memory?.Recall(node);
        return node;
    }

    private void Forget()
    {
        lock (_lock)
        {
            while (_byAge.TryPeek(out Departure? oldest) && _time.GetElapsedTime(oldest.Left) >= RememberedFor)
                ForgetOldest_NeedsLock();
            SetSweeping_NeedsLock(_byAge.Count != 0);
        }
    }

    private void ForgetOldest_NeedsLock()
    {
        Departure oldest = _byAge.Dequeue();
        if (_departed.TryGetValue(oldest.Node.Key, out Departure? present) && present == oldest)
        {
            _departed.Remove(oldest.Node.Key);
            _observer.Forgotten(oldest.Node);
        }
    }

    /// <summary>An idle gateway has no timer running.</summary>
    private void SetSweeping_NeedsLock(bool sweeping)
    {
        if (sweeping == _sweeping)
            return;
        _sweeping = sweeping;
        TimeSpan period = sweeping ? SweepPeriod : Timeout.InfiniteTimeSpan;
        _timer.Change(period, period);
    }

    /// <summary>A node that left; compared by reference.</summary>
    private sealed class Departure(NodeState node, long left)
    {
        public NodeState Node { get; } = node;

        /// <summary>Timestamp of the <see cref="TimeProvider"/>.</summary>
        public long Left { get; } = left;
    }
}
