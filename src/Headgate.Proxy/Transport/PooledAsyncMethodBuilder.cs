#pragma warning disable CA1000, CA1822 // The shape of a builder is the compiler's.

using System.Runtime.CompilerServices;

namespace Headgate.Proxy.Transport;

/// <summary>
/// Builder for <c>async ValueTask</c> methods of the request path: a method that suspends takes its state machine's box from a pool instead of allocating
/// it, and the execution context does not flow (the request path has no async locals). Use with
/// <c>[AsyncMethodBuilder(typeof(PooledAsyncMethodBuilder))]</c>. The task must be awaited exactly once.
/// </summary>
/// <remarks>
/// .NET's own pooling builder keeps one box per thread and core for each method; with many connections waiting inside the same method most boxes
/// would be dropped and made anew, which is what this one avoids.
/// </remarks>
public struct PooledAsyncMethodBuilder
{
    private PooledAsyncMethodBuilder<bool> _inner;

    /// <summary>Called by the compiler.</summary>
    public static PooledAsyncMethodBuilder Create() => default;

    /// <summary>The task of the method.</summary>
    public ValueTask Task => _inner.Box is { } box ? new ValueTask(box, box.Version) : default;

    /// <summary>Called by the compiler.</summary>
    public void Start<TStateMachine>(ref TStateMachine stateMachine)
        where TStateMachine : IAsyncStateMachine => stateMachine.MoveNext();

    /// <summary>Called by the compiler; never needed.</summary>
    public readonly void SetStateMachine(IAsyncStateMachine stateMachine)
    {
    }

    /// <summary>Called by the compiler.</summary>
    public void SetResult() => _inner.SetResult(true);

    /// <summary>Called by the compiler.</summary>
    public void SetException(Exception exception) => _inner.SetException(exception);

    /// <summary>Called by the compiler.</summary>
    public void AwaitOnCompleted<TAwaiter, TStateMachine>(ref TAwaiter awaiter, ref TStateMachine stateMachine)
        where TAwaiter : INotifyCompletion
        where TStateMachine : IAsyncStateMachine => _inner.AwaitOnCompleted(ref awaiter, ref stateMachine);

    /// <summary>Called by the compiler.</summary>
    public void AwaitUnsafeOnCompleted<TAwaiter, TStateMachine>(ref TAwaiter awaiter, ref TStateMachine stateMachine)
        where TAwaiter : ICriticalNotifyCompletion
        where TStateMachine : IAsyncStateMachine => _inner.AwaitUnsafeOnCompleted(ref awaiter, ref stateMachine);
}
