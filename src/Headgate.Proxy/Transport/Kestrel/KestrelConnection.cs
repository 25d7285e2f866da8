using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace Headgate.Proxy.Transport.Kestrel;

/// <summary>
/// A client's connection on Kestrel's transport: sockets and TLS are Kestrel's, the bytes come and go through its pipes. What was read is shown in place,
/// segment by segment; only bytes that must be contiguous with later ones (a head or a chunk line across the end of a segment) are copied.
/// </summary>
internal sealed class KestrelConnection : TransportConnection
{
    private const int JoinedBytesMin = 8_192;

    private readonly ConnectionContext _context;
    private readonly PipeReader _reader;
    private readonly PipeWriter _writer;

    // Written once by Kestrel's notice, read at the end by the front.
    private bool _closed;

    /// <summary>What is shown, its first <see cref="_consumed"/> bytes given up: a segment of the pipe, or the front of <see cref="_joined"/>.</summary>
    private ReadOnlyMemory<byte> _shown;
    private int _consumed;

    /// <summary>Taken from the pipe, to be shown after <see cref="_shown"/>.</summary>
    private ReadOnlySequence<byte> _pending;

    /// <summary>Behind the last byte taken from the pipe; to be given back before the next read when <see cref="_holds"/>.</summary>
    private SequencePosition _takenEnd;
    private bool _holds;

    /// <summary>Rented; holds unread bytes that a later segment continues. Null unless needed.</summary>
    private byte[]? _joined;

    public KestrelConnection(ConnectionContext context, DeadlineWheel deadlines)
        : base(deadlines)
    {
        _context = context;
        _reader = context.Transport.Input;
        _writer = context.Transport.Output;
        deadlines.Add(this);
        context.ConnectionClosed.UnsafeRegister(static self => ((KestrelConnection)self!).OnClosed(), this);
    }

    public override ReadOnlySpan<byte> Unread => _shown.Span[_consumed..];

    public override bool HasMore => !_pending.IsEmpty;

    public override int Unflushed => (int)_writer.UnflushedBytes;

    public override void Consume(int count) => _consumed += count;

    public override ValueTask<ReadOutcome> ReadAsync()
    {
        int unread = _shown.Length - _consumed;
        if (unread > 0)
            MoveToJoined(unread);
        if (!_pending.IsEmpty)
            return new ValueTask<ReadOutcome>(ShowNext(unread));
        GiveBack();
        if (unread == 0)
            ReleaseJoined();

        ValueTask<ReadResult> read;
        try
        {
            read = _reader.ReadAsync();
        }
        catch (Exception error) when (IsEnd(error))
        {
            return new ValueTask<ReadOutcome>(ReadOutcome.Failed); // a pipe that has ended with an error throws at the call, not in its task
        }

        return read.IsCompletedSuccessfully ? new ValueTask<ReadOutcome>(Take(read.Result, unread)) : WaitAsync(read, unread);
    }

    public override Span<byte> GetSpan(int sizeHint) => _writer.GetSpan(sizeHint);

    public override void Advance(int count) => _writer.Advance(count);

    public override ValueTask<bool> FlushAsync()
    {
        ValueTask<FlushResult> flush;
        try
        {
            flush = _writer.FlushAsync();
        }
        catch (Exception error) when (IsEnd(error))
        {
            return new ValueTask<bool>(false);
        }

        return flush.IsCompletedSuccessfully ? new ValueTask<bool>(!flush.Result.IsCompleted) : WaitAsync(flush);
    }

    /// <summary>
    /// Returns the buffers and ends both directions. Kestrel closes the socket when its middleware returns and the client has taken what was flushed; after
    /// <paramref name="sendTimeout"/> it is cut off.
    /// </summary>
    public async ValueTask CompleteAsync(TimeSpan sendTimeout)
    {
        GiveBack();
        ReleaseJoined();

        // Kestrel sends the rest before it closes, for as long as the client takes to read it. The wheel keeps an eye on that until the socket is closed.
        DeadlineMs = 0;
        SetWriteDeadline(sendTimeout);
        if (Volatile.Read(ref _closed))
            Deadlines.Remove(this);
        await _reader.CompleteAsync();
        await _writer.CompleteAsync();
    }

    /// <summary>What was flushed lies in Kestrel's pipe: it goes out when the front completes the connection, which the end of the read leads to.</summary>
    protected override void FinishCore() => _reader.CancelPendingRead();

