using Headgate.Core.LoadBalancing;
using Headgate.Core.Snapshot;
using Headgate.Core.Upstreams;

namespace Headgate.Proxy.Telemetry;

/// <summary>Why a node was picked, as far as it is known without a look at the others. Of the default value nothing is known.</summary>
internal readonly struct NotedPick
{
    private NotedPick(UpstreamSnapshot upstream, NodeSnapshot node, in PickContext pick)
    {
        Node = node.State;
        Score = LoadBalancingPolicies.Get(upstream.Config.Type).Score(node, pick.NowMs);
        Hash = (pick.Key & PickContext.HasKey) != 0 ? (uint)pick.Key : null;
        if (pick.Drawn.First != 0)
            Drawn = (upstream.Nodes[pick.Drawn.First - 1].State, upstream.Nodes[pick.Drawn.Challenger - 1].State);
    }

    /// <summary>The node; null = nothing is known.</summary>
    public NodeState? Node { get; }

    /// <summary>What the policy compared it by, right after the pick; null when it compares nothing, or the node was not measured.</summary>
    public double? Score { get; }

    /// <summary>What the policy hashed of the request, as CRC-32; null when it hashed nothing.</summary>
    public uint? Hash { get; }

    /// <summary>The two that were drawn, the first drawn first; null when no two were.</summary>
    public (NodeState First, NodeState Challenger)? Drawn { get; }

    /// <summary>What is known of a pick that was made a moment ago. Allocates nothing.</summary>
    public static NotedPick Of(UpstreamSnapshot upstream, NodeSnapshot node, in PickContext pick) => new(upstream, node, in pick);
}
