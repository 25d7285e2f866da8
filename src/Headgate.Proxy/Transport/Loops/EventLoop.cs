using Microsoft.Extensions.Logging;

namespace Headgate.Proxy.Transport.Loops;

/// <summary>
/// One thread that owns sockets and everything that happens on them: it waits for events, calls who they are for, and runs what was posted to it. Nothing on it
/// blocks, and nothing that belongs to it is touched by another thread but <see cref="Post"/>.
/// <para>
/// Code that waits for something foreign (a task of the thread pool) comes back by itself: the loop is its thread's <see cref="SynchronizationContext"/>.
/// One receive and one send buffer serve all of its connections; a connection has memory of its own only while a message is incomplete (<see cref="EndTurn"/>).
/// </para>
/// </summary>
internal sealed class EventLoop : IDisposable
{
    /// <summary>Received at a time, at most; the buffer of what is sent has room for a head and the framing of chunks besides.</summary>
    public const int ReceiveBytesMax = 131_072;

    /// <summary>How many receives a flow may do in one turn before others have theirs.</summary>
    private const int ReceivesPerTurn = 32;

    [ThreadStatic]
    private static EventLoop? current;

    private readonly Poller _poller = new();
    private readonly Mailbox _mailbox = new();
    private readonly LoopTargets _targets = new();
    private readonly Thread _thread;
    private readonly ILogger _logger;
    private readonly long _startMs = Environment.TickCount64;
    private List<LoopConnection> _again = [];
    private List<LoopConnection> _turn = [];
    private readonly List<LoopConnection> _flushes = [];
    private LoopConnection? _hotReader;
    private LoopConnection? _hotWriter;
    private int _receives;
    private volatile bool _stopping;

    /// <summary>Makes the loop; <see cref="Start"/> runs it.</summary>
    /// <exception cref="IOException">The system gives no poller or eventfd.</exception>
    public EventLoop(string name, ILogger logger)
    {
        _logger = logger;
        if (!_poller.TryAddReader(_mailbox.WakeFd, LoopTargets.NoToken))
            throw new IOException($"the event loop's mailbox cannot be polled: error {LibC.Errno}");
        _thread = new Thread(Run) { IsBackground = true, Name = name };
    }

    /// <summary>Whether the caller runs on this loop's thread.</summary>
    public bool IsCurrent => current == this;

    /// <summary>Deadlines of what belongs to the loop; advanced by it.</summary>
    public DeadlineWheel Deadlines { get; } = DeadlineWheel.Driven();

    /// <summary>Received bytes, for one connection at a time: lent by <see cref="LendReceiveBuffer"/>. Pinned.</summary>
    public byte[] HotReceive { get; } = GC.AllocateUninitializedArray<byte>(ReceiveBytesMax, pinned: true);

    /// <summary>Bytes to be sent, for one connection at a time: lent by <see cref="TryLendSendBuffer"/>. Pinned.</summary>
    public byte[] HotSend { get; } = GC.AllocateUninitializedArray<byte>(BufferPool.Huge, pinned: true);

    /// <summary>Starts the thread.</summary>
    public void Start() => _thread.Start();

    /// <summary>Runs <paramref name="callback"/> on the loop, after what is under way. Any thread. Dropped when the loop has ended.</summary>
    public void Post(SendOrPostCallback callback, object? state) => _mailbox.Post(callback, state);

    /// <summary>Registers a socket; null when the system refuses.</summary>
    public ulong? Register(int fd, ILoopTarget target)
    {
        ulong token = _targets.Add(target);
        if (_poller.TryAdd(fd, token))
            return token;
        _targets.Remove(token);
        return null;
    }

    /// <summary>Registers a listening socket; null when the system refuses.</summary>
    public ulong? RegisterListener(int fd, ILoopTarget target)
    {
        ulong token = _targets.Add(target);
        if (_poller.TryAddReader(fd, token))
            return token;
        _targets.Remove(token);
        return null;
    }

    /// <summary>Events already reported for it in this turn are dropped. <paramref name="fd"/> stays open; it is told to the system when it is not closed next.</summary>
    public void Unregister(ulong token, int fd, bool staysOpen)
    {
        _targets.Remove(token);
        if (staysOpen)
            _poller.Remove(fd);
    }

    /// <summary>All that is registered.</summary>
    public IEnumerable<ILoopTarget> Targets => _targets.All;

    /// <summary>Calls <see cref="LoopConnection.OnTurn"/> in the next turn: after everything that is under way.</summary>
    public void QueueTurn(LoopConnection connection) => _again.Add(connection);

    /// <summary>Calls <see cref="LoopConnection.TrySendPutOff"/> after every turn until it is done.</summary>
    public void QueueFlush(LoopConnection connection) => _flushes.Add(connection);

