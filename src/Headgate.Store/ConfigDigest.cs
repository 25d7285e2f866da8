using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Headgate.Store;

/// <summary>
/// Digest of a whole configuration that is kept up to date at the cost of what changes: the sum of the entries' own digests, so that the order in which they came does not matter.
/// Two processes with the same text hold the same keys and values; secrets count in clear, so a process that cannot decrypt what others can is told apart. Used by one thread.
/// </summary>
public sealed class ConfigDigest
{
    private readonly Dictionary<string, UInt128> _entries = new(StringComparer.Ordinal);
    private UInt128 _sum;

    /// <summary>The keys that are held.</summary>
    public IReadOnlyCollection<string> Keys => _entries.Keys;

    /// <summary>32 hexadecimal digits.</summary>
    public string Text => _sum.ToString("x32", CultureInfo.InvariantCulture);

    /// <summary>Takes in an entry; false when it is held already, with the very same value.</summary>
    public bool Set(StoreEntry entry)
    {
        UInt128 digest = Of(entry);
        ref UInt128 held = ref CollectionsMarshal.GetValueRefOrAddDefault(_entries, entry.Key, out bool isKnown);
        if (isKnown && held == digest)
            return false;
        _sum += digest - held; // modulo 2^128; what was not held is 0
        held = digest;
        return true;
    }

    /// <summary>Forgets a key; false when it is not held.</summary>
    public bool Remove(string key)
    {
        if (!_entries.Remove(key, out UInt128 held))
            return false;
        _sum -= held;
        return true;
    }

    /// <summary>Takes in a full read.</summary>
    public void Load(StoreView view)
    {
        var present = new HashSet<string>(view.Entries.Count, StringComparer.Ordinal);
        foreach (StoreEntry entry in view.Entries)
        {
            Set(entry);
            present.Add(entry.Key);
        }

        foreach (string gone in _entries.Keys.Where(key => !present.Contains(key)).ToArray())
            Remove(gone);
    }

    /// <summary>Takes in one revision.</summary>
    public void Apply(StoreRevision revision)
    {
        foreach (StoreChange change in revision.Changes)
        {
            if (change.Entry is { } entry)
                Set(entry);
            else
                Remove(change.Key);
        }
    }

    private static UInt128 Of(StoreEntry entry)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] key = Encoding.UTF8.GetBytes(entry.Key);
        Span<byte> length = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(length, key.Length); // else "a" + "bc" would be "ab" + "c"
        hash.AppendData(length);
        hash.AppendData(key);
        hash.AppendData(entry.Value.Span);
        Span<byte> full = stackalloc byte[SHA256.HashSizeInBytes];
        hash.GetHashAndReset(full);
        return BinaryPrimitives.ReadUInt128LittleEndian(full); // half of it is as good as unique
    }
}
