namespace Headgate.Proxy.Transport;

/// <summary>
/// Bytes written and not yet sent, in one rented buffer that is held only from the first write to the end of the flush. A mutable struct that lives
/// in a connection; used by the writing flow only.
/// </summary>
internal struct SendBuffer
{
    private byte[]? _buffer;
    private int _end;

    /// <summary>Number of bytes written.</summary>
    public readonly int Length => _end;

    /// <summary>The bytes written.</summary>
    public readonly Memory<byte> Written => _buffer.AsMemory(0, _end);

    /// <summary>At least <paramref name="sizeHint"/> free bytes behind what was written.</summary>
    public Span<byte> GetSpan(int sizeHint)
    {
        if (_buffer is null)
        {
            _buffer = BufferPool.Rent(Math.Max(sizeHint, BufferPool.Medium));
        }
        else if (_buffer.Length - _end < sizeHint)
        {
            byte[] larger = BufferPool.Rent(Math.Max(checked(_end + sizeHint), _buffer.Length * 2));
            _buffer.AsSpan(0, _end).CopyTo(larger);
            BufferPool.Return(_buffer);
            _buffer = larger;
        }

        return _buffer.AsSpan(_end);
    }

    /// <summary>Declares <paramref name="count"/> bytes of the last <see cref="GetSpan"/> written.</summary>
    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)count, (uint)((_buffer?.Length ?? 0) - _end), nameof(count));
        _end += count;
    }

    /// <summary>Forgets what was written and gives the buffer back. No send from it may be pending.</summary>
    public void Release()
    {
        // Atomic, because the end of a send and the end of the connection may both come here; a buffer goes back once.
        byte[]? buffer = Interlocked.Exchange(ref _buffer, null);
        _end = 0;
        if (buffer is not null)
        {
            BufferPool.Return(buffer);
        }
    }
}
