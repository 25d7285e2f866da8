namespace Headgate.Core.Primitives;

/// <summary>
/// Values by byte strings that may be secret, found in constant time whatever their number: the hash has a seed of the process's own, and strings are compared without telling how
/// much of them is equal. Immutable; a change makes another one that shares all pages but one (<see cref="KeyTableEditor{T}"/>). Look-ups never block and never allocate.
/// </summary>
/// <typeparam name="T">What is looked up.</typeparam>
public sealed class KeyTable<T>
    where T : class
{
    private readonly KeyTableEntry<T>?[][] _pages;
    private readonly int _mask;

    /// <summary>Takes <paramref name="pages"/> over, which are never written again: a power of two of them, all of one power of two as size.</summary>
    internal KeyTable(KeyTableEntry<T>?[][] pages)
    {
        _pages = pages;
        _mask = (pages.Length << KeyTables.PageBits) - 1;
    }

    /// <summary>Nothing.</summary>
    internal static KeyTable<T> Empty { get; } = new([]);

    /// <summary>The value of a key; null when there is none. Of several under one key, that whose owner comes first in ordinal order.</summary>
    public T? Find(ReadOnlySpan<byte> key)
    {
        if (_pages.Length == 0)
            return null;
        uint hash = KeyTables.Hash(key);
        int bucket = (int)hash & _mask;
        for (KeyTableEntry<T>? entry = _pages[bucket >> KeyTables.PageBits][bucket & (KeyTables.PageSize - 1)]; entry is not null; entry = entry.Next)
        {
            if (entry.Hash == hash && KeyTables.AreEqual(entry.Key, key))
                return entry.Value;
        }

        return null;
    }
}
