using Headgate.Proxy.Telemetry.Logs;
using Microsoft.Extensions.Logging;

namespace Headgate.Proxy.Plugins.Loggers;

/// <summary>
/// The queues of entries on their way out, of all plugins that log requests: who stops the gateway has them sent what they hold. Keeps the files of <c>file-logger</c>, one for
/// each path whoever writes to it. Thread-safe.
/// </summary>
public sealed class LogShipping : IAsyncDisposable
{
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly HashSet<LogQueue> _busy = [];
    private readonly Dictionary<string, LogFile> _files = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stop = new();
    private readonly ILogger _logger;
    private long _sent;
    private long _dropped;

    /// <summary>Makes it; nothing is under way.</summary>
    public LogShipping(ILogger<LogShipping> logger) => _logger = logger;

    /// <summary>Entries that arrived.</summary>
    public long Sent => Volatile.Read(ref _sent);

    /// <summary>Entries that were lost, because too many waited or they could not be sent.</summary>
    public long Dropped => Volatile.Read(ref _dropped);

    /// <summary>Cancelled when the gateway stops: what waits is sent at once.</summary>
    internal CancellationToken Stopping => _stop.Token;

    /// <summary>Where to log.</summary>
    internal ILogger Logger => _logger;

    /// <summary>Lets go of all files, so that renamed ones are left alone. Blocks while one is written to.</summary>
    public void Reopen()
    {
        lock (_gate)
        {
            foreach (LogFile file in _files.Values)
            {
                lock (file)
                    file.Close();
            }
        }
    }

    /// <summary>Sends what waits, for a few seconds at most.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        Task[] running;
        lock (_gate)
            running = [.. _busy.Select(static queue => queue.Running)];
        await Task.WhenAny(Task.WhenAll(running), Task.Delay(StopPatience));
        Reopen();
        _stop.Dispose();
    }

    /// <summary>Entries of a queue arrived.</summary>
    internal void OnSent(int entries) => Interlocked.Add(ref _sent, entries);

    /// <summary>Entries of a queue were lost.</summary>
    internal void OnDropped(int entries) => Interlocked.Add(ref _dropped, entries);

    /// <summary>A queue begins to send, or has ended.</summary>
    internal void Note(LogQueue queue, bool isBusy)
    {
        lock (_gate)
            _ = isBusy ? _busy.Add(queue) : _busy.Remove(queue);
    }

    /// <summary>The file of a path. Written to under its own lock.</summary>
    internal LogFile File(string path)
    {
        string full = System.IO.Path.GetFullPath(path);
        lock (_gate)
        {
            if (!_files.TryGetValue(full, out LogFile? file))
                _files.Add(full, file = new LogFile(path, _logger));
            return file;
        }
    }
}
