namespace Headgate.Core.Upstreams;

/// <summary>What happened to a node, the latest <see cref="Length"/> changes. Thread-safe; written off the request path.</summary>
public sealed class NodeTimeline
{
    /// <summary>Changes kept; an older one goes when a new one comes.</summary>
    public const int Length = 50;

    private readonly Lock _lock = new();
    private readonly Queue<NodeChange> _changes = new();

    /// <summary>A copy, the oldest first.</summary>
    public IReadOnlyList<NodeChange> Changes
    {
        get
        {
            lock (_lock)
                return [.. _changes];
        }
    }

    /// <summary>The latest change; null before the first.</summary>
    public NodeChange? Latest
    {
        get
        {
            lock (_lock)
                return _changes.LastOrDefault();
        }
    }

    /// <summary>Whether it has a change of that kind and time.</summary>
    public bool Has(NodeChangeKind kind, DateTimeOffset at)
    {
        lock (_lock)
            return _changes.Any(change => change.Kind == kind && change.At == at);
    }

    /// <summary>Adds a change.</summary>
    public void Add(NodeChange change)
    {
        lock (_lock)
        {
            if (_changes.Count == Length)
                _changes.Dequeue();
            _changes.Enqueue(change);
        }
    }
}
