namespace Headgate.Core.Snapshot;

/// <summary>What a gateway runs with, as it tells others.</summary>
/// <param name="Revision">Revision of the store whose objects are served; −1 = nothing was read yet.</param>
/// <param name="Digest">Digest of all that was read up to then; empty before.</param>
public sealed record RunningConfiguration(long Revision, string Digest)
{
    /// <summary>Nothing was read yet.</summary>
    public static RunningConfiguration None { get; } = new(-1, "");

    /// <summary>Since when it serves this revision; null = nothing was read yet.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Of further refused objects only the number is told: <see cref="RejectedCount"/>.</summary>
    public const int RejectedMax = 20;

    /// <summary>Objects that are not served as they are stored, with the reason, at most <see cref="RejectedMax"/>.</summary>
    public IReadOnlyList<string> Rejected { get; init => field = value ?? []; } = []; // null: what a deserializer gives for a member that is not there

    /// <summary>How many there are.</summary>
    public int RejectedCount { get; init; }

    /// <summary>Since when the store cannot be followed; null = it is.</summary>
    public DateTimeOffset? FailingSince { get; init; }

    /// <summary>Why; null with <see cref="FailingSince"/>.</summary>
    public string? Failure { get; init; }
}
