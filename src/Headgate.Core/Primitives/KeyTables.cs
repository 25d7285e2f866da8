using System.Security.Cryptography;

namespace Headgate.Core.Primitives;

/// <summary>What all <see cref="KeyTable{T}"/> share.</summary>
internal static class KeyTables
{
    /// <summary>Buckets a page, as a power of two.</summary>
    public const int PageBits = 8;

    /// <summary>Buckets a page: a copy of 2 KiB.</summary>
    public const int PageSize = 1 << PageBits;

    /// <summary>Hash of a key; another one in each process, so that nobody can tell from outside which keys share a bucket.</summary>
    public static uint Hash(ReadOnlySpan<byte> key)
    {
        var hash = new HashCode();
        hash.AddBytes(key);
        return (uint)hash.ToHashCode();
    }

    /// <summary>Whether two keys are equal; the time it takes tells their length alone.</summary>
    public static bool AreEqual(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right) => CryptographicOperations.FixedTimeEquals(left, right);
}
