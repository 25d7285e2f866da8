using Microsoft.Extensions.Logging;

namespace Headgate.Proxy.Telemetry.Logs;

/// <summary>
/// A line for every request. Requests encode it into a buffer of their writer's, and one thread writes what is there to the file, ten times a second or when a buffer is half full.
/// What does not fit is dropped and counted: a slow disk slows no request. Thread-safe.
/// </summary>
public sealed class AccessLog : IDisposable
{
    private static readonly TimeSpan FlushPeriod = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan ReportPeriod = TimeSpan.FromMinutes(1);

    private readonly AccessLogOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly LogBuffer[] _buffers;
    private readonly LogFile _file;
    private readonly AutoResetEvent _wake = new(false);
    private readonly Thread _thread;
    private int _isWoken;
    private volatile bool _reopens;
    private volatile bool _stops;

    // Of the thread; the sums are read by others.
    private long _written;
    private long _unwritable;
    private long _reported;
    private long _reportedAt;

    /// <summary>Begins to write. <paramref name="writers"/>: number of writers, the shared one included (<see cref="RequestTrace.Writer"/>).</summary>
    internal AccessLog(AccessLogOptions options, int writers, TimeProvider time, ILogger logger)
    {
        (_options, _time, _logger) = (options, time, logger);
        _buffers = [.. Enumerable.Range(0, writers).Select(_ => new LogBuffer(options.BufferBytes))];
        _file = new LogFile(options.Path, logger);
        _reportedAt = time.GetTimestamp() - time.TimestampFrequency * (long)ReportPeriod.TotalSeconds;
        _thread = new Thread(Run) { IsBackground = true, Name = "access log" };
        _thread.Start();
    }

    /// <summary>Lines written so far.</summary>
    public long Written => Volatile.Read(ref _written);

    /// <summary>Lines lost so far.</summary>
    public long Dropped => Volatile.Read(ref _unwritable) + _buffers.Sum(static buffer => buffer.Dropped);

    /// <summary>Lets go of the file, so that a renamed one is left alone and a new one begins. Any thread; takes effect soon.</summary>
    public void Reopen()
    {
        _reopens = true;
        _wake.Set();
    }

    /// <summary>Writes what is there and ends.</summary>
    public void Dispose()
    {
        if (_stops)
            return;
        _stops = true;
        _wake.Set();
        _thread.Join();
        _wake.Dispose();
        _file.Dispose();
    }

    /// <summary>Adds the line of a request that has ended. Never waits for the disk, never allocates.</summary>
    internal void Add(Exchange exchange, RequestTrace trace)
    {
        LogBuffer buffer = _buffers[Math.Min(trace.Writer, _buffers.Length - 1)];
        buffer.TryAdd(_options.Format, exchange, trace, new LogMoment(_time.GetUtcNow().Ticks));
        if (buffer.IsFilling && Interlocked.Exchange(ref _isWoken, 1) == 0)
            _wake.Set();
    }

    private void Run()
    {
        while (!_stops)
        {
            _wake.WaitOne(FlushPeriod);
            Volatile.Write(ref _isWoken, 0);
            WriteAll();
            if (_reopens)
            {
                _reopens = false;
                _file.Close();
            }
        }

        WriteAll();
    }

    private void WriteAll()
    {
        foreach (LogBuffer buffer in _buffers)
        {
            ReadOnlySpan<byte> lines = buffer.Take(out int count).Span;
            if (count == 0)
                continue;
            if (_file.TryWrite(lines))
                Volatile.Write(ref _written, _written + count);
            else
                Volatile.Write(ref _unwritable, _unwritable + count);
        }

        long dropped = _buffers.Sum(static buffer => buffer.Dropped);
        if (dropped == _reported || _time.GetElapsedTime(_reportedAt) < ReportPeriod)
            return;
        LogsLog.LinesLost(_logger, dropped - _reported, _options.Path);
        (_reported, _reportedAt) = (dropped, _time.GetTimestamp());
    }
}
