using System.Runtime.CompilerServices;

namespace Headgate.Control;

/// <summary>
/// <c>await LeaveIoThread.Now</c> goes on on the thread pool, always. The process lets sockets complete inline, so a handler may start, or go on after
/// reading a body, on a thread that serves traffic; <see cref="Task.Yield"/> would do on most threads, but says nothing about where it goes on.
/// </summary>
internal readonly struct LeaveIoThread : ICriticalNotifyCompletion
{
    public static LeaveIoThread Now => default;

    /// <summary>Never: the point is to switch.</summary>
    public bool IsCompleted => false;

    public LeaveIoThread GetAwaiter() => this;

    public void GetResult()
    {
    }

    public void OnCompleted(Action continuation) => ThreadPool.QueueUserWorkItem(static next => next(), continuation, preferLocal: false);

    public void UnsafeOnCompleted(Action continuation) => ThreadPool.UnsafeQueueUserWorkItem(static next => next(), continuation, preferLocal: false);
}
