namespace Headgate.Proxy.Transport.Loops;

/// <summary>
/// Where a connection's unsent bytes are: in the loop's hot buffer until the flow that writes them comes to a wait, in rented memory while the peer takes no more.
/// A mutable struct that lives in a connection; the loop's thread only.
/// </summary>
internal struct LoopSendBuffer
{
    private byte[]? _bytes;
    private int _start;
    private int _end;

    /// <summary>Written and not sent.</summary>
    public readonly ReadOnlySpan<byte> Unsent => _bytes.AsSpan(_start, _end - _start);

    /// <summary>Number of bytes written and not sent.</summary>
    public readonly int Length => _end - _start;

    /// <summary>At least <paramref name="sizeHint"/> free bytes behind what was written.</summary>
    public Span<byte> GetSpan(int sizeHint, LoopConnection owner, EventLoop loop)
    {
        byte[]? bytes = _bytes;
        if (bytes is null)
        {
            _bytes = bytes = sizeHint <= BufferPool.Huge && loop.TryLendSendBuffer(owner) ? loop.HotSend : BufferPool.Rent(Math.Max(sizeHint, BufferPool.Medium));
        }
        else if (bytes.Length - _end < sizeHint)
        {
            Move(BufferPool.Rent(Math.Max(checked(Length + sizeHint), bytes.Length)), loop);
            bytes = _bytes!;
        }

        return bytes.AsSpan(_end);
    }

    /// <summary>Declares <paramref name="count"/> bytes of the last <see cref="GetSpan"/> written.</summary>
    public void Advance(int count) => _end += count;

    /// <summary>Declares the first <paramref name="count"/> unsent bytes sent.</summary>
    public void Sent(int count) => _start += count;

    /// <summary>Takes what is unsent out of the hot buffer.</summary>
    public void LeaveHot(EventLoop loop)
    {
        if (_bytes != loop.HotSend)
            return;
        if (Length == 0)
            Release(loop);
        else
            Move(BufferPool.Rent(Length), loop);
    }

    /// <summary>Forgets what is unsent if that is <paramref name="count"/> bytes: whoever is to send them finds nothing.</summary>
    public bool TryForget(int count, EventLoop loop)
    {
        if (Length != count)
            return false;
        Release(loop);
        return true;
    }

    /// <summary>Forgets what was written and gives the memory back.</summary>
    public void Release(EventLoop loop)
    {
        if (_bytes == loop.HotSend)
            loop.ReturnSendBuffer();
        else if (_bytes is not null)
            BufferPool.Return(_bytes);
        (_bytes, _start, _end) = (null, 0, 0);
    }

    private void Move(byte[] to, EventLoop loop)
    {
        int held = Length;
        Unsent.CopyTo(to);
        Release(loop);
        (_bytes, _start, _end) = (to, 0, held);
    }
}
