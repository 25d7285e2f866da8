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
        PickCandidates candidates = PickCandidates.Of(copy, nowMs);
        UpstreamTier? first = PickCandidates.FirstTier(copy);
        List<NodeSnapshot> picks = Picks(copy, request, nowMs, out bool hasNoPermit);
        return new UpstreamExplanation
        {
            Upstream = upstream,
            DrawsAtRandom = policy.DrawsAtRandom && upstream.Nodes.Count > 1,
            Key = first is null ? null : policy.Locate(upstream.Config, first.Nodes, request),
            UsesUnusable = candidates.UsesUnusable && picks.Count > 0,
            Picks = picks,
            HasNoPermit = hasNoPermit,
            Candidates = candidates.Nodes,
        };
    }

    /// <summary>As the request's path picks: a node that was not tried; when all were and tries are left, the round begins anew.</summary>
    private static List<NodeSnapshot> Picks(UpstreamSnapshot copy, IRequestView request, long nowMs, out bool hasNoPermit)
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

        hasNoPermit = picks.Count == 0 && context.IsFull;
        return picks;
    }
}
