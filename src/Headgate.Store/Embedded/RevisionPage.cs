namespace Headgate.Store.Embedded;

/// <summary>One step of a watch.</summary>
/// <param name="Revisions">Whole revisions, in order; may be empty.</param>
/// <param name="Position">Everything up to this revision has been looked at.</param>
/// <param name="HasMore">Whether the step ended because it was full.</param>
internal sealed record RevisionPage(IReadOnlyList<StoreRevision> Revisions, long Position, bool HasMore)
{
    /// <summary>The revisions asked for are not all there.</summary>
    public static RevisionPage Gap { get; } = new([], -1, HasMore: false);
}
