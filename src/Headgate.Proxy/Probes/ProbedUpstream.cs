using Headgate.Core.Upstreams;

namespace Headgate.Proxy.Probes;

/// <summary>An upstream whose nodes are probed by one plan. Touched under the schedule's lock only.</summary>
internal sealed class ProbedUpstream(ProbePlan plan)
{
    /// <summary>How.</summary>
    public ProbePlan Plan { get; } = plan;

    /// <summary>Its nodes: those of the snapshot that is served.</summary>
    public Dictionary<NodeState, ProbedNode> Nodes { get; } = new(ReferenceEqualityComparer.Instance);

    /// <summary>Nodes that were due at a time and wait because as many probes run as the check allows.</summary>
    public Queue<(ProbedNode Node, long DueMs)> Waiting { get; } = new();

    /// <summary>Probes under way.</summary>
    public int UnderWay { get; set; }
}
