using Headgate.Core.Config;
using Headgate.Core.Upstreams;

namespace Headgate.Core.Snapshot;

/// <summary>What would be left of an upstream's nodes if an operator took one out. Usable = may be picked while others that may are left.</summary>
/// <param name="Nodes">Nodes the upstream has.</param>
/// <param name="Usable">Of them usable now.</param>
/// <param name="Remaining">Usable afterwards.</param>
public readonly record struct RemainingNodes(int Nodes, int Usable, int Remaining)
{
    /// <summary>Counts.</summary>
    /// <param name="upstream">As it is served.</param>
    /// <param name="overrides">
    /// Those in force, by node: as they are stored, which may be newer than what the nodes know yet; two operators must not take the last two nodes out at once.
    /// </param>
    /// <param name="taken">The node to be taken out.</param>
    public static RemainingNodes Without(UpstreamSnapshot upstream, IReadOnlyDictionary<OverrideTarget, OverrideKind> overrides, OverrideTarget taken)
    {
        int usable = 0;
        int remaining = 0;
        foreach (NodeSnapshot node in upstream.Nodes)
        {
            var target = new OverrideTarget(taken.Owner, node.Config.Host, node.Config.Port);
            OverrideKind? word = overrides.TryGetValue(target, out OverrideKind kind) ? kind : null;
            if (!IsUsable(node.State, word))
                continue;
            usable++;
            remaining += target == taken ? 0 : 1;
        }

        return new RemainingNodes(upstream.Nodes.Count, usable, remaining);
    }

    private static bool IsUsable(NodeState node, OverrideKind? word) => word switch
    {
        OverrideKind.ForceUp => true,
        null => (node.Exclusions & ~(NodeExclusions.Draining | NodeExclusions.ForcedDown)) == NodeExclusions.None,
        _ => false,
    };
}
