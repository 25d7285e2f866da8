using System.Threading.Tasks.Sources;

namespace Headgate.Proxy.Transport.Sockets;

/// <summary>
/// A connection whose receives and sends are operations that somebody else's threads end. While it is parked a receive is pending on it; when it is
/// taken again that receive becomes the wait for the answer, which costs no further system call. What is below (a socket, TLS over one) only starts a receive
/// or a send and reports its end; buffers, results and their lifetime are dealt with here.
/// <para>
/// Buffers are touched by the flow that reads or writes, and by a pending operation. The receive buffer goes back to the pool in <see cref="Release"/> or, when a
/// receive is pending then, at its end; the send buffer at the end of a flush. <see cref="TransportConnection.Abort"/>, which comes from any thread, only closes the socket.
/// </para>
/// </summary>
internal abstract class OperationConnection(DeadlineWheel deadlines) : KeptConnection(deadlines), IValueTaskSource<ReadOutcome>, IValueTaskSource<bool>
{
    private const int Receiving = 1;
    private const int Sending = 2;
    private const int Parked = 4;
    private const int Released = 8;

    // Written with Interlocked by the flows, the ends of operations and the deadline wheel.
    private int _state;

    // The receive that began while parked has not been handed to the reader. Reading flow only.
    private bool _receiveIsAhead;
    private ManualResetValueTaskSourceCore<int> _received;
    private ManualResetValueTaskSourceCore<bool> _sent;
    private ReceiveBuffer _in;
    private SendBuffer _out;

    /// <inheritdoc/>
    public sealed override bool IsParked => (Volatile.Read(ref _state) & Parked) != 0;

    /// <inheritdoc/>
    public sealed override ReadOnlySpan<byte> Unread => _in.Unread;

    /// <inheritdoc/>
    public sealed override int Unflushed => _out.Length;

    /// <inheritdoc/>
    public sealed override void Consume(int count) => _in.Consume(count);

    /// <inheritdoc/>
    public sealed override Span<byte> GetSpan(int sizeHint) => _out.GetSpan(sizeHint);

    /// <inheritdoc/>
    public sealed override void Advance(int count) => _out.Advance(count);

    /// <inheritdoc/>
    public sealed override ValueTask<ReadOutcome> ReadAsync()
    {
        if (_receiveIsAhead)
        {
            _receiveIsAhead = false;
            return new ValueTask<ReadOutcome>(this, _received.Version);
        }

        return BeginReceive(Receiving, out int result)
            ? new ValueTask<ReadOutcome>(Received(result))
            : new ValueTask<ReadOutcome>(this, _received.Version);
    }

    /// <inheritdoc/>
    public sealed override ValueTask<bool> FlushAsync()
    {
        if (_out.Length == 0)
        {
            return new ValueTask<bool>(EndCause == EndCause.None);
        }

        if ((Volatile.Read(ref _state) & Released) != 0)
        {
            return new ValueTask<bool>(false);
        }

        _sent.Reset();
        Interlocked.Or(ref _state, Sending);
        if (!StartSend(_out.Written, out bool sent))
        {
            return new ValueTask<bool>(this, _sent.Version);
        }

        Interlocked.And(ref _state, ~Sending);
        _out.Release();
        return new ValueTask<bool>(sent);
    }

    /// <inheritdoc/>
    public sealed override bool TryPark()
    {
        if (Volatile.Read(ref _state) != 0 || _receiveIsAhead || !_in.IsEmpty || _out.Length > 0 || EndCause != EndCause.None)
        {
            return false;
        }

        _in.Shrink();
        return !BeginReceive(Receiving | Parked, out _);
    }

    /// <inheritdoc/>
    public sealed override bool TryTake()
    {
        // Before the state: the wheel claims what it finds parked, and else looks at the deadline once more.
        (DeadlineMs, WriteDeadlineMs) = (0, 0);
        if (!TryUnpark())
        {
            return false;
        }

        _receiveIsAhead = true;
        return true;
    }

    /// <inheritdoc/>
    public sealed override void Release()
    {
        Deadlines.Remove(this);
        int before = Interlocked.Or(ref _state, Released);
        if ((before & (Receiving | Sending)) == 0)
        {
            GiveBack();
        }
        else if (EndCause == EndCause.None)
        {
            ShutdownCore();
        }
    }

