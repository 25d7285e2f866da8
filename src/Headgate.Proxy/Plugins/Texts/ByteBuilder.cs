using System.Buffers;

namespace Headgate.Proxy.Plugins.Texts;

/// <summary>Bytes in the making: in the caller's span as long as they fit, in a rented array from then on. Disposed of once, by who made it.</summary>
internal ref struct ByteBuilder
{
    private Span<byte> _bytes;
    private byte[]? _rented;

    /// <summary>Begins in <paramref name="first"/>, usually on the stack.</summary>
    public ByteBuilder(Span<byte> first) => _bytes = first;

    /// <summary>Bytes so far.</summary>
    public int Length { get; private set; }

    /// <summary>What was added; valid until the next addition.</summary>
    public readonly ReadOnlySpan<byte> Bytes => _bytes[..Length];

    /// <summary>Adds bytes as they are.</summary>
    public void Add(scoped ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Room(bytes.Length));
        Length += bytes.Length;
    }

    /// <summary>Adds a byte as it is.</summary>
    public void Add(byte value)
    {
        Room(1)[0] = value;
        Length++;
    }

    /// <summary>Adds bytes, those that are not in <paramref name="kept"/> percent-encoded.</summary>
    public void AddEncoded(scoped ReadOnlySpan<byte> bytes, SearchValues<byte> kept)
    {
        while (bytes.IndexOfAnyExcept(kept) is var at and >= 0)
        {
            Add(bytes[..at]);
            Add((byte)'%');
            Add(Digit(bytes[at] >> 4));
            Add(Digit(bytes[at] & 15));
            bytes = bytes[(at + 1)..];
        }

        Add(bytes);
    }

    /// <summary>Forgets what was added.</summary>
    public void Clear() => Length = 0;

    /// <summary>Gives the memory back.</summary>
    public void Dispose()
    {
        if (_rented is not null)
            ArrayPool<byte>.Shared.Return(_rented);
        _rented = null;
        _bytes = default;
    }

    private static byte Digit(int value) => (byte)(value < 10 ? '0' + value : 'A' + value - 10);

    private Span<byte> Room(int count)
    {
        if (_bytes.Length - Length < count)
        {
            byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(Length + count, _bytes.Length * 2));
            Bytes.CopyTo(larger);
            if (_rented is not null)
                ArrayPool<byte>.Shared.Return(_rented);
            _bytes = _rented = larger;
        }

        return _bytes[Length..];
    }
}
