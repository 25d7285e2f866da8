#pragma warning disable CA1000, CA1822 // The shape of a builder is the compiler's.

using System.Runtime.CompilerServices;

namespace Headgate.Proxy.Transport;

/// <summary><see cref="PooledAsyncMethodBuilder"/> for methods with a result: <c>[AsyncMethodBuilder(typeof(PooledAsyncMethodBuilder&lt;&gt;))]</c>.</summary>
/// <typeparam name="TResult">Result of the method.</typeparam>
public struct PooledAsyncMethodBuilder<TResult>
{
    private TResult _result;

    /// <summary>Null while the method has neither suspended nor failed.</summary>
    internal StateMachineBox<TResult>? Box;

    /// <summary>Called by the compiler.</summary>
    public static PooledAsyncMethodBuilder<TResult> Create() => default;

    /// <summary>The task of the method.</summary>
    public readonly ValueTask<TResult> Task => Box is { } box ? new ValueTask<TResult>(box, box.Version) : new ValueTask<TResult>(_result);

    /// <summary>Called by the compiler.</summary>
    public readonly void Start<TStateMachine>(ref TStateMachine stateMachine)
        where TStateMachine : IAsyncStateMachine => stateMachine.MoveNext();

    /// <summary>Called by the compiler; never needed.</summary>
    public readonly void SetStateMachine(IAsyncStateMachine stateMachine)
    {
    }

    /// <summary>Called by the compiler.</summary>
    public void SetResult(TResult result)
    {
        if (Box is { } box)
            box.SetResult(result);
        else
            _result = result;
    }

    /// <summary>Called by the compiler.</summary>
    public void SetException(Exception exception) => (Box ??= new FailedBox<TResult>()).SetException(exception);

    /// <summary>Called by the compiler.</summary>
    public void AwaitOnCompleted<TAwaiter, TStateMachine>(ref TAwaiter awaiter, ref TStateMachine stateMachine)
        where TAwaiter : INotifyCompletion
        where TStateMachine : IAsyncStateMachine => awaiter.OnCompleted(BoxOf(ref stateMachine).MoveNext);

    /// <summary>Called by the compiler.</summary>
    public void AwaitUnsafeOnCompleted<TAwaiter, TStateMachine>(ref TAwaiter awaiter, ref TStateMachine stateMachine)
        where TAwaiter : ICriticalNotifyCompletion
        where TStateMachine : IAsyncStateMachine => awaiter.UnsafeOnCompleted(BoxOf(ref stateMachine).MoveNext);

    private PooledBox<TStateMachine, TResult> BoxOf<TStateMachine>(ref TStateMachine stateMachine)
        where TStateMachine : IAsyncStateMachine
    {
        if (Box is { } existing)
            return Unsafe.As<PooledBox<TStateMachine, TResult>>(existing);

        PooledBox<TStateMachine, TResult> box = PooledBox<TStateMachine, TResult>.Rent();

        // The order matters: this builder is a field of the state machine that is copied next, and the copy must know its box.
        Box = box;
        box.StateMachine = stateMachine;
        return box;
    }
}