    /// <summary>Whether a flow may receive once more in this turn; false = others first.</summary>
    public bool MayReceive() => ++_receives <= ReceivesPerTurn;

    /// <summary>Gives the hot receive buffer to <paramref name="reader"/>; who had bytes in it takes them out.</summary>
    public void LendReceiveBuffer(LoopConnection reader)
    {
        if (_hotReader != reader)
            _hotReader?.LeaveHotReceive();
        _hotReader = reader;
    }

    /// <summary>Gives the hot send buffer to <paramref name="writer"/>; false when somebody is still writing to it.</summary>
    public bool TryLendSendBuffer(LoopConnection writer)
    {
        if (_hotWriter is not null)
            return false;
        _hotWriter = writer;
        return true;
    }

    /// <summary>The connection has no bytes in the hot receive buffer any more.</summary>
    public void ReturnReceiveBuffer() => _hotReader = null;

    /// <summary>The connection has no bytes in the hot send buffer any more.</summary>
    public void ReturnSendBuffer() => _hotWriter = null;

    /// <summary>Ends the thread after the present turn, closes the connections that are left, and waits for it.</summary>
    public void Dispose()
    {
        _stopping = true;
        Post(static _ => { }, null);
        if (IsCurrent)
            return;
        if (!_thread.ThreadState.HasFlag(ThreadState.Unstarted))
            _thread.Join();
        _mailbox.Dispose();
        _poller.Dispose();
        Deadlines.Dispose();
    }

    private void Run()
    {
        current = this;
        SynchronizationContext.SetSynchronizationContext(new LoopContext(this));
        bool idle = false;
        while (!_stopping)
            idle = !RunOnce(idle);

        // What is left gets no further turn: it is closed, and what waits for it ends.
        _mailbox.Run(_logger);
        foreach (ILoopTarget target in _targets.All)
            (target as LoopConnection)?.Abort(EndCause.Shutdown);
        RunTurn();
    }

    /// <summary>Waits for events, deals with them and with what became due; false when there were none. <paramref name="idle"/>: there were none the last time.</summary>
    private bool RunOnce(bool idle)
    {
        int timeout = _again.Count > 0 ? 0 : _flushes.Count > 0 ? 1 : Deadlines.MsToNextLook(idle);
        int count = _poller.Wait(timeout);
        long now = Environment.TickCount64 - _startMs + 1;
        Deadlines.SetNow(now);
        for (int i = 0; i < count; i++)
        {
            (ulong token, uint events) = _poller.Event(i);
            Dispatch(token, events);
        }

        RunTurn();
        Flush(nothingCame: count == 0);
        Deadlines.AdvanceTo(now);
        EndTurn();
        return count > 0;
    }

    private void Dispatch(ulong token, uint events)
    {
        if (token == LoopTargets.NoToken)
        {
            _mailbox.Run(_logger);
            EndTurn();
            return;
        }

        if (_targets.Find(token) is not { } target)
            return; // closed by what was dispatched before it
        try
        {
            target.OnEvents(events);
        }
        catch (Exception bug)
        {
            Blame(target, bug);
        }

        EndTurn();
    }

    private void RunTurn()
    {
        if (_again.Count == 0)
            return;
        (_turn, _again) = (_again, _turn);
        foreach (LoopConnection connection in _turn)
        {
            try
            {
                connection.OnTurn();
            }
            catch (Exception bug)
            {
                Blame(connection, bug);
            }

            EndTurn();
        }

        _turn.Clear();
    }

    private void Flush(bool nothingCame)
    {
        for (int i = _flushes.Count - 1; i >= 0; i--)
        {
            LoopConnection connection = _flushes[i];
            try
            {
                if (!connection.TrySendPutOff(nothingCame))
                    continue;
            }
            catch (Exception bug)
            {
                Blame(connection, bug);
            }

            _flushes[i] = _flushes[^1];
            _flushes.RemoveAt(_flushes.Count - 1);
        }
    }

    /// <summary>A mistake costs the one it happened to and nobody else on the loop.</summary>
    private void Blame(ILoopTarget target, Exception bug)
    {
        LoopLog.LoopBug(_logger, bug);
        target.OnBug();
    }

    /// <summary>A flow has come to a wait: what it left in the hot buffers goes into memory of its own.</summary>
    private void EndTurn()
    {
        _receives = 0;
        _hotReader?.LeaveHotReceive();
        _hotReader = null;
        _hotWriter?.LeaveHotSend();
        _hotWriter = null;
    }

    private sealed class LoopContext(EventLoop loop) : SynchronizationContext
    {
        public override void Post(SendOrPostCallback d, object? state) => loop.Post(d, state);

        public override void Send(SendOrPostCallback d, object? state) => throw new NotSupportedException("post to an event loop instead of waiting for it");

        public override SynchronizationContext CreateCopy() => this;
    }
}
