using Headgate.Core.Upstreams;

namespace Headgate.Core.Snapshot.Explain;

/// <summary>A node that a request might get.</summary>
/// <param name="Node">The node.</param>
/// <param name="Standing">Where it stands.</param>
/// <param name="Exclusions">Why it is left out, or would be if it were not forced up.</param>
/// <param name="Score">What the policy compares it by, the lower the better; null when it compares nothing.</param>
public sealed record CandidateExplanation(NodeSnapshot Node, CandidateStanding Standing, NodeExclusions Exclusions, double? Score)
{
    private static readonly (NodeExclusions Why, NodeChangeKind Kind)[] Begins =
    [
        (NodeExclusions.Unhealthy, NodeChangeKind.Unhealthy),
        (NodeExclusions.Ejected, NodeChangeKind.Ejected),
        (NodeExclusions.Awaited, NodeChangeKind.Awaited),
        (NodeExclusions.Draining, NodeChangeKind.DrainBegun),
        (NodeExclusions.ForcedDown, NodeChangeKind.ForcedDown),
    ];

    /// <summary>Each of <see cref="Exclusions"/>, with the change of the node by which it came; null where the timeline has none (any more).</summary>
    public IEnumerable<(NodeExclusions Why, NodeChange? Since)> Reasons
    {
        get
        {
            IReadOnlyList<NodeChange> changes = Node.State.Changes;
            foreach (NodeExclusions why in Enum.GetValues<NodeExclusions>())
            {
                if (why == NodeExclusions.None || (Exclusions & why) == 0)
                    continue;
                NodeChangeKind? kind = Array.Find(Begins, begin => begin.Why == why) is (not NodeExclusions.None, var begins) ? begins : null;
                yield return (why, kind is null ? null : changes.LastOrDefault(change => change.Kind == kind));
            }
        }
    }
}
