using System.Runtime.CompilerServices;

namespace Headgate.Proxy.Transport;

/// <summary>
/// One duplex byte stream, to a client or to a node, as the codec sees it. The contract is read / hold / consume on contiguous bytes:
/// <see cref="ReadAsync"/> waits for bytes, <see cref="Unread"/> shows all that were received and not yet consumed as one span, and what is not
/// consumed is held: it stands at the front of <see cref="Unread"/> after the next read. Writes are collected and go out with <see cref="FlushAsync"/>.
/// The transport below (Kestrel's pipes, a socket, an event loop) is free to keep the bytes where it likes as long as this holds.
/// <para>Used by one flow of control at a time for reading and one for writing; <see cref="Abort"/> and the deadlines may come from any thread.</para>
/// </summary>
public abstract class TransportConnection : IDeadlineTarget
{
    private long _readDeadline;
    private long _writeDeadline;
    private int _ended;
    private Action? _peerGone;

    /// <summary>Makes a connection whose deadlines <paramref name="deadlines"/> watches; whoever derives adds it there.</summary>
    protected TransportConnection(DeadlineWheel deadlines) => Deadlines = deadlines;

    /// <summary>The wheel that watches this connection's deadlines.</summary>
    public DeadlineWheel Deadlines { get; }

    /// <summary>Received and not consumed, contiguous. Valid until the next <see cref="ReadAsync"/> or <see cref="Consume"/>.</summary>
    public abstract ReadOnlySpan<byte> Unread { get; }

    /// <summary>
    /// Waits until there are more bytes in <see cref="Unread"/> than now, or the stream ended. Completes inline when it can. Never throws.
    /// What is unread is held, however long: callers bound it by not reading further (heads) or by consuming (bodies).
    /// </summary>
    public abstract ValueTask<ReadOutcome> ReadAsync();

    /// <summary>Whether the next <see cref="ReadAsync"/> is known to complete at once with data.</summary>
    public virtual bool HasMore => false;

    /// <summary>Gives up the first <paramref name="count"/> bytes of <see cref="Unread"/>.</summary>
    public abstract void Consume(int count);

    /// <summary>Space for at least <paramref name="sizeHint"/> contiguous bytes (1 to 64 KiB) behind what was written and not flushed.</summary>
    public abstract Span<byte> GetSpan(int sizeHint);

    /// <summary>Declares the first <paramref name="count"/> bytes of the last <see cref="GetSpan"/> written.</summary>
    public abstract void Advance(int count);

    /// <summary>
    /// Sends what was written and waits until the peer's window took it (back-pressure). False when the peer is gone or the connection was aborted.
    /// Never throws.
    /// </summary>
    public abstract ValueTask<bool> FlushAsync();

    /// <summary>As <see cref="FlushAsync"/>, and the peer has <paramref name="timeout"/> to take it: then the connection is ended by its writing deadline.</summary>
    public ValueTask<bool> FlushWithinAsync(TimeSpan timeout)
    {
        ValueTask<bool> flush = FlushAsync();
        return flush.IsCompletedSuccessfully ? flush : AwaitWithinAsync(flush, timeout);
    }

    /// <summary>
    /// Has what was written sent without waiting for it, a millisecond or two later: what follows closely goes out with it. False when the transport cannot, or so much
    /// is unsent that the writer has to wait: <see cref="FlushAsync"/> then. That is needed at the end in any case.
    /// </summary>
    public virtual bool TryFlushSoon() => false;

    /// <summary>
    /// Forgets what was written and not flushed, if it is these <paramref name="count"/> bytes and <see cref="TryFlushSoon"/> has put them off: nothing of them was or will be sent. False
    /// when that is not so; then nothing happens.
    /// </summary>
    public virtual bool TryTakeBack(int count) => false;

    /// <summary>Written and not yet flushed.</summary>
    public abstract int Unflushed { get; }

    /// <summary>
    /// Called once when the peer is found to have gone without being read from (a reset); from any thread. A peer that only finished sending is still there.
    /// Set before the first request, by the front that owns the connection; transports that cannot tell never call it.
    /// </summary>
    public Action? PeerGone
    {
        set => _peerGone = value;
    }

    /// <summary>Why the connection was ended from this side; <see cref="EndCause.None"/> while it was not.</summary>
    public EndCause EndCause => (EndCause)Volatile.Read(ref _ended);

    /// <summary>
    /// When the connection is to be aborted with <see cref="EndCause.Deadline"/> because nothing arrived, in milliseconds of <see cref="DeadlineWheel.NowMs"/>;
    /// 0 = never. Setting it is one write; it acts on connections that were added to a wheel, to within the wheel's tick.
    /// </summary>
    public long DeadlineMs
    {
        get => Volatile.Read(ref _readDeadline);
        set => Volatile.Write(ref _readDeadline, value);
    }

