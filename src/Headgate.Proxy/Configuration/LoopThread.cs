using System.Collections.Concurrent;

namespace Headgate.Proxy.Configuration;

/// <summary>
/// A thread for one asynchronous loop: everything between its awaits runs there and nowhere else. A pool thread would do for the work, but whoever completes an
/// awaited task may run the continuation inline, and where continuations are inlined on I/O threads that would put a compilation in front of traffic.
/// </summary>
internal sealed class LoopThread : SynchronizationContext
{
    private readonly BlockingCollection<(SendOrPostCallback Callback, object? State)> _queue = [];

    private LoopThread()
    {
    }

    /// <summary>Runs <paramref name="loop"/> on a new background thread; completes, or fails, when it does.</summary>
    public static Task RunAsync(string name, Func<Task> loop)
    {
        var finished = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(() => new LoopThread().Run(loop, finished)) { IsBackground = true, Name = name };
        thread.Start();
        return finished.Task;
    }

    /// <inheritdoc/>
    public override void Post(SendOrPostCallback d, object? state)
    {
        try
        {
            _queue.Add((d, state));
        }
        catch (InvalidOperationException)
        {
            // The loop has ended; what still completes for it (a cancelled wait) concerns nobody.
        }
    }

    /// <summary>Not supported: the loop's thread is never waited for.</summary>
    public override void Send(SendOrPostCallback d, object? state) => throw new NotSupportedException("post to the loop instead of waiting for it");

    private void Run(Func<Task> loop, TaskCompletionSource finished)
    {
        SetSynchronizationContext(this);
        Task running = loop();
        _ = running.ContinueWith(_ => _queue.CompleteAdding(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        foreach ((SendOrPostCallback callback, object? state) in _queue.GetConsumingEnumerable())
            callback(state);
        _queue.Dispose();
        finished.SetFromTask(running);
    }
}
