using Headgate.Core.LoadBalancing;
using Headgate.Core.Primitives;
using Headgate.Core.Upstreams;

namespace Headgate.Core.Snapshot.Explain;

/// <summary>
/// Foretells the picks of an upstream by letting a copy of it make them: the same code on the same nodes, with turns of its own. So there is no second account of any
/// policy that could differ from the first.
/// </summary>
internal static class UpstreamRehearsal
{
    /// <summary>The explanation. <paramref name="nowMs"/>: the clock of latencies.</summary>
    public static UpstreamExplanation Explain(UpstreamSnapshot upstream, IRequestView request, long nowMs)
    {
        UpstreamSnapshot copy = upstream.Rehearsal();
        ILoadBalancingPolicy policy = LoadBalancingPolicies.Get(upstream.Config.Type);
        bool usesUnusable = copy.IsInPanic;
        UpstreamTier? first = copy.AllTiers.FirstOrDefault(tier => Array.Exists(tier.Nodes, Takes));
        List<NodeSnapshot> picks = Picks(copy, request, nowMs);
        return new UpstreamExplanation
        {
            Upstream = upstream,
            DrawsAtRandom = policy.DrawsAtRandom && upstream.Nodes.Count > 1,
            Key = first is null ? null : policy.Locate(upstream.Config, first.Nodes, request),
            UsesUnusable = usesUnusable && picks.Count > 0,
            Picks = picks,
            Candidates = [.. copy.AllTiers.SelectMany(OfTier).OrderBy(candidate => candidate.Node.Index)],
        };

        bool Takes(NodeSnapshot node) => usesUnusable ? !node.State.IsWithdrawn : node.State.IsUsable;

        IEnumerable<CandidateExplanation> OfTier(UpstreamTier tier)
        {
            double[]? scores = policy.Scores(tier.Nodes, nowMs);
            CandidateStanding standing = tier == first ? CandidateStanding.InUse : CandidateStanding.Reserve;
            return tier.Nodes.Select((node, i) => new CandidateExplanation(node, Takes(node) ? standing : CandidateStanding.LeftOut, node.State.Exclusions, scores?[i]));
        }
    }

    /// <summary>As the request's path picks: a node that was not tried; when all were and tries are left, the round begins anew.</summary>
    private static List<NodeSnapshot> Picks(UpstreamSnapshot copy, IRequestView request, long nowMs)
    {
        var picks = new List<NodeSnapshot>();
        TriedNodes tried = default;
        var context = new PickContext(ref tried, request) { NowMs = copy.MeasuresLatency ? nowMs : 0 };
        while (picks.Count < Math.Min(copy.TriesMax, UpstreamExplanation.PicksMax))
        {
            NodeSnapshot? node = copy.Pick(ref context);
            if (node is null && tried.Count > 0)
            {
                tried.Clear();
                node = copy.Pick(ref context);
            }

            if (node is null)
                break;
            picks.Add(node);
            tried.Add(node.Index);
        }

        return picks;
    }
}
