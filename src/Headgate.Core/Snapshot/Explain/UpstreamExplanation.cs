using Headgate.Core.LoadBalancing;
using Headgate.Core.Upstreams;

namespace Headgate.Core.Snapshot.Explain;

/// <summary>Which node of an upstream the next request would get, and why.</summary>
public sealed record UpstreamExplanation
{
    /// <summary>Tries that are foretold at most.</summary>
    public const int PicksMax = 10;

    /// <summary>The upstream.</summary>
    public required UpstreamSnapshot Upstream { get; init; }

    /// <summary>Whether its policy draws at random: then <see cref="Picks"/> hold only until another request draws.</summary>
    public required bool DrawsAtRandom { get; init; }

    /// <summary>Where the request's key falls; null when the policy hashes nothing.</summary>
    public HashedKey? Key { get; init; }

    /// <summary>Whether so few nodes are usable that all are used that no operator has withdrawn (<see cref="UpstreamSnapshot.IsInPanic"/>).</summary>
    public required bool UsesUnusable { get; init; }

    /// <summary>Whether <see cref="Picks"/> are empty because no node that may be used has a free permit.</summary>
    public bool HasNoPermit { get; init; }

    /// <summary>What else limits requests; null where nobody has looked.</summary>
    public UpstreamLimits? Limits { get; init; }

    /// <summary>All nodes, in the order written.</summary>
    public required IReadOnlyList<CandidateExplanation> Candidates { get; init; }

    /// <summary>The node of each try, as if all of them failed and each might be repeated: the first is what the request would get. Empty when there is none.</summary>
    public required IReadOnlyList<NodeSnapshot> Picks { get; init; }
}
