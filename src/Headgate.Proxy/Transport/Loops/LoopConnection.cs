using System.Runtime.CompilerServices;
using System.Threading.Tasks.Sources;

namespace Headgate.Proxy.Transport.Loops;

/// <summary>
/// A TCP connection, to a client or to a node, that belongs to an event loop. Everything happens on the loop's thread but <see cref="TransportConnection.Abort"/>,
/// <see cref="TransportConnection.Finish"/> and <see cref="Release"/>, which may come from any and are posted to it. What can be done at once is; what cannot waits for
/// an edge, without a buffer. No system call is made to find out that there is nothing: a short receive says so.
/// </summary>
internal class LoopConnection : KeptConnection, ILoopTarget, IValueTaskSource<ReadOutcome>, IValueTaskSource<bool>
{
    private readonly EventLoop _loop;

    private LoopReceiveBuffer _in;
    private LoopSendBuffer _out;
    private LoopCompletion<ReadOutcome> _read;
    private LoopCompletion<bool> _sent;
    private bool _reading;
    private bool _sending;
    private bool _onlyWaitsToWrite;
    private bool _parked;
    private bool _queued;

    // What is read is only looked at: no receive at the edge.
    private bool _peeking;

    /// <summary>Takes over <paramref name="fd"/>, a non-blocking socket, and registers it with <paramref name="loop"/>, on whose thread this runs.</summary>
    public LoopConnection(EventLoop loop, int fd)
        : base(loop.Deadlines)
    {
        _loop = loop;
        Socket = new LoopSocket(loop, fd, this);
        if (Socket.IsOpen)
            loop.Deadlines.Add(this);
    }

    /// <summary>The loop it belongs to.</summary>
    public EventLoop Loop => _loop;

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
    public sealed override Span<byte> GetSpan(int sizeHint) => _out.GetSpan(sizeHint, this, _loop);

    /// <inheritdoc/>
    public sealed override void Advance(int count) => _out.Advance(count);

    /// <inheritdoc/>
    public sealed override ValueTask<ReadOutcome> ReadAsync()
    {
        if (!Socket.IsOpen || EndCause != EndCause.None)
            return new ValueTask<ReadOutcome>(ReadOutcome.Failed);
        if (Socket.IsReadable)
        {
            if (!_loop.MayReceive())
                QueueTurn();
            else if (TryReceive(out ReadOutcome outcome))
                return new ValueTask<ReadOutcome>(outcome);
        }

        _reading = true;
        _read.Reset();
        return new ValueTask<ReadOutcome>(this, _read.Version);
    }

    /// <inheritdoc/>
    public sealed override ValueTask<bool> FlushAsync()
    {
        if (!Socket.IsOpen)
        {
            _out.Release(_loop);
            return new ValueTask<bool>(false);
        }

        return TrySend(out bool sent) ? new ValueTask<bool>(sent) : SendRestAsync();
    }

    /// <inheritdoc/>
    public override bool TryPark()
    {
        if (_reading || _sending || !_in.IsEmpty || _out.Length > 0 || EndCause != EndCause.None || !Socket.IsOpen || Socket.PeerFinished)
            return false;
        if (Socket.IsReadable && TryReceive(out _))
            return false; // it spoke out of turn, or ended
        _in.Release(_loop);
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
    public sealed override void Release()
    {
        if (_loop.IsCurrent)
            ReleaseNow();
        else
            _loop.Post(static self => ((LoopConnection)self!).ReleaseNow(), this);
    }

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
            _reading = _peeking = true;
            _read.Reset();
            ReadOutcome outcome = await new ValueTask<ReadOutcome>(this, _read.Version);
            if (outcome != ReadOutcome.Data)
                return false;
        }

