using Headgate.Core.Snapshot;
using Headgate.Core.Upstreams;
using Microsoft.Extensions.Logging;

namespace Headgate.Proxy.Probes;

/// <summary>
/// Holds nodes back that enter an upstream whose check is <c>mandatory</c>, until a probe of them succeeds. Not those that were there when the checks began: a gateway
/// that starts would have no node at all. Whoever serves upstreams calls one at a time; <see cref="Admit"/> may come from any thread.
/// </summary>
internal sealed class AwaitedNodes(ServedUpstreams served, TimeProvider time, ILogger logger)
{
    /// <summary>Whether a node is held back. Any thread.</summary>
    public static bool IsAwaited(NodeState node) => (node.Exclusions & NodeExclusions.Awaited) != 0;

    /// <summary>An upstream is about to be served; <paramref name="before"/> = what its nodes were checked by until now, null when they were not.</summary>
    public void OnServed(UpstreamSnapshot? before, UpstreamSnapshot after, bool isMandatory)
    {
        bool wasMandatory = before?.Config.Checks?.Active.IsMandatory == true;
        if (wasMandatory && !isMandatory)
        {
            foreach (NodeSnapshot node in after.Nodes)
                Admit(node.State, "configuration", "its upstream waits for no verdict any more");
        }

        if (before is null || !(wasMandatory || isMandatory))
            return;
        HashSet<NodeState> old = StatesOf(before);
        foreach (NodeSnapshot node in after.Nodes)
        {
            if (!old.Remove(node.State) && isMandatory)
                Await(node.State);
        }

        foreach (NodeState gone in old)
            gone.Admit(NodeExclusions.Awaited);
    }

    /// <summary>Nobody checks the nodes any more, so that nothing is waited for.</summary>
    public static void OnRemoved(UpstreamSnapshot upstream)
    {
        foreach (NodeSnapshot node in upstream.Nodes)
            node.State.Admit(NodeExclusions.Awaited);
    }

    /// <summary>Lets a node take part, if it was held back. Off the request path.</summary>
    public void Admit(NodeState node, string source, string reason)
    {
        if (!IsAwaited(node) || !node.Admit(NodeExclusions.Awaited))
            return;
        HealthLog.NodeAdmitted(logger, node.Key.Host, node.Key.Port, node.Key.Owner, source, reason);
        served.OnChanged(node, new NodeChange(time.GetUtcNow(), NodeChangeKind.Admitted, source, reason));
    }

    private void Await(NodeState node)
    {
        if (!node.Exclude(NodeExclusions.Awaited))
            return;
        HealthLog.NodeAwaited(logger, node.Key.Host, node.Key.Port, node.Key.Owner);
        served.OnChanged(node, new NodeChange(time.GetUtcNow(), NodeChangeKind.Awaited, "configuration", "it is new and waits for the first success of a probe"));
    }

    private static HashSet<NodeState> StatesOf(UpstreamSnapshot upstream)
    {
        var states = new HashSet<NodeState>(ReferenceEqualityComparer.Instance);
        foreach (NodeSnapshot node in upstream.Nodes)
            states.Add(node.State);
        return states;
    }
}
