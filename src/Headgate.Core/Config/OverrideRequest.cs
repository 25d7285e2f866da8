namespace Headgate.Core.Config;

/// <summary>What an operator asks for.</summary>
/// <param name="Kind">The word on the node.</param>
/// <param name="Deadline">For a drain, when what is left is cut off, from now; null = never. Above zero.</param>
/// <param name="Note">Why, in the operator's words; null when absent.</param>
/// <param name="RemainingMin">Usable nodes that must remain; 0 = none need.</param>
public sealed record OverrideRequest(OverrideKind Kind, TimeSpan? Deadline, string? Note, int RemainingMin)
{
    /// <summary>Usable nodes that must remain when the request does not say: one.</summary>
    public const int RemainingMinDefault = 1;
}
