namespace Headgate.Store;

/// <summary>One revision as a watcher sees it.</summary>
/// <param name="Revision">Its number.</param>
/// <param name="Changes">The changed keys below the watched prefix, at least one.</param>
public sealed record StoreRevision(long Revision, IReadOnlyList<StoreChange> Changes)
{
    /// <summary>Revisions were missed: read everything anew. The last item of its watch; has no changes and the number −1.</summary>
    public static StoreRevision Gap { get; } = new(-1, []);
}
