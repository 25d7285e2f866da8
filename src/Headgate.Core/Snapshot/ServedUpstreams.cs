using Headgate.Core.Upstreams;

namespace Headgate.Core.Snapshot;

/// <summary>
/// The upstreams that are served now, by owner: where whoever watches nodes (checks, outlier detection, operators' overrides) finds them, and where a change of a
/// node goes, so that it is recorded and its upstream picks accordingly. Thread-safe; pickers are built on the thread pool, several changes at once.
/// </summary>
public sealed class ServedUpstreams : IUpstreamObserver
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, UpstreamSnapshot> _upstreams = new(StringComparer.Ordinal);
    private readonly HashSet<string> _toRefresh = new(StringComparer.Ordinal);
    private readonly List<IUpstreamObserver> _followers = [];
    private readonly List<INodeChangeObserver> _listeners = [];
    private bool _refreshing;

    /// <summary>All of them, in no particular order. A copy.</summary>
    public IReadOnlyList<ServedUpstream> All
    {
        get
        {
            lock (_lock)
                return [.. _upstreams.Select(served => new ServedUpstream(served.Key, served.Value))];
        }
    }

    /// <summary>That of an owner; null when it is not served.</summary>
    public UpstreamSnapshot? Find(string owner)
    {
        lock (_lock)
            return _upstreams.GetValueOrDefault(owner);
    }

    /// <summary>Tells <paramref name="follower"/> of every upstream from now on, after it is found here. Before the first is served.</summary>
    public void Follow(IUpstreamObserver follower) => _followers.Add(follower);

    /// <summary>Tells <paramref name="listener"/> of every change of a node. Before the first is served.</summary>
    public void Listen(INodeChangeObserver listener) => _listeners.Add(listener);

    /// <inheritdoc/>
    public void Served(string owner, UpstreamSnapshot upstream)
    {
        lock (_lock)
            _upstreams[owner] = upstream;
        foreach (IUpstreamObserver follower in _followers)
            follower.Served(owner, upstream);
        upstream.RefreshUsable(); // a node may have changed after the snapshot was built and before it stood here
    }

    /// <inheritdoc/>
    public void Removed(string owner)
    {
        lock (_lock)
            _upstreams.Remove(owner);
        foreach (IUpstreamObserver follower in _followers)
            follower.Removed(owner);
    }

    /// <summary>
    /// Something has happened to a node, which its state says already: records it, and has its upstream look at its nodes anew. Off the request path: it takes locks.
    /// </summary>
    public void OnChanged(NodeState node, NodeChange change)
    {
        node.Timeline.Add(change);
        foreach (INodeChangeObserver listener in _listeners)
            listener.Changed(node, change);
        Refresh(node.Key.Owner);
    }

    /// <summary>Has an upstream look at its nodes anew, soon. Changes that come while that is being done are taken together: a thousand nodes may fail at once.</summary>
    public void Refresh(string owner)
    {
        lock (_lock)
        {
            _toRefresh.Add(owner);
            if (_refreshing)
                return;
            _refreshing = true;
        }

        ThreadPool.UnsafeQueueUserWorkItem(static self => self.RefreshAll(), this, preferLocal: false);
    }

    private void RefreshAll()
    {
        while (true)
        {
            UpstreamSnapshot[] upstreams;
            lock (_lock)
            {
                if (_toRefresh.Count == 0)
                {
                    _refreshing = false;
                    return;
                }

                upstreams = [.. _toRefresh.Where(_upstreams.ContainsKey).Select(owner => _upstreams[owner])];
                _toRefresh.Clear();
            }

            foreach (UpstreamSnapshot upstream in upstreams)
                upstream.RefreshUsable();
        }
    }
}