    /// <inheritdoc/>
    ReadOutcome IValueTaskSource<ReadOutcome>.GetResult(short token) => Received(_received.GetResult(token));

    /// <inheritdoc/>
    ValueTaskSourceStatus IValueTaskSource<ReadOutcome>.GetStatus(short token) => _received.GetStatus(token);

    /// <inheritdoc/>
    void IValueTaskSource<ReadOutcome>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _received.OnCompleted(continuation, state, token, flags);

    /// <inheritdoc/>
    bool IValueTaskSource<bool>.GetResult(short token) => _sent.GetResult(token);

    /// <inheritdoc/>
    ValueTaskSourceStatus IValueTaskSource<bool>.GetStatus(short token) => _sent.GetStatus(token);

    /// <inheritdoc/>
    void IValueTaskSource<bool>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _sent.OnCompleted(continuation, state, token, flags);

    /// <inheritdoc/>
    protected sealed override void FinishCore() => ShutdownCore();

    /// <inheritdoc/>
    protected sealed override void OnDeadline()
    {
        // The look that brought us here may be older than the last move of the deadline, and the connection in other hands by now.
        long deadline = NearestDeadlineMs;
        if (deadline == 0 || deadline > Deadlines.NowMs)
        {
            return;
        }

        if (TryUnpark())
        {
            IdleWatcher!.OnIdleEnded();
        }
        else if (NearestDeadlineMs == deadline)
        {
            Abort(EndCause.Deadline);
        }
    }

    /// <summary>
    /// Starts to receive into <paramref name="space"/>. True when it ended at once, with <paramref name="result"/> = bytes received, 0 at the end of the stream,
    /// negative on failure; false when <see cref="OnReceived"/> will say. <paramref name="parking"/>: it may be long. Never throws.
    /// </summary>
    protected abstract bool StartReceive(Memory<byte> space, bool parking, out int result);

    /// <summary>Starts to send all of <paramref name="bytes"/>. True when it ended at once; false when <see cref="OnSent"/> will say. Never throws.</summary>
    protected abstract bool StartSend(ReadOnlyMemory<byte> bytes, out bool sent);

    /// <summary>Makes pending operations end without a reset to the peer. Never throws, never blocks.</summary>
    protected abstract void ShutdownCore();

    /// <summary>Closes and frees what is below. Called once, when nothing is pending.</summary>
    protected abstract void FreeCore();

    /// <summary>A receive that did not end at once has ended; the result is <see cref="StartReceive"/>'s.</summary>
    protected void OnReceived(int result)
    {
        int before = Interlocked.And(ref _state, ~(Receiving | Parked));
        if ((before & Released) != 0)
        {
            if ((before & Sending) == 0)
            {
                GiveBack();
            }

            // A reader that was left waiting still gets an end; the buffer is no longer its own.
            _received.SetResult(-1);
        }
        else if ((before & Parked) != 0)
        {
            IdleWatcher!.OnIdleEnded();
        }
        else
        {
            _received.SetResult(result);
        }
    }

    /// <summary>A send that did not end at once has ended.</summary>
    protected void OnSent(bool sent)
    {
        int before = Interlocked.And(ref _state, ~Sending);
        _out.Release();
        if ((before & (Released | Receiving)) == Released)
        {
            GiveBack();
        }

        _sent.SetResult(sent);
    }

    private bool BeginReceive(int state, out int result)
    {
        Memory<byte> space = _in.Space();
        _received.Reset();
        Interlocked.Or(ref _state, state);
        if (!StartReceive(space, (state & Parked) != 0, out result))
        {
            return false;
        }

        Interlocked.And(ref _state, ~state);
        return true;
    }

    // On the reading flow, so that a receive that ends while its connection is being taken does not move the buffer under anybody.
    private ReadOutcome Received(int result)
    {
        if (result > 0)
        {
            _in.Commit(result);
            return ReadOutcome.Data;
        }

        return result == 0 ? ReadOutcome.End : ReadOutcome.Failed;
    }

    private bool TryUnpark() => (Interlocked.And(ref _state, ~Parked) & Parked) != 0;

    private void GiveBack()
    {
        _in.Release();
        _out.Abandon();
        FreeCore();
    }
}
