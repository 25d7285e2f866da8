namespace Headgate.Store;

/// <summary>A write of a commit.</summary>
public abstract record Operation(string Key)
{
    /// <summary>Writes the key.</summary>
    /// <param name="Key">Full key.</param>
    /// <param name="Value">UTF-8 JSON, at most 1.5 MiB.</param>
    /// <param name="Ttl">
    /// The key is deleted this long after the commit (1 ms to 3650 days, by the wall clock, also when that passes while the store is closed); null = never.
    /// The next put of the key replaces it. An expiry is a revision of its own.
    /// </param>
    public sealed record Put(string Key, ReadOnlyMemory<byte> Value, TimeSpan? Ttl = null) : Operation(Key);

    /// <summary>Deletes the key; no error when it is missing.</summary>
    public sealed record Delete(string Key) : Operation(Key);
}
