namespace Headgate.Store;

/// <summary>One transaction.</summary>
public sealed record Commit
{
    /// <summary>Conditions, all of which must hold; at most 128.</summary>
    public IReadOnlyList<Compare> Compares { get; init; } = [];

    /// <summary>Writes, each key at most once; 1 to 128.</summary>
    public required IReadOnlyList<Operation> Operations { get; init; }

    /// <summary>Who, from where, why.</summary>
    public required Origin Origin { get; init; }
}
