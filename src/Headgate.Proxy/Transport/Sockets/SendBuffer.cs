namespace Headgate.Proxy.Transport.Sockets;

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
    public readonly Memory<byte> Written => _buffer is { } buffer ? buffer.AsMemory(0, _end) : default;

    /// <summary>At least <paramref name="sizeHint"/> free bytes behind what was written.</summary>
    public Span<byte> GetSpan(int sizeHint)
    {
        byte[]? buffer = _buffer;
        if (buffer is null)
        {
            _end = 0;
            _buffer = buffer = BufferPool.Rent(Math.Max(sizeHint, BufferPool.Medium));
        }
        else if (buffer.Length - _end < sizeHint)
        {
            byte[] larger = BufferPool.Rent(Math.Max(checked(_end + sizeHint), buffer.Length * 2));
            buffer.AsSpan(0, _end).CopyTo(larger);
            BufferPool.Return(buffer);
            _buffer = buffer = larger;
        }

        return buffer.AsSpan(_end);
    }

    /// <summary>Declares <paramref name="count"/> bytes of the last <see cref="GetSpan"/> written.</summary>
    public void Advance(int count) => _end += count;

    /// <summary>
    /// Leaves the buffer to the collector: the end of a connection may overtake a flow that is still writing to it (an upload whose answer has come), and a
    /// buffer in the pool would be somebody else's.
    /// </summary>
    public void Abandon() => Volatile.Write(ref _buffer, null);

    /// <summary>Forgets what was written and gives the buffer back. Called at the end of a send, when nobody writes.</summary>
    public void Release()
    {
        // Atomic, because the end of the connection may come at the same time.
        byte[]? buffer = Interlocked.Exchange(ref _buffer, null);
        _end = 0;
        if (buffer is not null)
        {
            BufferPool.Return(buffer);
        }
    }
}
