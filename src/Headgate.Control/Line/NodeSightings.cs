using Headgate.Control.Nodes;
using Headgate.Core.Snapshot;
using Headgate.Core.Upstreams;

namespace Headgate.Control.Line;

/// <summary>
/// The nodes of this process that are not simply up. Those of an upstream are looked at again after something has happened to one of them or to it, so that an edit costs the same among ten thousand
/// upstreams as among ten; and all nodes now and then all the same. Thread-safe.
/// </summary>
internal sealed class NodeSightings : INodeChangeObserver, IUpstreamObserver
{
    /// <summary>Looks at all nodes although nothing was heard of any.</summary>
    private static readonly TimeSpan LookMax = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();

    // Guarded by itself, held for moments: who adds to it serves snapshots, and must not wait for who looks at nodes.
    private readonly HashSet<string> _changed = new(StringComparer.Ordinal);
    private readonly ServedUpstreams _upstreams;
    private readonly TimeProvider _time;
    private Dictionary<(string Owner, string Node), NodeSighting> _seen = [];
    private long? _looked; // at all nodes; null = never

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
                string[] changed = TakeChanged(); // before looking: what happens meanwhile is looked at next time
                if (_looked is not { } looked || _time.GetElapsedTime(looked) > LookMax)
                {
                    _looked = _time.GetTimestamp();
                    _seen = Look(_upstreams.All, []);
                }
                else if (changed.Length > 0)
                {
                    _seen = Look(ServedNow(changed), WithoutThoseOf(changed));
                }

                return _seen;
            }
        }
    }

    /// <inheritdoc/>
    public void Changed(NodeState node, NodeChange change) => Add(node.Key.Owner);

    /// <inheritdoc/>
    public void Served(string owner, UpstreamSnapshot upstream) => Add(owner);

    /// <inheritdoc/>
    public void Removed(string owner) => Add(owner);

    private void Add(string owner)
    {
        lock (_changed)
            _changed.Add(owner);
    }

    private string[] TakeChanged()
    {
        lock (_changed)
        {
            string[] changed = [.. _changed];
            _changed.Clear();
            return changed;
        }
    }

    private IEnumerable<ServedUpstream> ServedNow(string[] owners)
    {
        foreach (string owner in owners)
        {
            if (_upstreams.Find(owner) is { } upstream)
                yield return new ServedUpstream(owner, upstream);
        }
    }

    private IEnumerable<KeyValuePair<(string Owner, string Node), NodeSighting>> WithoutThoseOf(string[] owners)
    {
        var without = new HashSet<string>(owners, StringComparer.Ordinal);
        return _seen.Where(seen => !without.Contains(seen.Key.Owner));
    }

    private Dictionary<(string Owner, string Node), NodeSighting> Look(IEnumerable<ServedUpstream> upstreams, IEnumerable<KeyValuePair<(string Owner, string Node), NodeSighting>> known)
    {
        var seen = new Dictionary<(string, string), NodeSighting>(known);
        foreach ((string owner, UpstreamSnapshot upstream) in upstreams)
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
