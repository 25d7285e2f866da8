using System.Diagnostics;
using Headgate.Proxy.Telemetry;
using Headgate.Proxy.Telemetry.Logs;

namespace Headgate.Proxy.Plugins.Loggers;

/// <summary>
/// The entries of one configured plugin on their way to its sink, in batches. Requests add to a bounded buffer and go on; a flow on the thread pool, which is there only while there
/// are entries, sends them, again when that fails, and drops them in the end. Thread-safe.
/// </summary>
#pragma warning disable CA1001 // A semaphore whose handle nobody asks for holds nothing; a plugin's end is nobody's business but the collector's.
internal sealed class LogQueue
#pragma warning restore CA1001
{
    private const int FirstBytes = 16_384;
    private const int DefaultBytesMax = 8 << 20;

    private readonly LogBuffer _buffer;
    private readonly ILogSink _sink;
    private readonly BatchConfig _batch;
    private readonly LogShipping _shipping;
    private readonly TimeProvider _time;
    private readonly SemaphoreSlim _full = new(0);
    private int _isRunning;
    private int _isFull;
    private bool _fails;
    private long _latestAt;
    private long _lostReported;

    /// <summary>Makes an empty one. <paramref name="bytesMax"/>: bytes of the entries that wait, as <see cref="BatchConfig.PendingMax"/> says of their number.</summary>
    public LogQueue(ILogSink sink, BatchConfig batch, LogShipping shipping, TimeProvider time, int bytesMax = DefaultBytesMax)
    {
        (_sink, _batch, _shipping, _time) = (sink, batch, shipping, time);
        _buffer = new LogBuffer(Math.Min(FirstBytes, bytesMax), batch.PendingMax, bytesMax);
    }

    /// <summary>The flow that sends now.</summary>
    public Task Running { get; private set; } = Task.CompletedTask;

    /// <summary>Adds the entry of a request that has ended. Never waits; allocates only as the buffer grows, and when a flow begins.</summary>
    public void Add(LogFormat format, Exchange exchange, RequestTrace trace)
    {
        if (!_buffer.TryAdd(format, exchange, trace, new LogMoment(_time.GetUtcNow().Ticks)))
            _shipping.OnDropped(1);
        OnAdded(trace);
    }

    /// <summary>As the other, of an entry that is encoded already, as the sink's <see cref="ILogSink.LengthOf"/> reads it.</summary>
    public void Add(ReadOnlySpan<byte> entry, RequestTrace trace)
    {
        if (!_buffer.TryAdd(entry))
            _shipping.OnDropped(1);
        OnAdded(trace);
    }

    private void OnAdded(RequestTrace trace)
    {
        Volatile.Write(ref _latestAt, trace.Ended);
        if (_buffer.Count >= _batch.BatchMaxSize && Interlocked.Exchange(ref _isFull, 1) == 0)
            _full.Release();
        if (Volatile.Read(ref _isRunning) == 0 && Interlocked.Exchange(ref _isRunning, 1) == 0)
            ThreadPool.UnsafeQueueUserWorkItem(static self => self.Begin(), this, preferLocal: false);
    }

    private void Begin()
    {
        Running = RunAsync();
        _shipping.Note(this, isBusy: true);
        if (Running.IsCompleted)
            _shipping.Note(this, isBusy: false);
    }

    private async Task RunAsync()
    {
        do
        {
            while (_buffer.Count > 0)
            {
                await GatherAsync();
                await SendAllAsync();
            }

            _sink.Rest();
            Volatile.Write(ref _isRunning, 0);
        }
        while (_buffer.Count > 0 && Interlocked.Exchange(ref _isRunning, 1) == 0); // one that came in between saw a flow that runs

        _shipping.Note(this, isBusy: false);
    }

    /// <summary>Waits until a batch is full, no further entry comes, the first is old, or the gateway stops.</summary>
    private async Task GatherAsync()
    {
        long begun = Stopwatch.GetTimestamp();
        while (!_shipping.Stopping.IsCancellationRequested)
        {
            TimeSpan quiet = Stopwatch.GetElapsedTime(Volatile.Read(ref _latestAt));
            TimeSpan left = Min(_batch.InactiveTimeout - quiet, _batch.BufferDuration - Stopwatch.GetElapsedTime(begun));
            if (left <= TimeSpan.Zero)
                break;
            try
            {
                if (await _full.WaitAsync(left + TimeSpan.FromMilliseconds(1), _shipping.Stopping))
                    break;
            }
            catch (OperationCanceledException)
            {
                break;
            }
        }

        Volatile.Write(ref _isFull, 0);
    }

    private async Task SendAllAsync()
    {
        ReadOnlyMemory<byte> entries = _buffer.Take(out int count);
        while (count > 0)
        {
            int batch = Math.Min(count, _batch.BatchMaxSize);
            int length = _sink.LengthOf(entries.Span, batch);
            await SendAsync(entries[..length], batch);
            entries = entries[length..];
            count -= batch;
        }
    }

    private async Task SendAsync(ReadOnlyMemory<byte> entries, int count)
    {
        for (int tries = 0; ; tries++)
        {
            string? problem = await _sink.SendAsync(entries, count, CancellationToken.None);
            if (problem is null)
            {
                _fails = false;
                _shipping.OnSent(count);
                return;
            }

            if (tries >= _batch.MaxRetryCount || _shipping.Stopping.IsCancellationRequested)
            {
                OnLost(count, problem);
                return;
            }

            await Task.Delay(_batch.RetryDelay, _time);
        }
    }

    private void OnLost(int count, string problem)
    {
        _shipping.OnDropped(count);
        _lostReported += count;
        if (!_fails)
            LoggersLog.EntriesLost(_shipping.Logger, _lostReported, _sink.Name, problem);
        (_fails, _lostReported) = (true, _fails ? _lostReported : 0);
    }

    private static TimeSpan Min(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
