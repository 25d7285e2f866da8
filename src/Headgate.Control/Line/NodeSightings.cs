using Headgate.Control.Nodes;
using Headgate.Core.Snapshot;
using Headgate.Core.Upstreams;

namespace Headgate.Control.Line;

/// <summary>
/// The nodes of this process that are not simply up. Only the upstreams are looked at in which something has happened, so that neither a quiet second nor an edit costs anything where there are
/// a hundred thousand nodes; all of them are looked at now and then all the same. Thread-safe.
/// </summary>
internal sealed class NodeSightings : INodeChangeObserver, IUpstreamObserver
{
    /// <summary>Looks at all nodes although nothing was heard of any.</summary>
    private static readonly TimeSpan LookMax = TimeSpan.FromSeconds(10);

    private readonly Lock _looking = new();
    private readonly Lock _noting = new();
    private readonly ServedUpstreams _upstreams;
    private readonly TimeProvider _time;
    private Dictionary<(string Owner, string Node), NodeSighting> _seen = [];
    private HashSet<string> _changed = new(StringComparer.Ordinal);
    private long _looked;

    /// <summary>Begins to listen. Before anything is served.</summary>
    public NodeSightings(ServedUpstreams upstreams, TimeProvider time)
    {
        (_upstreams, _time, _looked) = (upstreams, time, time.GetTimestamp());
        upstreams.Listen(this);
        upstreams.Follow(this);
    }

    /// <summary>All of them now, by node. Never changed afterwards; the same object as before when nothing is otherwise.</summary>
    public IReadOnlyDictionary<(string Owner, string Node), NodeSighting> Now
    {
        get
        {
            lock (_looking)
            {
                bool looksAtAll = _time.GetElapsedTime(_looked) > LookMax;
                if (looksAtAll)
                    _looked = _time.GetTimestamp();
                HashSet<string> changed = TakeChanged(); // before looking: what happens meanwhile is looked at next time
                if (looksAtAll)
                    _seen = Look([.. _upstreams.All.Select(static served => served.Owner), .. _seen.Keys.Select(static node => node.Owner), .. changed]);
                else if (changed.Count > 0)
                    _seen = Look(changed);
                return _seen;
            }
        }
    }

    /// <summary>Nodes that were looked at so far.</summary>
    internal long LookedAtForTest { get; private set; }

    /// <inheritdoc/>
    public void Changed(NodeState node, NodeChange change) => Note(node.Key.Owner);

    /// <inheritdoc/>
    public void Served(string owner, UpstreamSnapshot upstream) => Note(owner);

    /// <inheritdoc/>
    public void Removed(string owner) => Note(owner);

    private void Note(string owner)
    {
        lock (_noting)
            _changed.Add(owner);
    }

    private HashSet<string> TakeChanged()
    {
        lock (_noting)
        {
            if (_changed.Count == 0)
                return _changed;
            HashSet<string> changed = _changed;
            _changed = new HashSet<string>(StringComparer.Ordinal);
            return changed;
        }
    }

    /// <summary>What is seen, with the nodes of <paramref name="owners"/> looked at again.</summary>
    private Dictionary<(string Owner, string Node), NodeSighting> Look(HashSet<string> owners)
    {
        var found = new List<NodeSighting>();
        int same = 0;
        foreach (string owner in owners)
        {
            foreach (NodeSnapshot node in _upstreams.Find(owner)?.Nodes ?? [])
            {
                LookedAtForTest++;
                if (Of(owner, node.State) is not { } sighting)
                    continue;
                found.Add(sighting);
                same += ReferenceEquals(_seen.GetValueOrDefault((owner, sighting.Node)), sighting) ? 1 : 0;
            }
        }

        int before = _seen.Keys.Count(node => owners.Contains(node.Owner));
        if (same == found.Count && before == found.Count)
            return _seen;
        var seen = new Dictionary<(string Owner, string Node), NodeSighting>(_seen.Count + found.Count - before);
        foreach (((string Owner, string Node) node, NodeSighting sighting) in _seen)
        {
            if (!owners.Contains(node.Owner))
                seen.Add(node, sighting);
        }

        foreach (NodeSighting sighting in found)
            seen[(sighting.Owner, sighting.Node)] = sighting;
        return seen;
    }

    private NodeSighting? Of(string owner, NodeState node)
    {
        NodeExclusions exclusions = node.Exclusions;
        if (exclusions == NodeExclusions.None)
            return null;
        NodeChange? latest = node.LatestChange;
        string name = NodeJson.Name(node);
        var sighting = new NodeSighting(owner, name, NodeJson.StateOf(node), NodeJson.Names(exclusions)) { Since = latest?.At, Source = latest?.Source, Reason = latest?.Reason };

        // The same as before is the same object: who compares what was told need not look inside.
        return _seen.TryGetValue((owner, name), out NodeSighting? before) && before.State == sighting.State && before.Since == sighting.Since && before.Exclusions.SequenceEqual(sighting.Exclusions)
            ? before : sighting;
    }
}