        return true;
    }

    /// <summary>Waits for the next edge of writability: a connect has ended, well or not, or a full socket takes more. False when the connection ended. Nothing may be unsent.</summary>
    public ValueTask<bool> WaitWritableAsync()
    {
        if (!Socket.IsOpen)
            return new ValueTask<bool>(false);
        _onlyWaitsToWrite = _sending = true;
        _sent.Reset();
        return new ValueTask<bool>(this, _sent.Version);
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
        if (_sending && (events & (LibC.EPOLLOUT | LibC.EPOLLHUP | LibC.EPOLLERR)) != 0)
            OnWritable();
        if (!readable || !Socket.IsOpen)
            return;
        if (_reading)
            OnReadable();
        else if (_parked)
            OnParkedEvent();
        else if ((events & (LibC.EPOLLHUP | LibC.EPOLLERR)) != 0 && EndCause == EndCause.None)
            PeerGone?.Invoke();
    }

    /// <inheritdoc/>
    public void OnBug() => Abort(EndCause.ProtocolError);

    /// <summary>Goes on with what was put off to a turn of its own: ends what the end of the connection ends, or receives.</summary>
    public void OnTurn()
    {
        _queued = false;
        if (_sending && !Socket.IsOpen)
            CompleteSend(false);
        if (!_reading)
            return;
        if (!Socket.IsOpen || EndCause != EndCause.None)
            CompleteRead(ReadOutcome.Failed);
        else if (Socket.IsReadable)
            OnReadable();
    }

    /// <summary>The loop needs its hot buffer for somebody else.</summary>
    public void LeaveHotReceive() => _in.LeaveHot(_loop);

    /// <summary>As <see cref="LeaveHotReceive"/>.</summary>
    public void LeaveHotSend() => _out.LeaveHot(_loop);

    /// <inheritdoc/>
    ReadOutcome IValueTaskSource<ReadOutcome>.GetResult(short token) => _read.Get(token);

    /// <inheritdoc/>
    ValueTaskSourceStatus IValueTaskSource<ReadOutcome>.GetStatus(short token) => _read.Status(token);

    /// <inheritdoc/>
    void IValueTaskSource<ReadOutcome>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _read.OnCompleted(continuation, state, token);

    /// <inheritdoc/>
    bool IValueTaskSource<bool>.GetResult(short token) => _sent.Get(token);

    /// <inheritdoc/>
    ValueTaskSourceStatus IValueTaskSource<bool>.GetStatus(short token) => _sent.Status(token);

    /// <inheritdoc/>
    void IValueTaskSource<bool>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _sent.OnCompleted(continuation, state, token);

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
    protected sealed override void AbortCore()
    {
        if (_loop.IsCurrent)
            Close(reset: true);
        else
            _loop.Post(static self => ((LoopConnection)self!).Close(reset: true), this);
    }

    /// <inheritdoc/>
    protected sealed override void FinishCore()
    {
        if (_loop.IsCurrent)
            FinishNow();
        else
            _loop.Post(static self => ((LoopConnection)self!).FinishNow(), this);
    }

    private bool TryReceive(out ReadOutcome outcome)
    {
        int count = Receive(_in.Space(this, _loop));
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
                _out.Release(_loop);
                return true;
            }

            _out.Sent(count);
        }

        _out.Release(_loop);
        sent = true;
        return true;
    }

    private ValueTask<bool> SendRestAsync()
    {
        _out.LeaveHot(_loop);
        _sending = true;
        _sent.Reset();
        return new ValueTask<bool>(this, _sent.Version);
    }

    private void OnWritable()
    {
        bool sent = _onlyWaitsToWrite;
        if (_onlyWaitsToWrite || TrySend(out sent))
        {
            _onlyWaitsToWrite = false;
            CompleteSend(sent);
        }
    }

    private void OnReadable()
    {
        if (_peeking)
        {
            _peeking = false;
            CompleteRead(ReadOutcome.Data);
        }
        else if (TryReceive(out ReadOutcome outcome))
        {
            CompleteRead(outcome);
        }
    }

    private void OnParkedEvent()
    {
        _parked = false;
        IdleWatcher!.OnIdleEnded();
    }

    private void CompleteRead(ReadOutcome outcome)
    {
        _reading = false;
        _read.Set(outcome);
    }

    private void CompleteSend(bool sent)
    {
        _sending = false;
        _out.Release(_loop);
        _sent.Set(sent);
    }

    private void FinishNow()
    {
        if (!Socket.IsOpen)
            return;
        FinishSending();
        QueueTurn();
    }

    private void ReleaseNow()
    {
        _parked = false;
        Close(reset: false);
        _in.Release(_loop);
        if (!_sending)
            _out.Release(_loop);
    }

    // Never runs what waits: it is called from within other flows.
    private void Close(bool reset)
    {
        if (!Socket.IsOpen)
            return;
        CloseCore();
        Deadlines.Remove(this);
        Socket.Close(reset);
        if (_parked)
            OnParkedEvent();
        QueueTurn();
    }

    private void QueueTurn()
    {
        if (_queued || (!_reading && !_sending && !Socket.IsReadable))
            return;
        _queued = true;
        _loop.QueueTurn(this);
    }
}
