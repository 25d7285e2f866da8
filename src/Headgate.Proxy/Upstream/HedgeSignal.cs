using System.Threading.Tasks.Sources;
using Headgate.Proxy.Transport;

namespace Headgate.Proxy.Upstream;

/// <summary>
/// What the flow of a hedged request waits for: that one of its tries has ended, the delay is over, or the client has gone. It says only that there is something to look at; who
/// wakes looks at everything, so that a signal too many does no harm, a late one for an earlier request included. One flow waits; anybody signals, on any thread.
/// <para>
/// The end of a try goes on with the flow at once, where the try has ended: on its loop, or on the thread of its connection. The others come from threads that have more to do
/// (the wheel's, the client's): they leave the flow to its loop's mailbox or to the thread pool.
/// </para>
/// </summary>
internal sealed class HedgeSignal : IDeadlineTarget, IClientWatcher, IValueTaskSource, IThreadPoolWorkItem
{
    private const int Quiet = 0;
    private const int Noted = 1;
    private const int Awaited = 2;

    private int _state;
    private long _deadlineMs;

    // Written by the flow before it waits, read by whoever ends the wait: the state passes them on.
    private Action<object?>? _continuation;
    private object? _continuationState;
    private SynchronizationContext? _context;

    /// <inheritdoc/>
    public long DeadlineMs
    {
        get => Volatile.Read(ref _deadlineMs);
        set => Volatile.Write(ref _deadlineMs, value);
    }

    /// <summary>Waits until something was signalled since the last wait.</summary>
    public ValueTask WaitAsync() => Interlocked.CompareExchange(ref _state, Quiet, Noted) == Noted ? default : new ValueTask(this, 0);

    /// <summary>A try has ended. Runs the flow, if it waits.</summary>
    public void Signal()
    {
        if (EndsWait())
            RunFlow();
    }

    /// <inheritdoc/>
    public void OnDeadline() => SignalLater();

    /// <inheritdoc/>
    public void OnClientGone() => SignalLater();

    /// <inheritdoc/>
    void IThreadPoolWorkItem.Execute() => RunFlow();

    /// <inheritdoc/>
    void IValueTaskSource.GetResult(short token)
    {
    }

    /// <inheritdoc/>
    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => ValueTaskSourceStatus.Pending;

    /// <inheritdoc/>
    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags)
    {
        (_continuation, _continuationState, _context) = (continuation, state, SynchronizationContext.Current);
        if (Interlocked.CompareExchange(ref _state, Awaited, Quiet) == Quiet)
            return;
        Volatile.Write(ref _state, Quiet); // noted meanwhile, and nobody but this flow takes that back
        RunFlow();
    }

    private void SignalLater()
    {
        if (!EndsWait())
            return;
        if (_context is { } loop)
#pragma warning disable VSTHRD001 // An event loop's context: it posts to the loop's mailbox, and nobody waits.
            loop.Post(static self => ((HedgeSignal)self!).RunFlow(), this);
#pragma warning restore VSTHRD001
        else
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    /// <summary>Whether the flow waits, and it is the caller who has it go on; else the signal is kept.</summary>
    private bool EndsWait() =>
        Interlocked.CompareExchange(ref _state, Quiet, Awaited) == Awaited
        || (Interlocked.CompareExchange(ref _state, Noted, Quiet) == Awaited && EndsWait());

    private void RunFlow()
    {
        (Action<object?> continuation, object? state) = (_continuation!, _continuationState);
        (_continuation, _continuationState, _context) = (null, null, null);
        continuation(state);
    }
}
