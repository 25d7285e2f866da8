using Headgate.Core.LoadBalancing;
using Headgate.Core.Upstreams;

namespace Headgate.Core.Snapshot.Explain;

/// <summary>The nodes of an upstream as a pick finds them: which take part, which are left out and why, and what the policy compares them by.</summary>
/// <param name="UsesUnusable">Whether so few nodes are usable that all are used that no operator has withdrawn (<see cref="UpstreamSnapshot.IsInPanic"/>).</param>
/// <param name="Nodes">All nodes, in the order written.</param>
public sealed record PickCandidates(bool UsesUnusable, IReadOnlyList<CandidateExplanation> Nodes)
{
    /// <summary>
    /// Those of an upstream now; it changes nothing, builds no picker, and takes time and memory in proportion to the nodes. <paramref name="nowMs"/>: the clock of latencies.
    /// </summary>
    public static PickCandidates Of(UpstreamSnapshot upstream, long nowMs)
    {
        ILoadBalancingPolicy policy = LoadBalancingPolicies.Get(upstream.Config.Type);
        bool usesUnusable = upstream.IsInPanic;
        UpstreamTier? first = FirstTier(upstream);
        return new PickCandidates(usesUnusable, [.. upstream.AllTiers.SelectMany(OfTier).OrderBy(candidate => candidate.Node.Index)]);

        IEnumerable<CandidateExplanation> OfTier(UpstreamTier tier)
        {
            double[]? scores = policy.Scores(tier.Nodes, nowMs);
            CandidateStanding standing = tier == first ? CandidateStanding.InUse : CandidateStanding.Reserve;
            return tier.Nodes.Select((node, i) =>
                new CandidateExplanation(node, TakesPart(node, usesUnusable) ? standing : CandidateStanding.LeftOut, node.State.Exclusions, scores?[i]));
        }
    }

    /// <summary>What of a request the upstream's policy hashes, as text; null when it hashes nothing.</summary>
    public static string? KeyOf(UpstreamSnapshot upstream, Primitives.IRequestView request) => LoadBalancingPolicies.Get(upstream.Config.Type).KeyOf(upstream.Config, request);

    /// <summary>The tier that is picked from first; null when none has a node that takes part.</summary>
    internal static UpstreamTier? FirstTier(UpstreamSnapshot upstream) =>
        upstream.AllTiers.FirstOrDefault(tier => Array.Exists(tier.Nodes, node => TakesPart(node, upstream.IsInPanic)));

    private static bool TakesPart(NodeSnapshot node, bool usesUnusable) => usesUnusable ? !node.State.IsWithdrawn : node.State.IsUsable;
}
