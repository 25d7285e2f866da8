using Headgate.Proxy.Plugins.Limits;

namespace Headgate.Proxy.Plugins.ProxyCache;

/// <summary>
/// Keys whose answers were not kept lately. Of bounded size, and forgets: a key that is forgotten costs one request's wait, one that is taken for another costs nodes a request.
/// Thread-safe, without a lock; allocates nothing.
/// </summary>
internal sealed class PassedKeys
{
    private const int Count = 4096;
    private const long Milliseconds = 10_000;

    // Hash of the key above, below the time until which it counts, in units of 1024 ms.
    private readonly long[] _marks = new long[Count];
    private readonly LimitKeyComparer _hashes = new();

    /// <summary>Whether the key is one of them at <paramref name="nowMs"/>.</summary>
    public bool Has(ReadOnlySpan<byte> key, long nowMs)
    {
        int hash = _hashes.GetHashCode(key);
        long mark = Volatile.Read(ref _marks[hash & (Count - 1)]);
        return (int)(mark >> 32) == hash && (uint)mark > (uint)(nowMs >> 10);
    }

    /// <summary>An answer of the key was not kept.</summary>
    public void Add(ReadOnlySpan<byte> key, long nowMs)
    {
        int hash = _hashes.GetHashCode(key);
        Volatile.Write(ref _marks[hash & (Count - 1)], ((long)hash << 32) | (uint)((nowMs + Milliseconds) >> 10));
    }

    /// <summary>One was.</summary>
    public void Remove(ReadOnlySpan<byte> key) => Volatile.Write(ref _marks[_hashes.GetHashCode(key) & (Count - 1)], 0);
}
