using System.Runtime.InteropServices;
using Headgate.Core.Primitives;
using Headgate.Core.Upstreams;

namespace Headgate.Core.LoadBalancing;

/// <summary>
/// Decides whether a node that takes only a share of its picks (<see cref="PickShare"/>) takes this one. Where the policy hashes, the draw is a function of key and
/// node: a key that has come to a node stays there while the share grows, and no other key moves. Elsewhere it is a random number of its own, not of the policy's
/// turns, which stay as they are.
/// <para>
/// A policy that prefers idle nodes offers a node that takes few of its picks nearly all of them, since it stays the idlest: of n nodes it would get n times its share.
/// There the node's tries under way are bounded too, by its share of its part, by weight, of those of its tier; one is always allowed.
/// </para>
/// </summary>
internal sealed class WarmingNodes(NodeSnapshot[] nodes, BalancerState draws, bool boundsLoad)
{
    /// <summary>Whether the node takes the pick. Any thread; allocates nothing.</summary>
    public bool Takes(NodeSnapshot node, in PickContext context)
    {
        int share = node.State.Share.Effective;
        if (share == PickShare.Full)
            return true;
        ulong random = context.Key == 0 ? draws.NextRandom() : Mix64.Of(context.Key ^ Mix64.Of(Identity(node)));
        return Mix64.Below(random, PickShare.Full) < share && (!boundsLoad || IsWithinPart(node, share));
    }

    /// <summary>The same for the same host and port, in every process and through every edit.</summary>
    private static ulong Identity(NodeSnapshot node) =>
        ((ulong)node.Config.Port << 32) | Crc32.End(Crc32.Update(Crc32.Begin, MemoryMarshal.AsBytes(node.Config.Host.AsSpan())));

    /// <summary>(own + 1) ≤ share · weight / weights · (all + 1), without a division; or it has none.</summary>
    private bool IsWithinPart(NodeSnapshot node, int share)
    {
        long own = node.State.InFlight;
        if (own == 0)
            return true;
        double inFlight = 1, weights = 0;
        foreach (NodeSnapshot peer in nodes)
        {
            if (peer.Config.Priority != node.Config.Priority || peer.Config.Weight == 0 != (node.Config.Weight == 0) || !peer.State.IsUsable)
                continue;
            inFlight += peer.State.InFlight;
            weights += UntriedNodes.Weight(peer);
        }

        return (own + 1) * weights * PickShare.Full <= share * (double)UntriedNodes.Weight(node) * inFlight;
    }
}
