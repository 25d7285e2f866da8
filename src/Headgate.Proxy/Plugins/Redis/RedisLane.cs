using Microsoft.Extensions.Logging;

namespace Headgate.Proxy.Plugins.Redis;

/// <summary>
/// One connection to a server and the calls on it. Calls from all threads are sent in batches, each without waiting for the answers of those before it, and answered in order.
/// <para>
/// It connects when the first call comes, which waits for it. Once the server was lost, calls fail at once, and now and then one of them has it tried again beside: requests do not
/// queue for a server that is down.
/// </para>
/// </summary>
internal sealed class RedisLane(RedisServer server, TimeProvider time, ILogger logger, Random jitter)
{
    /// <summary>Calls that wait for their answer, at most; further ones fail.</summary>
    public const int CallsMax = 10_000;

    private const int SpareMax = 1024;
    private const int BatchBytesMax = 65_536;
    private static readonly TimeSpan PauseMin = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan PauseMax = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();

    // All under the gate.
    private readonly Queue<RedisCall> _waiting = new();
    private readonly Queue<RedisCall> _sent = new();
    private readonly Stack<RedisCall> _spare = new();
    private Pump? _pump;
    private State _state;
    private TimeSpan _pause;
    private long _lostAt;
    private long _usedAt;
    private bool _isWriting;
    private ITimer? _timer;
    private bool _isTimed;
    private string? _error;

    private enum State
    {
        /// <summary>Nobody has asked yet, or nobody has for long.</summary>
        Idle,

        /// <summary>Calls wait for the connection.</summary>
        Connecting,

        /// <summary>There is one.</summary>
        Open,

        /// <summary>The server was lost; calls fail.</summary>
        Lost,

        /// <summary>As lost, and it is being tried.</summary>
        Trying,
    }

    /// <summary>Runs a script. What is given is read before this returns.</summary>
    public ValueTask<RedisAnswer> RunAsync(RedisScript script, ReadOnlySpan<byte> key, long first, long second)
    {
        RedisCall? call = null;
        bool connects;
        Pump? writes = null;
        lock (_gate)
        {
            long now = time.GetTimestamp();
            connects = _state == State.Idle || (_state == State.Lost && time.GetElapsedTime(_lostAt, now) >= _pause);
            if (connects)
                _state = _state == State.Idle ? State.Connecting : State.Trying;
            if (_state is State.Connecting or State.Open && _waiting.Count + _sent.Count < CallsMax)
            {
                if (!_spare.TryPop(out call))
                    call = new RedisCall(this);
                call.Begin(script, key, first, second, now);
                _waiting.Enqueue(call);
                _usedAt = now;
                writes = BeginWriting_NeedsLock();
                Watch_NeedsLock(server.Timeout);
            }
        }

        if (connects)
            ThreadPool.UnsafeQueueUserWorkItem(static lane => _ = lane.ConnectAsync(), this, preferLocal: false);
        if (writes is not null)
            ThreadPool.UnsafeQueueUserWorkItem(writes, preferLocal: false);
        return call is null ? new(RedisAnswer.Unreachable) : new(call, call.Version);
    }

    /// <summary>A call was answered and its flow has the answer.</summary>
    public void TakeBack(RedisCall call)
    {
        lock (_gate)
        {
            if (_spare.Count < SpareMax)
                _spare.Push(call);
        }
    }

    private async Task ConnectAsync()
    {
        RedisConnection connection;
        try
        {
            connection = await RedisConnection.OpenAsync(server, time);
        }
        catch (IOException failure)
        {
            Lose(null, failure.Message);
            return;
        }

        var pump = new Pump(this, connection);
        bool wasLost;
        lock (_gate)
        {
            wasLost = _state == State.Trying;
            (_pump, _state, _pause, _usedAt) = (pump, State.Open, default, time.GetTimestamp());
            _isWriting = true;
            Watch_NeedsLock(server.Timeout);
        }

        if (wasLost)
            RedisLog.Found(logger, server);
        _ = ReadAsync(pump);
        await WriteAsync(pump);
    }

    /// <summary>Who is to write; null = nobody, or somebody does already.</summary>
    private Pump? BeginWriting_NeedsLock()
    {
        if (_isWriting)
            return null;
        _isWriting = _pump is not null;
        return _pump;
    }

    /// <summary>Sends what waits, until nothing does.</summary>
    private async Task WriteAsync(Pump pump)
    {
        try
        {
            while (Collect(pump))
                await pump.Connection.WriteAsync(pump.Writer.Bytes, default);
        }
        catch (Exception failure) when (failure is IOException or ObjectDisposedException or InvalidOperationException)
        {
            Lose(pump, failure.Message);
        }
    }

