namespace Headgate.Control.Revisions;

/// <summary>An object as it was after a revision.</summary>
/// <param name="IsKnown">False = the history does not reach back that far.</param>
/// <param name="Value">Its value, secrets readable; null = there was no such object, or it is not known.</param>
/// <param name="Revision">The revision that had written it, or deleted it; null when the history does not say.</param>
internal readonly record struct PastObject(bool IsKnown, ReadOnlyMemory<byte>? Value, long? Revision)
{
    /// <summary>The history does not reach back that far.</summary>
    public static PastObject Unknown => default;
}
