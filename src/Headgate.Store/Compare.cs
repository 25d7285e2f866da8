namespace Headgate.Store;

/// <summary>A condition of a commit.</summary>
public abstract record Compare
{
    /// <summary>The key exists.</summary>
    public sealed record Exists(string Key) : Compare;

    /// <summary>The key does not exist.</summary>
    public sealed record Missing(string Key) : Compare;

    /// <summary>The key exists and was last written by exactly this revision.</summary>
    public sealed record UnchangedSince(string Key, long ModRevision) : Compare;

    /// <summary>No key that begins with <paramref name="Prefix"/> was written after <paramref name="Revision"/>. Sees writes, not deletes (as etcd).</summary>
    public sealed record RangeNotWrittenSince(string Prefix, long Revision) : Compare;
}
