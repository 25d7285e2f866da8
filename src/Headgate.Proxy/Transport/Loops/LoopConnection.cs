using System.Runtime.CompilerServices;

namespace Headgate.Proxy.Transport.Loops;

/// <summary>
/// A TCP connection, to a client or to a node, that belongs to an event loop. Everything happens on the loop's thread but <see cref="TransportConnection.Abort"/>,
/// <see cref="TransportConnection.Finish"/> and <see cref="Release"/>, which may come from any and are posted to it. What can be done at once is; what cannot waits for
/// an edge, without a buffer. No system call is made to find out that there is nothing: a short receive says so.
/// </summary>
internal class LoopConnection : KeptConnection, ILoopTarget
{
    /// <summary>Written and unsent, above which nothing is put off: whoever writes on is to notice that the peer takes no more.</summary>
    private const int FlushSoonMax = 16_384;

    /// <summary>How long it may be put off while the loop has other things to do.</summary>
    private const int FlushSoonMs = 2;

    private readonly LoopOperation<ReadOutcome> _read = new();
    private readonly LoopOperation<bool> _sent = new();

    private LoopReceiveBuffer _in;
    private LoopSendBuffer _out;
    private bool _onlyWaitsToWrite;
    private bool _parked;
    private bool _turnQueued;
    private long _flushDueMs;

    // What is read is only looked at: no receive at the edge.
    private bool _peeking;

    /// <summary>Takes over <paramref name="fd"/>, a non-blocking socket, and registers it with <paramref name="loop"/>, on whose thread this runs.</summary>
    public LoopConnection(EventLoop loop, int fd)
        : base(loop.Deadlines)
    {
        Loop = loop;
        Socket = new LoopSocket(loop, fd, this);
        if (Socket.IsOpen)
            loop.Deadlines.Add(this);
    }

    /// <summary>The loop it belongs to.</summary>
    public EventLoop Loop { get; }

    /// <summary>What it runs over.</summary>
    public LoopSocket Socket { get; }

    /// <inheritdoc/>
    public sealed override ReadOnlySpan<byte> Unread => _in.Unread;

    /// <inheritdoc/>
    public sealed override int Unflushed => _out.Length;

    /// <inheritdoc/>
    public sealed override bool IsParked => _parked;

    /// <inheritdoc/>
    public sealed override void Consume(int count) => _in.Consume(count);

    /// <inheritdoc/>
    public sealed override Span<byte> GetSpan(int sizeHint) => _out.GetSpan(sizeHint, this, Loop);

    /// <inheritdoc/>
    public sealed override void Advance(int count) => _out.Advance(count);

    /// <inheritdoc/>
    public sealed override ValueTask<ReadOutcome> ReadAsync()
    {
        if (!Socket.IsOpen || EndCause != EndCause.None)
            return new ValueTask<ReadOutcome>(ReadOutcome.Failed);
        if (Socket.IsReadable)
        {
            if (!Loop.MayReceive())
                QueueTurn();
            else if (TryReceive(out ReadOutcome outcome))
                return new ValueTask<ReadOutcome>(outcome);
        }

        return _read.BeginAsync();
    }

    /// <inheritdoc/>
    public sealed override ValueTask<bool> FlushAsync()
    {
        if (!Socket.IsOpen)
        {
            _out.Release(Loop);
            return new ValueTask<bool>(false);
        }

        return TrySend(out bool sent) ? new ValueTask<bool>(sent) : SendRestAsync();
    }

    /// <inheritdoc/>
    public sealed override bool TryFlushSoon()
    {
        if (!Socket.IsOpen || _out.Length > FlushSoonMax)
            return false;
        if (_flushDueMs == 0)
            Loop.QueueFlush(this);
        _flushDueMs = Deadlines.NowMs + FlushSoonMs;
        return true;
    }

    /// <inheritdoc/>
    public sealed override bool TryTakeBack(int count) => Socket.IsOpen && _flushDueMs != 0 && _out.TryForget(count, Loop);

    /// <inheritdoc/>
    public override bool TryPark()
    {
        if (_read.IsPending || _sent.IsPending || !_in.IsEmpty || _out.Length > 0 || EndCause != EndCause.None || !Socket.IsOpen || Socket.PeerFinished)
            return false;
        if (Socket.IsReadable && TryReceive(out _))
            return false; // it spoke out of turn, or ended
        _in.Release(Loop);
        _parked = true;
        return true;
    }

