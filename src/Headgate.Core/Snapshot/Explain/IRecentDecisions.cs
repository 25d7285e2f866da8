namespace Headgate.Core.Snapshot.Explain;

/// <summary>The latest requests and what was done with them. Thread-safe.</summary>
public interface IRecentDecisions
{
    /// <summary>Bytes kept of a host or a path.</summary>
    const int TextBytesMax = 200;

    /// <summary>Tries kept of a request.</summary>
    const int TriesMax = 8;

    /// <summary>Nodes kept that were left out.</summary>
    const int ExcludedMax = 8;

    /// <summary>Requests kept at most.</summary>
    int Capacity { get; }

    /// <summary>One in so many requests is kept, beside those with a failed try or without one although they matched an upstream.</summary>
    int Sample { get; }

    /// <summary>
    /// The latest of those that pass, at most <paramref name="count"/>, the latest first. <paramref name="passes"/> is told the id of the route and the key of the object that holds the
    /// upstream, either null when there was none, and must be quick; null = all pass.
    /// </summary>
    IReadOnlyList<RecentDecision> Latest(int count, Func<string?, string?, bool>? passes = null);
}
