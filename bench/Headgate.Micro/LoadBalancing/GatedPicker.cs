using Headgate.Core.LoadBalancing;
using Headgate.Core.Upstreams;

namespace Headgate.Micro.LoadBalancing;

/// <summary>A policy's picker behind a gate; the permit that a pick takes is given back at once.</summary>
internal sealed class GatedPicker : INodePicker
{
    private readonly INodePicker[] _tier;
    private readonly PickGate _gate;

    private GatedPicker(INodePicker policy, NodeSnapshot[] nodes, bool prefersIdle) =>
        (_tier, _gate) = ([policy], new PickGate(nodes, new BalancerState(2), limits: true, boundsLoad: prefersIdle));

    /// <summary>Puts a gate before a policy: with nothing to do, with a node that <c>warming</c> holds back half the time, or with nine of ten nodes <c>full</c>.</summary>
    public static GatedPicker Of(INodePicker policy, NodeSnapshot[] nodes, string how, bool prefersIdle)
    {
        if (how == "warming")
            nodes[0].State.Share.Set(PickShareCause.SlowStart, PickShare.Full / 2);
        for (int i = 1; i < nodes.Length && how == "full"; i++)
            nodes[i].State.Permits.Max = i % 10 == 0 ? int.MaxValue : 0;
        return new GatedPicker(policy, nodes, prefersIdle);
    }

    public NodeSnapshot? Pick(ref PickContext context)
    {
        NodeSnapshot? node = _gate.Pick(_tier, ref context);
        node?.State.Permits.GiveBack();
        return node;
    }
}
