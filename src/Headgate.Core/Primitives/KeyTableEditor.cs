namespace Headgate.Core.Primitives;

/// <summary>Edits a <see cref="KeyTable{T}"/> copy on write: a change copies one page, and the table doubles when its chains would grow. Not thread-safe.</summary>
/// <typeparam name="T">What is looked up.</typeparam>
public sealed class KeyTableEditor<T>
    where T : class
{
    private readonly HashSet<int> _copied = [];
    private KeyTableEntry<T>?[][] _pages = [];
    private KeyTable<T> _published = KeyTable<T>.Empty;
    private bool _changed;

    /// <summary>Entries in the table.</summary>
    public int Count { get; private set; }

    /// <summary>Adds an entry. <paramref name="owner"/>: who brings it; one that has brought the key before must have taken it back.</summary>
    public void Add(ReadOnlySpan<byte> key, string owner, T value)
    {
        if (Count >= _pages.Length << KeyTables.PageBits)
            Grow();
        Insert(new KeyTableEntry<T>(key.ToArray(), KeyTables.Hash(key), owner, value, null));
        Count++;
        _changed = true;
    }

    /// <summary>Takes an entry back; false when there is none of that key and owner.</summary>
    public bool Remove(ReadOnlySpan<byte> key, string owner)
    {
        if (_pages.Length == 0)
            return false;
        ref KeyTableEntry<T>? bucket = ref BucketOf(KeyTables.Hash(key));
        KeyTableEntry<T>? rest = Without(bucket, key, owner);
        if (ReferenceEquals(rest, bucket))
            return false;
        bucket = rest;
        Count--;
        return _changed = true;
    }

    /// <summary>The table with all changes so far; the same instance when there were none.</summary>
    public KeyTable<T> Publish()
    {
        if (!_changed)
            return _published;
        _copied.Clear();
        _changed = false;
        return _published = new KeyTable<T>([.. _pages]);
    }

    /// <summary>In the order of the owners, so that of several entries of one key the same one is always found.</summary>
    private void Insert(KeyTableEntry<T> entry)
    {
        ref KeyTableEntry<T>? bucket = ref BucketOf(entry.Hash);
        bucket = InsertInto(bucket, entry);
    }

    private static KeyTableEntry<T> InsertInto(KeyTableEntry<T>? chain, KeyTableEntry<T> entry) =>
        chain is null || string.CompareOrdinal(entry.Owner, chain.Owner) < 0
            ? entry with { Next = chain }
            : chain with { Next = InsertInto(chain.Next, entry) };

    private static KeyTableEntry<T>? Without(KeyTableEntry<T>? chain, ReadOnlySpan<byte> key, string owner)
    {
        if (chain is null)
            return null;
        if (chain.Owner == owner && KeyTables.AreEqual(chain.Key, key))
            return chain.Next;
        KeyTableEntry<T>? rest = Without(chain.Next, key, owner);
        return ReferenceEquals(rest, chain.Next) ? chain : chain with { Next = rest };
    }

    private ref KeyTableEntry<T>? BucketOf(uint hash)
    {
        int bucket = (int)hash & ((_pages.Length << KeyTables.PageBits) - 1);
        int page = bucket >> KeyTables.PageBits;
        if (_copied.Add(page)) // a published page is being read: the first write since then goes to a copy
            _pages[page] = (KeyTableEntry<T>?[])_pages[page].Clone();
        return ref _pages[page][bucket & (KeyTables.PageSize - 1)];
    }

    private void Grow()
    {
        KeyTableEntry<T>?[][] before = _pages;
        _pages = new KeyTableEntry<T>?[Math.Max(1, before.Length * 2)][];
        for (int page = 0; page < _pages.Length; page++)
        {
            _pages[page] = new KeyTableEntry<T>?[KeyTables.PageSize];
            _copied.Add(page);
        }

        foreach (KeyTableEntry<T>? chain in before.SelectMany(static page => page))
        {
            for (KeyTableEntry<T>? entry = chain; entry is not null; entry = entry.Next)
                Insert(entry);
        }
    }
}
