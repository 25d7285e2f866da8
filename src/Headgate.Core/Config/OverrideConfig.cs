namespace Headgate.Core.Config;

/// <summary>
/// An operator's word on one node: an object of its own, keyed by node, so that no edit and no synchronisation of the upstream wipes it
/// (docs/reference/overrides.md). Equal records mean equal behaviour.
/// </summary>
public sealed record OverrideConfig
{
    /// <summary>The node.</summary>
    public required OverrideTarget Target { get; init; }

    /// <summary>The word.</summary>
    public required OverrideKind Kind { get; init; }

    /// <summary>For a drain, how long after <see cref="Since"/> what is left is cut off; null = never. Above zero.</summary>
    public TimeSpan? Deadline { get; init; }

    /// <summary>Why, in the operator's words; null when absent.</summary>
    public string? Note { get; init; }

    /// <summary>Name of the admin key that gave it.</summary>
    public required string Who { get; init; }

    /// <summary>When it was given, to the millisecond, by the wall clock of who took it.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>When what is left is cut off; null = never.</summary>
    public DateTimeOffset? DeadlineAt => Since + Deadline;
}
