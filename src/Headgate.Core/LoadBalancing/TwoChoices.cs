using Headgate.Core.Primitives;
using Headgate.Core.Upstreams;

namespace Headgate.Core.LoadBalancing;

/// <summary>
/// Draws the two different untried nodes of which a policy takes the better (Mitzenmacher, "The Power of Two Choices in Randomized Load Balancing", 2001). The
/// first is drawn by weight, so that weights count also when both are equally good and the first is taken; the challenger is any other node, each equally
/// likely, so that a node of little weight is compared too. Bounded: no draw is repeated more than a few times. Thread-safe.
/// </summary>
internal sealed class TwoChoices(NodeSnapshot[] nodes, BalancerState state)
{
    /// <summary>Draws for one place, when they fall on tried nodes.</summary>
    private const int DrawsMax = 4;

    private readonly WeightedDraw _draw = new(nodes);

    /// <summary>
    /// The two; the challenger is null when no other untried node was found in a few draws. False exactly when all nodes were tried. Never allocates.
    /// </summary>
    public bool TryDraw(in TriedNodes tried, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out NodeSnapshot? first, out NodeSnapshot? challenger)
    {
        (first, challenger) = (null, null);
        ulong random = state.NextRandom();
        int at = _draw.Untried(in tried, random, DrawsMax);
        if (at < 0)
            return false;
        first = nodes[at];
        for (int draws = 0; draws < DrawsMax && nodes.Length > 1; draws++)
        {
            // From n − 1 and shifted: drawing from n and moving on when equal would meet the neighbour twice as often.
            random = Mix64.Of(random - Mix64.Step);
            int other = Mix64.Below(random, nodes.Length - 1);
            NodeSnapshot drawn = nodes[other < at ? other : other + 1];
            if (tried.Contains(drawn.Index))
                continue;
            challenger = drawn;
            break;
        }

        return true;
    }
}
