using Headgate.Core.Config;
using Headgate.Core.Upstreams;

namespace Headgate.Core.Snapshot;

/// <summary>
/// Applies operators' overrides to nodes: to those that are served, to those that come later, and again to those that leave and return; takes them back when they go.
/// The compiler tells it of overrides and of upstreams, so that what a snapshot serves obeys the overrides of its revision from its first pick. Anyone may look.
/// </summary>
public sealed class NodeOverrides : IUpstreamObserver, IDisposable
{
    private readonly Lock _lock = new();

    // By owner of the upstream, then by node. Written by the compiling thread, under the lock because others look.
    private readonly Dictionary<string, Dictionary<(string Host, int Port), NodeOverride>> _byOwner = new(StringComparer.Ordinal);
    private readonly ServedUpstreams _served;
    private readonly INodeConnectionCloser _connections;
    private readonly TimeProvider _time;
    private readonly NodeDrains _drains;

    /// <summary>Makes one without overrides that follows <paramref name="served"/>.</summary>
    public NodeOverrides(ServedUpstreams served, INodeConnectionCloser connections, TimeProvider time)
    {
        (_served, _connections, _time) = (served, connections, time);
        _drains = new NodeDrains(served, connections, time);
        served.Follow(this);
    }

    /// <summary>All of them, in no particular order. A copy.</summary>
    public IReadOnlyList<NodeOverride> All
    {
        get
        {
            lock (_lock)
                return [.. _byOwner.Values.SelectMany(nodes => nodes.Values)];
        }
    }

    /// <summary>That of a node; null when there is none.</summary>
    public NodeOverride? Find(OverrideTarget target)
    {
        lock (_lock)
            return _byOwner.GetValueOrDefault(target.Owner)?.GetValueOrDefault((target.Host, target.Port));
    }

    /// <inheritdoc/>
    public void Served(string owner, UpstreamSnapshot upstream)
    {
        NodeOverride[] overrides = Of(owner);
        if (overrides.Length == 0)
            return;
        Dictionary<(string, int), NodeState> nodes = upstream.Nodes.ToDictionary(node => (node.Config.Host, node.Config.Port), node => node.State);
        foreach (NodeOverride item in overrides)
        {
            NodeState? node = nodes.GetValueOrDefault((item.Config.Target.Host, item.Config.Target.Port));
            if (node == item.Node)
                continue;
            Leave(item);
            if (node is not null)
                Replace(null, item, node, upstream);
        }
    }

    /// <inheritdoc/>
    public void Removed(string owner)
    {
        foreach (NodeOverride item in Of(owner))
            Leave(item);
    }

    /// <summary>Watches nothing any more.</summary>
    public void Dispose() => _drains.Dispose();

    /// <summary>
    /// An override is given, replaced or (null) taken back. For the compiling thread, before it publishes the snapshot of that revision: the upstream's picks obey from
    /// the return of this call on.
    /// </summary>
    public void Set(OverrideTarget target, OverrideConfig? config)
    {
        NodeOverride? before = Find(target);
        if (before?.Config == config)
            return;
        NodeOverride? after = config is null ? null : new NodeOverride(config);
        Hold(target, after);
        NodeState? away = before is null ? null : _drains.End(before);
        UpstreamSnapshot? upstream = _served.Find(target.Owner);
        if (upstream?.Nodes.FirstOrDefault(node => node.Config.Host == target.Host && node.Config.Port == target.Port) is { } node)
            Replace(before, after, node.State, upstream);
        else if (away is not null && after is not null)
            _drains.Depart(after, away);
    }

    private NodeOverride[] Of(string owner)
    {
        lock (_lock)
            return _byOwner.TryGetValue(owner, out var nodes) ? [.. nodes.Values] : [];
    }

    private void Hold(OverrideTarget target, NodeOverride? after)
    {
        lock (_lock)
        {
            if (!_byOwner.TryGetValue(target.Owner, out var nodes))
                _byOwner[target.Owner] = nodes = [];
            if (after is not null)
                nodes[(target.Host, target.Port)] = after;
            else if (nodes.Remove((target.Host, target.Port)) && nodes.Count == 0)
                _byOwner.Remove(target.Owner);
        }
    }

    /// <summary>The node leaves its upstream: the words on it stay, and hold again when it returns. What is under way there still has to end by a drain's deadline.</summary>
    private void Leave(NodeOverride item)
    {
        if (item.Node is not { } node)
            return;
        _drains.End(item);
        Mark(node, item.Config.Kind, false);
        node.IsPastDeadline = false;
        item.Node = null;
        _drains.Depart(item, node);
    }

    private void Replace(NodeOverride? before, NodeOverride? after, NodeState node, UpstreamSnapshot upstream)
    {
        bool isSame = before?.Config.Kind == after?.Config.Kind;
        if (before is not null)
            _drains.End(before);
        after?.Enter(node, before);

        // The new word before the old one goes: in between the node must not be picked as if there were none.
        if (after is not null)
            Mark(node, after.Config.Kind, true);
        if (before is not null && !isSame)
            Mark(node, before.Config.Kind, false);
        node.IsPastDeadline = after is { Config.Kind: OverrideKind.Drain } && _time.GetUtcNow() >= after.Config.DeadlineAt;
        upstream.RefreshUsable(); // at once, not soon: the snapshot of this revision is about to be published
        if (!isSame && before is not null)
            _served.OnChanged(node, OverrideChanges.Ended(before.Config, after?.Config, _time.GetUtcNow()));
        if (!isSame && after is not null && OverrideChanges.Begun(after.Config) is var begun && !node.Timeline.Has(begun.Kind, begun.At))
            _served.OnChanged(node, begun);
        if (after is { Config.Kind: OverrideKind.Drain })
            _drains.Begin(after);
        else if (after is { Config.Kind: OverrideKind.ForceDown })
            _connections.CloseIdle(node);
    }

    private static void Mark(NodeState node, OverrideKind kind, bool holds)
    {
        if (kind == OverrideKind.ForceUp)
            node.IsForcedUp = holds;
        else if (holds)
            node.Exclude(Exclusion(kind));
        else
            node.Admit(Exclusion(kind));
    }

    private static NodeExclusions Exclusion(OverrideKind kind) => kind == OverrideKind.Drain ? NodeExclusions.Draining : NodeExclusions.ForcedDown;
}
