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

    /// <summary>The latest, at most <paramref name="count"/>, the latest first.</summary>
    IReadOnlyList<RecentDecision> Latest(int count);
}
