using Microsoft.Extensions.Logging;

namespace Headgate.Proxy.Transport.Loops;

/// <summary>What other threads want done on a loop. Waking the loop costs a system call only when it has not been woken already.</summary>
internal sealed unsafe class Mailbox : IDisposable
{
    private readonly Lock _gate = new();
    private List<(SendOrPostCallback Callback, object? State)> _posted = [];
    private List<(SendOrPostCallback Callback, object? State)> _running = [];
    private bool _disposed;

    /// <summary>Makes an empty mailbox.</summary>
    /// <exception cref="IOException">The system gives no eventfd.</exception>
    public Mailbox()
    {
        WakeFd = LibC.eventfd(0, LibC.EFD_NONBLOCK | LibC.EFD_CLOEXEC);
        if (WakeFd < 0)
            throw new IOException($"eventfd failed with error {LibC.Errno}");
    }

    /// <summary>Readable while there is something to run.</summary>
    public int WakeFd { get; }

    /// <summary>Leaves <paramref name="callback"/> for the loop. Any thread.</summary>
    public void Post(SendOrPostCallback callback, object? state)
    {
        lock (_gate)
        {
            if (_disposed)
                return;
            _posted.Add((callback, state));
            if (_posted.Count == 1)
            {
                ulong one = 1;
                _ = LibC.write(WakeFd, &one, sizeof(ulong));
            }
        }
    }

    /// <summary>Runs what was posted before the call. The loop's thread.</summary>
    public void Run(ILogger logger)
    {
        ulong count;
        _ = LibC.read(WakeFd, &count, sizeof(ulong));
        lock (_gate)
        {
            (_running, _posted) = (_posted, _running);
        }

        foreach ((SendOrPostCallback callback, object? state) in _running)
        {
            try
            {
                callback(state);
            }
            catch (Exception bug)
            {
                LoopLog.LoopBug(logger, bug);
            }
        }

        _running.Clear();
    }

    /// <summary>What is posted from now on is dropped.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            _ = LibC.close(WakeFd);
        }
    }
}
