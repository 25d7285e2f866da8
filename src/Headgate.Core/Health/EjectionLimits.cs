using Headgate.Core.Config;
using Headgate.Core.Upstreams;

namespace Headgate.Core.Health;

/// <summary>How many nodes may be ejected at a time: at most a part of all, and so many must be left to use.</summary>
internal static class EjectionLimits
{
    /// <summary>Whether one more may be ejected.</summary>
    public static bool Allow(OutlierDetectionConfig config, IReadOnlyList<NodeState> nodes, NodeState candidate) =>
        (CountEjected(nodes) + 1) * 100 <= config.MaxEjectionPercent * (long)nodes.Count
        && nodes.Count(node => node != candidate && node.IsUsable) >= config.MinRemainingHosts;

    /// <summary>Whether those that are ejected may be. Nodes that go, and others that fail, may have changed that.</summary>
    public static bool Hold(OutlierDetectionConfig config, IReadOnlyList<NodeState> nodes)
    {
        int ejected = CountEjected(nodes);
        return ejected == 0
            || (ejected * 100L <= config.MaxEjectionPercent * (long)nodes.Count && nodes.Count(node => node.IsUsable) >= config.MinRemainingHosts);
    }

    /// <summary>How many are ejected.</summary>
    public static int CountEjected(IReadOnlyList<NodeState> nodes) => nodes.Count(IsEjected);

    /// <summary>Whether a node is ejected.</summary>
    public static bool IsEjected(NodeState node) => (node.Exclusions & NodeExclusions.Ejected) != 0;
}
