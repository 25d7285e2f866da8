using Headgate.Core.Config;
using Headgate.Core.Upstreams;

namespace Headgate.Core.Snapshot;

/// <summary>An override as it acts here. Written by <see cref="NodeOverrides"/> and <see cref="NodeDrains"/>, read by any thread.</summary>
public sealed class NodeOverride
{
    private NodeState? _node;
    private long _drainedAtTicks;
    private int _cutOff;

    /// <summary>Makes one that no node has yet.</summary>
    internal NodeOverride(OverrideConfig config) => Config = config;

    /// <summary>As the operator gave it.</summary>
    public OverrideConfig Config { get; }

    /// <summary>The node it acts on; null while its upstream has no such node.</summary>
    public NodeState? Node
    {
        get => Volatile.Read(ref _node);
        internal set => Volatile.Write(ref _node, value);
    }

    /// <summary>Since when a draining node is drained; null while it is not.</summary>
    public DateTimeOffset? DrainedAt
    {
        get => Volatile.Read(ref _drainedAtTicks) is var ticks and > 0 ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;
        internal set => Volatile.Write(ref _drainedAtTicks, value?.UtcTicks ?? 0);
    }

    /// <summary>Connections that were cut off at the deadline.</summary>
    public int CutOff => Volatile.Read(ref _cutOff);

    /// <summary>Acts on <paramref name="node"/> from now on; what was found while the same word held before goes on.</summary>
    internal void Enter(NodeState node, NodeOverride? before)
    {
        Node = node;
        if (Config.Kind != OverrideKind.Drain)
            return;
        if (before is { Config.Kind: OverrideKind.Drain })
            (DrainedAt, _cutOff) = (before.DrainedAt, before.CutOff);
        DrainedAt ??= node.Timeline.Changes.LastOrDefault(change => change.Kind == NodeChangeKind.Drained && change.At >= Config.Since)?.At;
    }

    /// <summary>Counts <paramref name="connections"/> more.</summary>
    internal void AddCutOff(int connections) => Interlocked.Add(ref _cutOff, connections);
}
