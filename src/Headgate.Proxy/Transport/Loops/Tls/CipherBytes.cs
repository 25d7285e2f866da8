namespace Headgate.Proxy.Transport.Loops.Tls;

/// <summary>
/// Encrypted bytes that a session could not pass on: received and not taken, or made and not sent. In rented memory, which is given back when nothing is left. A mutable
/// struct that lives in a session; the loop's thread only.
/// </summary>
internal struct CipherBytes
{
    private byte[]? _bytes;
    private int _start;
    private int _end;

    /// <summary>Whether there are none.</summary>
    public readonly bool IsEmpty => _bytes is null;

    /// <summary>What there is.</summary>
    public readonly ReadOnlySpan<byte> Bytes => _bytes.AsSpan(_start, _end - _start);

    /// <summary>Keeps a copy of <paramref name="bytes"/>. Only when it is empty.</summary>
    public void Keep(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
            return;
        byte[] rented = BufferPool.Rent(bytes.Length);
        bytes.CopyTo(rented);
        (_bytes, _start, _end) = (rented, 0, bytes.Length);
    }

    /// <summary>Gives up the first <paramref name="count"/> bytes.</summary>
    public void Drop(int count)
    {
        _start += count;
        if (_start >= _end)
            Clear();
    }

    /// <summary>Gives up all of them.</summary>
    public void Clear()
    {
        byte[]? rented = _bytes;
        (_bytes, _start, _end) = (null, 0, 0);
        if (rented is not null)
            BufferPool.Return(rented);
    }
}
