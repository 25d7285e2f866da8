using Headgate.Control.Nodes;
using Headgate.Core.Snapshot;
using Headgate.Core.Upstreams;

namespace Headgate.Control.Line;

/// <summary>
/// The nodes of this process that are not simply up. All nodes are looked at again only after something has happened to one, and now and then all the same. Thread-safe.
/// </summary>
internal sealed class NodeSightings : INodeChangeObserver, IUpstreamObserver
{
    /// <summary>Looks at all nodes although nothing was heard of any.</summary>
    private static readonly TimeSpan LookMax = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private readonly ServedUpstreams _upstreams;
    private readonly TimeProvider _time;
    private Dictionary<(string Owner, string Node), NodeSighting> _seen = [];
    private long _looked;
    private volatile bool _changed = true;

    /// <summary>Begins to listen. Before anything is served.</summary>
    public NodeSightings(ServedUpstreams upstreams, TimeProvider time)
    {
        (_upstreams, _time) = (upstreams, time);
        upstreams.Listen(this);
        upstreams.Follow(this);
    }

    /// <summary>All of them now, by node. Never changed afterwards.</summary>
    public IReadOnlyDictionary<(string Owner, string Node), NodeSighting> Now
    {
        get
        {
            lock (_lock)
            {
                if (_changed || _time.GetElapsedTime(_looked) > LookMax)
                {
                    _changed = false; // before looking: what happens meanwhile is looked at next time
                    _looked = _time.GetTimestamp();
                    _seen = Look();
                }

                return _seen;
            }
        }
    }

    /// <inheritdoc/>
    public void Changed(NodeState node, NodeChange change) => _changed = true;

    /// <inheritdoc/>
    public void Served(string owner, UpstreamSnapshot upstream) => _changed = true;

    /// <inheritdoc/>
    public void Removed(string owner) => _changed = true;

    private Dictionary<(string Owner, string Node), NodeSighting> Look()
    {
        var seen = new Dictionary<(string, string), NodeSighting>();
        foreach ((string owner, UpstreamSnapshot upstream) in _upstreams.All)
        {
            foreach (NodeSnapshot node in upstream.Nodes)
            {
                if (Of(owner, node.State) is { } sighting)
                    seen[(owner, sighting.Node)] = sighting;
            }
        }

        return seen;
    }

    private NodeSighting? Of(string owner, NodeState node)
    {
        NodeExclusions exclusions = node.Exclusions;
        if (exclusions == NodeExclusions.None && !node.IsForcedUp)
            return null;
        NodeChange? latest = node.LatestChange;
        string name = NodeJson.Name(node);
        var sighting = new NodeSighting(owner, name, NodeJson.StateOf(node), NodeJson.Names(exclusions)) { Since = latest?.At, Source = latest?.Source, Reason = latest?.Reason };

        // The same as before is the same object: who compares what was told need not look inside.
        return _seen.TryGetValue((owner, name), out NodeSighting? before) && before.State == sighting.State && before.Since == sighting.Since && before.Exclusions.SequenceEqual(sighting.Exclusions)
            ? before : sighting;
    }
}
