using System.Runtime.CompilerServices;
using System.Threading.Tasks.Sources;

namespace Headgate.Proxy.Transport;

/// <summary>
/// Where a suspended method's result arrives: the source behind its ValueTask. Whoever awaits goes on inside the end of the method, on its thread: a method that is
/// to end on an event loop never leaves it (it does not use ConfigureAwait(false)).
/// </summary>
internal abstract class StateMachineBox<TResult> : IValueTaskSource<TResult>, IValueTaskSource
{
    private ManualResetValueTaskSourceCore<TResult> _core;

    public short Version => _core.Version;

    public void SetResult(TResult result) => _core.SetResult(result);

    public void SetException(Exception exception) => _core.SetException(exception);

    public ValueTaskSourceStatus GetStatus(short token) => _core.GetStatus(token);

    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags & ~ValueTaskSourceOnCompletedFlags.UseSchedulingContext);

    public TResult GetResult(short token)
    {
        try
        {
            return _core.GetResult(token);
        }
        finally
        {
            _core.Reset();
            Recycle();
        }
    }

    void IValueTaskSource.GetResult(short token) => GetResult(token);

    /// <summary>The awaiting method has taken the result: nobody refers to the box any more.</summary>
    protected abstract void Recycle();
}

/// <summary>A method that failed before it first suspended.</summary>
internal sealed class FailedBox<TResult> : StateMachineBox<TResult>
{
    protected override void Recycle()
    {
    }
}

/// <summary>
/// Holds a suspended state machine. Boxes are kept in a short list per thread, and what is too much there moves in batches to a list shared by all threads,
/// because a method may be suspended on one thread and finish on another. At most <see cref="SharedMax"/> wait in the shared list.
/// </summary>
internal sealed class PooledBox<TStateMachine, TResult> : StateMachineBox<TResult>
    where TStateMachine : IAsyncStateMachine
{
    private const int LocalMax = 64;
    private const int SharedMax = 16_384;

    private static readonly Lock SharedLock = new();
    private static PooledBox<TStateMachine, TResult>? shared;
    private static int sharedCount;

    [ThreadStatic]
    private static PooledBox<TStateMachine, TResult>? local;

    [ThreadStatic]
    private static int localCount;

    private PooledBox<TStateMachine, TResult>? _next;

    private PooledBox() => MoveNext = () => StateMachine!.MoveNext();

    /// <summary>Resumes the method; one delegate for the life of the box.</summary>
    public Action MoveNext { get; }

    /// <summary>The suspended method.</summary>
    public TStateMachine? StateMachine;

    public static PooledBox<TStateMachine, TResult> Rent()
    {
        if (local is null)
            RefillLocal();
        if (local is not { } box)
            return new PooledBox<TStateMachine, TResult>();

        local = box._next;
        localCount--;
        box._next = null;
        return box;
    }

    protected override void Recycle()
    {
        StateMachine = default;
        if (localCount >= LocalMax)
            SpillLocal();
        _next = local;
        local = this;
        localCount++;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void RefillLocal()
    {
        lock (SharedLock)
        {
            while (shared is { } box && localCount < LocalMax / 2)
            {
                shared = box._next;
                sharedCount--;
                box._next = local;
                local = box;
                localCount++;
            }
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void SpillLocal()
    {
        lock (SharedLock)
        {
            while (local is { } box && localCount > LocalMax / 2)
            {
                local = box._next;
                localCount--;
                if (sharedCount >= SharedMax)
                    continue;
                box._next = shared;
                shared = box;
                sharedCount++;
            }
        }
    }
}
