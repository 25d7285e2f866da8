namespace Headgate.Proxy.Transport.Loops;

/// <summary>
/// Where a connection's received bytes are: in the loop's hot buffer while they are being dealt with, in rented memory while they wait for more, nowhere when there
/// are none. A mutable struct that lives in a connection; the loop's thread only.
/// </summary>
internal struct LoopReceiveBuffer
{
    private byte[]? _bytes;
    private int _start;
    private int _end;

    /// <summary>Received and not consumed.</summary>
    public readonly ReadOnlySpan<byte> Unread => _bytes.AsSpan(_start, _end - _start);

    /// <summary>Whether nothing is unread.</summary>
    public readonly bool IsEmpty => _start == _end;

    /// <summary>Gives up the first <paramref name="count"/> unread bytes.</summary>
    public void Consume(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)count, (uint)(_end - _start), nameof(count));
        _start += count;
    }

    /// <summary>Where to receive next, behind what is unread: the hot buffer when nothing is, else the memory that holds it.</summary>
    public Span<byte> Space(LoopConnection owner, EventLoop loop)
    {
        if (_start == _end && _bytes != loop.HotReceive)
        {
            Release();
            loop.LendReceiveBuffer(owner);
            _bytes = loop.HotReceive;
        }

        byte[] bytes = _bytes!;
        if (_start == _end)
            _start = _end = 0;
        else if (bytes.Length - _end < bytes.Length / 4)
            bytes = MakeRoom(bytes, loop);
        return bytes.AsSpan(_end);
    }

    /// <summary>Declares the first <paramref name="count"/> bytes of the last <see cref="Space"/> received.</summary>
    public void Commit(int count) => _end += count;

    /// <summary>Takes what is unread out of the hot buffer.</summary>
    public void LeaveHot(EventLoop loop)
    {
        if (_bytes != loop.HotReceive)
            return;
        int held = _end - _start;
        byte[]? own = held == 0 ? null : BufferPool.Rent(held + 1);
        _bytes.AsSpan(_start, held).CopyTo(own);
        (_bytes, _start, _end) = (own, 0, held);
    }

    /// <summary>Gives the memory back. The loop's buffer stays the loop's.</summary>
    public void Release(EventLoop loop)
    {
        if (_bytes == loop.HotReceive)
        {
            loop.ReturnReceiveBuffer();
            _bytes = null;
        }

        Release();
    }

    private void Release()
    {
        if (_bytes is not null)
            BufferPool.Return(_bytes);
        (_bytes, _start, _end) = (null, 0, 0);
    }

    private byte[] MakeRoom(byte[] bytes, EventLoop loop)
    {
        int held = _end - _start;
        if (held <= bytes.Length / 2)
        {
            bytes.AsSpan(_start, held).CopyTo(bytes);
        }
        else
        {
            byte[] larger = BufferPool.Rent(checked(bytes.Length * 2));
            bytes.AsSpan(_start, held).CopyTo(larger);
            if (bytes == loop.HotReceive)
                loop.ReturnReceiveBuffer();
            else
                BufferPool.Return(bytes);
            _bytes = bytes = larger;
        }

        (_start, _end) = (0, held);
        return bytes;
    }
}