    /// <inheritdoc/>
    public override bool TryTake()
    {
        if (!_parked)
            return false;
        _parked = false;
        (DeadlineMs, WriteDeadlineMs) = (0, 0);
        return true;
    }

    /// <inheritdoc/>
    public sealed override void Release() => OnLoop(static self => self.ReleaseNow());

    /// <summary>
    /// Waits for the next edge of readability without receiving; true at once when one is due. False when the connection ended. For looking at the first
    /// bytes: <paramref name="more"/> = what is there is known and not enough.
    /// </summary>
    [AsyncMethodBuilder(typeof(PooledAsyncMethodBuilder<>))]
    public async ValueTask<bool> WaitReadableAsync(bool more)
    {
        if (more)
        {
            if (Socket.PeerFinished)
                return false;
            Socket.IsReadable = false;
        }

        while (!Socket.IsReadable)
        {
            if (!Socket.IsOpen || EndCause != EndCause.None)
                return false;
            _peeking = true;
            if (await _read.BeginAsync() != ReadOutcome.Data)
                return false;
        }

        return true;
    }

    /// <summary>Waits for the next edge of writability: a connect has ended, well or not, or a full socket takes more. False when the connection ended. Nothing may be unsent.</summary>
    public ValueTask<bool> WaitWritableAsync()
    {
        if (!Socket.IsOpen)
            return new ValueTask<bool>(false);
        _onlyWaitsToWrite = true;
        return _sent.BeginAsync();
    }

    /// <summary>Gives the descriptor away, untouched, to the caller, who closes it; −1 when it is closed. Nothing may be pending.</summary>
    public int Detach()
    {
        Deadlines.Remove(this);
        return Socket.Detach();
    }

    /// <inheritdoc/>
    void ILoopTarget.OnEvents(uint events)
    {
        bool readable = Socket.NoteEdge(events);
        if (_sent.IsPending && (events & (LibC.EPOLLOUT | LibC.EPOLLHUP | LibC.EPOLLERR)) != 0)
            OnWritable();
        if (!readable || !Socket.IsOpen)
            return;
        if (_read.IsPending)
            OnReadable();
        else if (_parked)
            OnParkedEvent();
        else if ((events & (LibC.EPOLLHUP | LibC.EPOLLERR)) != 0 && EndCause == EndCause.None)
            OnPeerGone();
    }

    /// <inheritdoc/>
    public void OnBug() => Abort(EndCause.ProtocolError);

    /// <summary>Goes on with what was put off to a turn of its own: ends what the end of the connection ends, or receives.</summary>
    public void OnTurn()
    {
        _turnQueued = false;
        if (_sent.IsPending && !Socket.IsOpen)
            EndSend(false);
        if (!_read.IsPending)
            return;
        if (!Socket.IsOpen || EndCause != EndCause.None)
            _read.End(ReadOutcome.Failed);
        else if (Socket.IsReadable)
            OnReadable();
    }

    /// <summary>
    /// Sends what <see cref="TryFlushSoon"/> has put off when its time has come, or <paramref name="isDue"/>; false when it is put off further. What the peer does not take,
    /// and that it is gone, is the matter of the next flush.
    /// </summary>
    public bool TrySendPutOff(bool isDue)
    {
        bool isUnsent = _out.Length > 0 && !_sent.IsPending && Socket.IsOpen;
        if (isUnsent && !isDue && _flushDueMs > Deadlines.NowMs)
            return false;
        _flushDueMs = 0;
        if (isUnsent)
            TrySend(out _);
        return true;
    }

    /// <summary>The loop needs its hot buffer for somebody else.</summary>
    public void LeaveHotReceive() => _in.LeaveHot(Loop);

    /// <summary>As <see cref="LeaveHotReceive"/>.</summary>
    public void LeaveHotSend() => _out.LeaveHot(Loop);

    /// <summary>Receives once, as <see cref="LoopSocket.Receive"/> says.</summary>
    protected virtual int Receive(Span<byte> space) => Socket.Receive(space);

    /// <summary>Sends once, as <see cref="LoopSocket.Send"/> says.</summary>
    protected virtual int Send(ReadOnlySpan<byte> bytes) => Socket.Send(bytes);

