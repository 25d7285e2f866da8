namespace Headgate.Proxy.Transport.Sockets;

/// <summary>
/// Received bytes, contiguous, in one rented buffer that grows with what is held and with how much comes at a time. A mutable struct that lives in a
/// connection; used by the reading flow only.
/// </summary>
internal struct ReceiveBuffer
{
    private byte[]? _buffer;
    private int _start;
    private int _end;
    private bool _wasFilled;

    /// <summary>Received and not consumed.</summary>
    public readonly ReadOnlySpan<byte> Unread => _buffer.AsSpan(_start, _end - _start);

    /// <summary>Whether nothing is unread.</summary>
    public readonly bool IsEmpty => _start == _end;

    /// <summary>Gives up the first <paramref name="count"/> unread bytes.</summary>
    public void Consume(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)count, (uint)(_end - _start), nameof(count));
        _start += count;
    }

    /// <summary>Free bytes behind the unread ones, at least one: where to receive next. May move what is unread.</summary>
    public Memory<byte> Space()
    {
        _buffer ??= BufferPool.Rent(BufferPool.Small);
        if (_start == _end)
        {
            _start = _end = 0;

            // The last read took all that fitted: a body, better read in large pieces.
            if (_wasFilled && _buffer.Length < BufferPool.Large)
            {
                BufferPool.Return(_buffer);
                _buffer = BufferPool.Rent(BufferPool.Large);
            }
        }
        else if (_buffer.Length - _end < _buffer.Length / 4)
        {
            MakeRoom(_buffer);
        }

        return _buffer.AsMemory(_end);
    }

    /// <summary>Declares the first <paramref name="count"/> bytes of the last <see cref="Space"/> received.</summary>
    public void Commit(int count)
    {
        _end += count;
        _wasFilled = _end == _buffer!.Length;
    }

    /// <summary>Goes back to a small buffer for the time of waiting. Nothing may be unread.</summary>
    public void Shrink()
    {
        _start = _end = 0;
        _wasFilled = false;
        if (_buffer is { Length: > BufferPool.Small })
        {
            Release();
        }
    }

    /// <summary>Gives the buffer back. No receive into it may be pending.</summary>
    public void Release()
    {
        byte[]? buffer = Interlocked.Exchange(ref _buffer, null);
        if (buffer is not null)
        {
            _start = _end = 0;
            BufferPool.Return(buffer);
        }
    }

    private void MakeRoom(byte[] buffer)
    {
        int held = _end - _start;
        if (held <= buffer.Length / 2)
        {
            buffer.AsSpan(_start, held).CopyTo(buffer);
        }
        else
        {
            byte[] larger = BufferPool.Rent(checked(buffer.Length * 2));
            buffer.AsSpan(_start, held).CopyTo(larger);
            BufferPool.Return(buffer);
            _buffer = larger;
        }

        (_start, _end) = (0, held);
    }
}