    /// <summary>As <see cref="DeadlineMs"/>, because the peer takes nothing: reading and writing may wait at the same time.</summary>
    public long WriteDeadlineMs
    {
        get => Volatile.Read(ref _writeDeadline);
        set => Volatile.Write(ref _writeDeadline, value);
    }

    /// <summary>Sets <see cref="DeadlineMs"/> to <paramref name="timeout"/> from now. Never allocates.</summary>
    public void SetReadDeadline(TimeSpan timeout)
    {
        long ms = Milliseconds(timeout);
        DeadlineMs = Deadlines.NowMs + ms;
        if (ms <= DeadlineWheel.LookMsMax)
            LookSooner();
    }

    /// <summary>Sets <see cref="WriteDeadlineMs"/> to <paramref name="timeout"/> from now. Never allocates.</summary>
    public void SetWriteDeadline(TimeSpan timeout)
    {
        long ms = Milliseconds(timeout);
        WriteDeadlineMs = Deadlines.NowMs + ms;
        if (ms <= DeadlineWheel.LookMsMax)
            LookSooner();
    }

    /// <inheritdoc/>
    long IDeadlineTarget.DeadlineMs => NearestDeadlineMs;

    /// <summary>The earlier of the two deadlines; 0 = none.</summary>
    private protected long NearestDeadlineMs
    {
        get
        {
            long read = DeadlineMs;
            long write = WriteDeadlineMs;
            return read == 0 || (write != 0 && write < read) ? write : read;
        }
    }

    /// <inheritdoc/>
    void IDeadlineTarget.OnDeadline() => OnDeadline();

    /// <summary>
    /// Closes now, without waiting for unsent bytes, and records why (only the first cause counts): pending and later operations end with
    /// <see cref="ReadOutcome.Failed"/> or false. Idempotent, any thread, never blocks.
    /// </summary>
    public void Abort(EndCause cause)
    {
        Interlocked.CompareExchange(ref _ended, (int)cause, (int)EndCause.None);
        AbortCore();
    }

    /// <summary>
    /// Ends the connection in order, from any thread: what was flushed is still delivered, then the stream ends in both directions; a pending read ends at once and
    /// later ones bring nothing. Idempotent, only the first cause counts, never blocks.
    /// </summary>
    public void Finish(EndCause cause)
    {
        if (Interlocked.CompareExchange(ref _ended, (int)cause, (int)EndCause.None) == (int)EndCause.None)
            FinishCore();
    }

    /// <summary>
    /// Ends the sending direction after what was flushed, where the transport can: the peer sees the end of the stream and may still send. By default nothing.
    /// </summary>
    public virtual void EndSending()
    {
    }

    /// <summary>Calls what <see cref="PeerGone"/> asked for, the first time.</summary>
    internal void OnPeerGone() => Interlocked.Exchange(ref _peerGone, null)?.Invoke();

    /// <summary>
    /// Ends the sending direction and drops what the peer still sends, for <paramref name="timeout"/> and about <paramref name="bytesMax"/> bytes: closing with unread
    /// bytes would reset the connection, and the peer might lose what it was sent last (RFC 9112 §9.6).
    /// </summary>
    public async ValueTask LingerAsync(TimeSpan timeout, long bytesMax)
    {
        EndSending();
        SetReadDeadline(timeout);
        for (long dropped = 0; dropped <= bytesMax;)
        {
            dropped += Unread.Length;
            Consume(Unread.Length);
            if (await ReadAsync() != ReadOutcome.Data)
                return;
        }
    }

    /// <summary>A deadline passed: called on the wheel's thread, never blocks. By default ends the connection.</summary>
    protected virtual void OnDeadline() => Abort(EndCause.Deadline);

    /// <summary>Does what <see cref="Finish"/> says, after the cause was recorded. Called once.</summary>
    protected virtual void FinishCore() => AbortCore();

    /// <summary>Closes the transport at once. Called more than once, from any thread; never blocks.</summary>
    protected abstract void AbortCore();

    [AsyncMethodBuilder(typeof(PooledAsyncMethodBuilder<>))]
    private async ValueTask<bool> AwaitWithinAsync(ValueTask<bool> flush, TimeSpan timeout)
    {
        SetWriteDeadline(timeout);
        bool taken = await flush;
        WriteDeadlineMs = 0;
        return taken;
    }

    private static long Milliseconds(TimeSpan timeout) => Math.Max(1, timeout.Ticks / TimeSpan.TicksPerMillisecond);

    /// <summary>
    /// A flow may outlive the connection it writes to (an upload whose answer has come): what was ended and removed must not come back, it would stay for ever.
    /// It is ended before it is removed, so looking after the addition finds every such case.
    /// </summary>
    private void LookSooner()
    {
        Deadlines.Add(this);
        if (EndCause != EndCause.None)
            Deadlines.Remove(this);
    }
}