    /// <summary>
    /// A client that sends nothing is closed in order: a reset could cost it an answer that it has not read yet. One that takes nothing, or is still here at the next
    /// look, is reset.
    /// </summary>
    protected override void OnDeadline()
    {
        bool takesNothing = WriteDeadlineMs is var write && write != 0 && write <= Deadlines.NowMs;
        if (takesNothing || EndCause != EndCause.None)
            Abort(EndCause.Deadline);
        else
            Finish(EndCause.Deadline);
    }

    protected override void AbortCore() => _context.Abort(new ConnectionAbortedException("ended by the gateway"));

    [AsyncMethodBuilder(typeof(PooledAsyncMethodBuilder<>))]
    private async ValueTask<ReadOutcome> WaitAsync(ValueTask<ReadResult> read, int unread)
    {
        try
        {
            return Take(await read, unread);
        }
        catch (Exception error) when (IsEnd(error))
        {
            return ReadOutcome.Failed;
        }
    }

    [AsyncMethodBuilder(typeof(PooledAsyncMethodBuilder<>))]
    private static async ValueTask<bool> WaitAsync(ValueTask<FlushResult> flush)
    {
        try
        {
            return !(await flush).IsCompleted;
        }
        catch (Exception error) when (IsEnd(error))
        {
            return false;
        }
    }

    private static bool IsEnd(Exception error) => error is IOException or OperationCanceledException or ObjectDisposedException;

    private ReadOutcome Take(in ReadResult result, int unread)
    {
        if (result.IsCanceled)
        {
            _reader.AdvanceTo(result.Buffer.Start);
            return ReadOutcome.Failed;
        }

        _takenEnd = result.Buffer.End;
        _holds = true;
        _pending = result.Buffer;
        return _pending.IsEmpty ? ReadOutcome.End : ShowNext(unread);
    }

    /// <summary>Shows the next segment, behind the <paramref name="unread"/> bytes at the front of <see cref="_joined"/> when there are any.</summary>
    private ReadOutcome ShowNext(int unread)
    {
        ReadOnlyMemory<byte> segment = _pending.First;
        _pending = _pending.Slice(segment.Length);
        if (segment.IsEmpty)
            return ShowNext(unread);
        if (unread == 0)
        {
            _shown = segment;
            _consumed = 0;
            return ReadOutcome.Data;
        }

        GrowJoined(unread, unread + segment.Length);
        segment.CopyTo(_joined.AsMemory(unread));
        _shown = _joined.AsMemory(0, unread + segment.Length);
        return ReadOutcome.Data;
    }

    private void MoveToJoined(int unread)
    {
        ReadOnlySpan<byte> bytes = Unread;
        _joined ??= ArrayPool<byte>.Shared.Rent(Math.Max(JoinedBytesMin, unread));
        if (_joined.Length < unread)
            GrowJoined(0, unread);
        bytes.CopyTo(_joined); // overlapping is fine: CopyTo moves
        _shown = _joined.AsMemory(0, unread);
        _consumed = 0;
    }

    private void GrowJoined(int kept, int needed)
    {
        if (_joined!.Length >= needed)
            return;
        byte[] larger = ArrayPool<byte>.Shared.Rent(needed);
        _joined.AsSpan(0, kept).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_joined);
        _joined = larger;
    }

    private void GiveBack()
    {
        if (_holds)
            _reader.AdvanceTo(_takenEnd);
        _holds = false;
        _pending = default;
    }

    private void ReleaseJoined()
    {
        _shown = default;
        _consumed = 0;
        if (_joined is null)
            return;
        ArrayPool<byte>.Shared.Return(_joined);
        _joined = null;
    }

    /// <summary>
    /// Kestrel reports a finished and a broken connection alike. A client that has only finished sending still waits for its answer; one whose socket is closed
    /// (TCP_INFO's state) does not.
    /// </summary>
    private void OnClosed()
    {
        Volatile.Write(ref _closed, true);
        Deadlines.Remove(this);
        if (EndCause != EndCause.None)
            return; // we have ended it: that is not the client's doing

        const int TcpProtocol = 6;
        const int TcpInfo = 11;
        const byte TcpStateClose = 7;
        Socket? socket = _context.Features.Get<IConnectionSocketFeature>()?.Socket;
        Span<byte> state = stackalloc byte[1];
        try
        {
            if (socket is not null && socket.GetRawSocketOption(TcpProtocol, TcpInfo, state) > 0 && state[0] != TcpStateClose)
                return;
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // Closed already.
        }

        PeerGone?.Invoke();
    }
}