    /// <summary>Frees what a connection holds beside its socket. Called once, when it is closed.</summary>
    protected virtual void CloseCore()
    {
    }

    /// <summary>Ends the sending direction: what was sent is still delivered.</summary>
    protected virtual void FinishSending() => Socket.FinishSending();

    /// <inheritdoc/>
    public sealed override void EndSending() => FinishSending();

    /// <summary>
    /// A client (a connection that nobody parks) that sends nothing is closed in order, because a reset could cost it an answer that it has not read yet; one that
    /// takes nothing, or is still here at the next look, is reset.
    /// </summary>
    protected sealed override void OnDeadline()
    {
        if (_parked)
        {
            OnParkedEvent();
            return;
        }

        bool takesNothing = WriteDeadlineMs is var write && write != 0 && write <= Deadlines.NowMs;
        if (takesNothing || EndCause != EndCause.None || IdleWatcher is not null)
            Abort(EndCause.Deadline);
        else
            Finish(EndCause.Deadline);
    }

    /// <inheritdoc/>
    protected sealed override void AbortCore() => OnLoop(static self => self.Close(reset: true));

    /// <inheritdoc/>
    protected sealed override void FinishCore() => OnLoop(static self => self.FinishNow());

    private void OnLoop(Action<LoopConnection> action)
    {
        if (Loop.IsCurrent)
            action(this);
        else
            Loop.Post(_ => action(this), null);
    }

    private bool TryReceive(out ReadOutcome outcome)
    {
        int count = Receive(_in.Space(this, Loop));
        if (count > 0)
            _in.Commit(count);
        outcome = count > 0 ? ReadOutcome.Data : count == 0 ? ReadOutcome.End : ReadOutcome.Failed;
        return count != LoopSocket.WouldBlock;
    }

    private bool TrySend(out bool sent)
    {
        while (_out.Length > 0)
        {
            int count = Send(_out.Unsent);
            if (count < 0)
            {
                sent = false;
                if (count == LoopSocket.WouldBlock)
                    return false;
                _out.Release(Loop);
                return true;
            }

            _out.Sent(count);
        }

        _out.Release(Loop);
        sent = true;
        return true;
    }

    private ValueTask<bool> SendRestAsync()
    {
        _out.LeaveHot(Loop);
        return _sent.BeginAsync();
    }

    private void OnWritable()
    {
        bool sent = _onlyWaitsToWrite;
        if (_onlyWaitsToWrite || TrySend(out sent))
        {
            _onlyWaitsToWrite = false;
            EndSend(sent);
        }
    }

    private void OnReadable()
    {
        if (_peeking)
        {
            _peeking = false;
            _read.End(ReadOutcome.Data);
        }
        else if (TryReceive(out ReadOutcome outcome))
        {
            _read.End(outcome);
        }
    }

    private void OnParkedEvent()
    {
        _parked = false;
        IdleWatcher!.OnIdleEnded();
    }

    private void EndSend(bool sent)
    {
        _out.Release(Loop);
        if (sent && EndCause != EndCause.None)
            FinishSending();
        _sent.End(sent);
    }

    private void FinishNow()
    {
        if (!Socket.IsOpen)
            return;

        // A flush that is under way ends first, or the peer would take a part of an answer for the whole.
        if (!_sent.IsPending)
        {
            if (_flushDueMs == 0 || TrySend(out _))
                FinishSending();
            else
                Close(reset: true);
        }

        QueueTurn();
    }

    private void ReleaseNow()
    {
        _parked = false;
        Close(reset: false);
        _in.Release(Loop);
        if (!_sent.IsPending)
            _out.Release(Loop);
    }

    // Never runs what waits: it is called from within other flows.
    private void Close(bool reset)
    {
        if (!Socket.IsOpen)
            return;
        if (_flushDueMs != 0)
            TrySendPutOff(isDue: true); // the peer is to see that it had begun
        CloseCore();
        Deadlines.Remove(this);
        Socket.Close(reset);
        if (_parked)
            OnParkedEvent();
        QueueTurn();
    }

    private void QueueTurn()
    {
        if (_turnQueued || (!_read.IsPending && !_sent.IsPending && !Socket.IsReadable))
            return;
        _turnQueued = true;
        Loop.QueueTurn(this);
    }
}
