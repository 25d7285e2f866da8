using Headgate.Core.Upstreams;

namespace Headgate.Core.LoadBalancing;

/// <summary>
/// What a node that the policy picked has to pass in upstreams whose nodes may warm up or have limits: its share (<see cref="PickShare"/>), then a permit
/// (<see cref="RequestPermits"/>). A node that does not pass is passed over for this pick as if it had been tried, so that what it does not take goes to the others as the
/// policy spreads retries: by weight, or along the ring. Immutable, thread-safe; allocates nothing.
/// <para>
/// Shares act inside a tier. When every node of a tier that has a free permit was passed over for its share, the one that was picked first takes the request: no request fails
/// because a node warms up, and none goes to a lower priority. Full nodes are stepped over like tried ones, to lower priorities too.
/// </para>
/// </summary>
internal sealed class PickGate
{
    // One pick at a time uses it; made once a thread, for upstreams of so many nodes.
    [ThreadStatic]
    private static ulong[]? beyondExact;

    private readonly NodeSnapshot[] _nodes;
    private readonly WarmingNodes _warming;
    private readonly bool _limits;
    private readonly bool _takes;
    private readonly BalancerState _draws;
    private readonly bool _boundsLoad;

    /// <summary>Makes the gate.</summary>
    /// <param name="nodes">All nodes of the upstream.</param>
    /// <param name="draws">Where its random numbers come from; not the state of a picker, whose turns it must not use up.</param>
    /// <param name="limits">Whether nodes have permits: then a node that is picked has one taken.</param>
    /// <param name="boundsLoad">Whether the policy prefers idle nodes.</param>
    /// <param name="takes">False: permits are looked at and none is taken.</param>
    public PickGate(NodeSnapshot[] nodes, BalancerState draws, bool limits, bool boundsLoad, bool takes = true)
    {
        _takes = takes;
        _draws = draws;
        _boundsLoad = boundsLoad;
        _nodes = nodes;
        _warming = new WarmingNodes(nodes, draws, boundsLoad);
        _limits = limits;
    }

    /// <summary>A gate whose picks change nothing here: draws of its own, that begin where these stand, and no permit is taken.</summary>
    public PickGate Rehearsal() => new(_nodes, _draws.Copy(), _limits, _boundsLoad, takes: false);

    /// <summary>The node for this try, its permit taken; null when all were tried or are full, which <see cref="PickContext.IsFull"/> tells apart.</summary>
    public NodeSnapshot? Pick(INodePicker[] tiers, ref PickContext context)
    {
        foreach (INodePicker tier in tiers)
        {
            if (tier is SubsetPicker subset)
            {
                // It stands for tiers of its own, and for a session before them, which outlasts a small share as it does without subsets.
                if (Pick(subset.PickersFor(context.Request), ref context) is { } member)
                    return member;
                continue;
            }

            NodeSnapshot? node = PickFrom(tier, ref context, sharesCount: true, out NodeSnapshot? cold);
            if (node is null && cold is not null)
                node = TakesPermit(cold) ? cold : PickFrom(tier, ref context, sharesCount: false, out _);
            if (node is not null)
                return node;
        }

        return null;
    }

    /// <summary>The only node of an upstream, whatever its share, its permit taken; null when it is full.</summary>
    public NodeSnapshot? PickOnly(NodeSnapshot node, ref PickContext context)
    {
        if (TakesPermit(node))
            return node;
        context.IsFull = true;
        return null;
    }

    /// <summary>A node that passes; null when there is none. <paramref name="cold"/>: the first that was passed over for its share.</summary>
    private NodeSnapshot? PickFrom(INodePicker tier, ref PickContext context, bool sharesCount, out NodeSnapshot? cold)
    {
        cold = null;
        TriedNodes passed = context.Tried;
        scoped PickContext others = context;
        others.Tried = ref passed;
        while (tier.Pick(ref others) is { } node)
        {
            if (sharesCount && !_warming.Takes(node, in others))
            {
                cold ??= node;
                passed.Add(node.Index);
            }
            else if (TakesPermit(node))
            {
                context.Drawn = others.Drawn;
                return node;
            }
            else
            {
                context.IsFull = true;
                PassOverFull(ref passed, node, in context.Tried);
            }
        }

        return null;
    }

    private bool TakesPermit(NodeSnapshot node) => !_limits || (_takes ? node.State.Permits.TryTake() : node.State.Permits.HasFree);

    /// <summary>All full nodes at once: of a hundred nodes ninety may be full, and picking each of them in turn would look at all of them ninety times.</summary>
    private void PassOverFull(ref TriedNodes passed, NodeSnapshot full, in TriedNodes tried)
    {
        if (_nodes.Length > TriedNodes.ExactMax)
            PassOverTriedExactly(ref passed, in tried); // else a full node would hide those that share its bit
        passed.Add(full.Index);
        foreach (NodeSnapshot node in _nodes)
        {
            if (!node.State.Permits.HasFree)
                passed.Add(node.Index);
        }
    }

    /// <summary>What was passed over before for its share may be picked again: it draws again.</summary>
    private void PassOverTriedExactly(ref TriedNodes passed, in TriedNodes tried)
    {
        int words = (_nodes.Length - TriedNodes.ExactMax + 63) >> 6;
        if (beyondExact is null || beyondExact.Length < words)
            beyondExact = new ulong[words];
        Array.Clear(beyondExact);
        passed.Extend(beyondExact);
        for (int i = TriedNodes.ExactMax; i < _nodes.Length; i++)
        {
            if (tried.Contains(i))
                passed.Add(i);
        }
    }
}
