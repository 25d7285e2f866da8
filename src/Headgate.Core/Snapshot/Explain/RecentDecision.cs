using Headgate.Core.Upstreams;

namespace Headgate.Core.Snapshot.Explain;

/// <summary>What was done with a request that a client has sent. Holds no query, no header and no address of the client: secrets live there.</summary>
public sealed record RecentDecision
{
    /// <summary>When it ended, by the wall clock.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>From the whole head to the last byte of the answer, in milliseconds.</summary>
    public required long DurationMs { get; init; }

    /// <summary>Method.</summary>
    public required string Method { get; init; }

    /// <summary>Host without port, the first <see cref="IRecentDecisions.TextBytesMax"/> bytes of it.</summary>
    public required string Host { get; init; }

    /// <summary>Path as it was matched, the first <see cref="IRecentDecisions.TextBytesMax"/> bytes of it.</summary>
    public required string Path { get; init; }

    /// <summary>Id of the route; null when none matched.</summary>
    public string? RouteId { get; init; }

    /// <summary>Key of the object that holds the upstream; null when the request did not get that far.</summary>
    public string? Upstream { get; init; }

    /// <summary>The policy by which the upstream's nodes are picked; null when there was no upstream.</summary>
    public string? Type { get; init; }

    /// <summary>How many nodes were picked from when the request ended; 0 without an upstream.</summary>
    public int CandidatesCount { get; init; }

    /// <summary>Whether so few nodes were usable when the request ended that all were used that no operator had withdrawn.</summary>
    public bool UsesUnusable { get; init; }

    /// <summary>Status that the client got; 499 = it went away before.</summary>
    public required int Status { get; init; }

    /// <summary>Number of tries; <see cref="Tries"/> has the first of them.</summary>
    public required int TriesCount { get; init; }

    /// <summary>The first <see cref="IRecentDecisions.TriesMax"/> tries, in order.</summary>
    public required IReadOnlyList<RecentTry> Tries { get; init; }

    /// <summary>The first <see cref="IRecentDecisions.ExcludedMax"/> nodes of the upstream that were left out when the request ended, <c>host:port</c>, and why.</summary>
    public required IReadOnlyList<(string Node, NodeExclusions Why)> Excluded { get; init; }
}