    private bool Collect(Pump pump)
    {
        lock (_gate)
        {
            if (_pump != pump)
                return false;
            pump.Writer.Clear();
            while (pump.Writer.Length < BatchBytesMax && _waiting.TryDequeue(out RedisCall? call))
            {
                call.WriteTo(pump.Writer);
                _sent.Enqueue(call);
            }

            return _isWriting = pump.Writer.Length > 0;
        }
    }

    private async Task ReadAsync(Pump pump)
    {
        try
        {
            while (Take(pump, await pump.Connection.ReadAsync(default)))
            {
            }
        }
        catch (Exception failure) when (failure is IOException or ObjectDisposedException or InvalidDataException)
        {
            Lose(pump, failure.Message);
        }
    }

    /// <summary>An answer has come; false when the connection is given up already.</summary>
    private bool Take(Pump pump, RedisAnswer answer)
    {
        RedisCall? call;
        Pump? writes = null;
        bool isNews;
        lock (_gate)
        {
            if (_pump != pump)
                return false;
            if (!_sent.TryDequeue(out call))
                throw new InvalidDataException("an answer that nobody has asked for");
            if (answer.IsUnknownScript && !call.SendsScript)
            {
                // The server has been started anew, or its scripts were flushed. This call brings the script back.
                call.SendsScript = true;
                _waiting.Enqueue(call);
                writes = BeginWriting_NeedsLock();
                call = null;
            }

            isNews = call is not null && answer.Error != _error && answer.IsError;
            _error = call is null ? _error : answer.Error;
        }

        if (writes is not null)
            ThreadPool.UnsafeQueueUserWorkItem(writes, preferLocal: false);
        if (isNews)
            RedisLog.Refused(logger, server, answer.Error!);
        call?.Complete(answer);
        return true;
    }

    /// <summary>A connection has ended, or none came (null). One that the server has closed while nobody used it is no loss.</summary>
    private void Lose(Pump? pump, string reason)
    {
        RedisCall[] failed;
        bool isNews;
        lock (_gate)
        {
            if (_pump != pump)
                return;
            failed = [.. _sent, .. _waiting];
            _sent.Clear();
            _waiting.Clear();
            isNews = _state != State.Trying && (pump is null || failed.Length > 0);
            if (pump is not null && failed.Length == 0)
                _state = State.Idle;
            else
                Pause_NeedsLock();
            (_pump, _isWriting) = (null, false);
        }

        pump?.Connection.Dispose();
        if (isNews)
            RedisLog.Lost(logger, server, reason);
        foreach (RedisCall call in failed)
            call.Complete(RedisAnswer.Unreachable);
    }

    /// <summary>Twice as long after each failure, and part of it at random, so that gateways do not come back together.</summary>
    private void Pause_NeedsLock()
    {
        TimeSpan longest = TimeSpan.FromTicks(Math.Min(PauseMax.Ticks, Math.Max(PauseMin.Ticks, _pause.Ticks * 2)));
        _pause = longest * (0.75 + (0.25 * jitter.NextDouble()));
        (_state, _lostAt) = (State.Lost, time.GetTimestamp());
    }

    /// <summary>Looks after <paramref name="delay"/>, unless somebody looks anyway.</summary>
    private void Watch_NeedsLock(TimeSpan delay)
    {
        if (_isTimed || _state != State.Open)
            return;
        _isTimed = true;
        if (_timer is null)
            _timer = time.CreateTimer(static lane => ((RedisLane)lane!).Look(), this, delay, Timeout.InfiniteTimeSpan);
        else
            _timer.Change(delay, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Gives a server up that does not answer, and a connection that nobody uses.</summary>
    private void Look()
    {
        Pump? pump;
        bool isUsed;
        lock (_gate)
        {
            _isTimed = false;
            pump = _pump;
            if (pump is null)
                return;
            isUsed = _sent.TryPeek(out RedisCall? oldest) || _waiting.TryPeek(out oldest);
            TimeSpan left = isUsed ? server.Timeout - time.GetElapsedTime(oldest!.BegunAt) : server.IdleTimeout - time.GetElapsedTime(_usedAt);
            if (left > TimeSpan.Zero)
            {
                // A call that comes meanwhile must not wait for the end of the idle time.
                Watch_NeedsLock(left < server.Timeout ? left + TimeSpan.FromMilliseconds(1) : server.Timeout);
                return;
            }

            if (!isUsed)
                (_pump, _state, _isWriting) = (null, State.Idle, false);
        }

        if (isUsed)
            Lose(pump, $"no answer within {server.Timeout.TotalMilliseconds} ms");
        else
            pump.Connection.Dispose();
    }

    /// <summary>A connection and what is about to be sent on it.</summary>
    private sealed class Pump(RedisLane lane, RedisConnection connection) : IThreadPoolWorkItem
    {
        public RedisConnection Connection => connection;

        public RespWriter Writer { get; } = new();

        public void Execute() => _ = lane.WriteAsync(this);
    }
}
