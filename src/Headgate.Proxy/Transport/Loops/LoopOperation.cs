using System.Threading.Tasks.Sources;

namespace Headgate.Proxy.Transport.Loops;

/// <summary>
/// An operation that one flow waits for, again and again, when waiting and ending happen on the same thread: what <see cref="ManualResetValueTaskSourceCore{T}"/> is
/// without the interlocked steps, the execution context and the scheduler. Whoever waits goes on inside <see cref="End"/>.
/// </summary>
internal sealed class LoopOperation<T> : IValueTaskSource<T>
{
    private Action<object?>? _continuation;
    private object? _state;
    private T _result = default!;
    private short _version;

    /// <summary>Whether it has begun and not ended.</summary>
    public bool IsPending { get; private set; }

    /// <summary>Begins the operation. The last one has ended, and its result was taken.</summary>
    public ValueTask<T> BeginAsync()
    {
        IsPending = true;
        return new ValueTask<T>(this, ++_version);
    }

    /// <summary>Ends the operation and runs what waits for it. It has begun.</summary>
    public void End(T result)
    {
        _result = result;
        IsPending = false;
        (Action<object?>? continuation, object? state) = (_continuation, _state);
        _continuation = null;
        _state = null;
        continuation?.Invoke(state);
    }

    /// <inheritdoc/>
    T IValueTaskSource<T>.GetResult(short token) =>
        token == _version && !IsPending ? _result : throw new InvalidOperationException("a result was taken twice or too early");

    /// <inheritdoc/>
    ValueTaskSourceStatus IValueTaskSource<T>.GetStatus(short token) =>
        token != _version ? throw new InvalidOperationException("an operation that is over") : IsPending ? ValueTaskSourceStatus.Pending : ValueTaskSourceStatus.Succeeded;

    /// <inheritdoc/>
    void IValueTaskSource<T>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags)
    {
        if (token != _version || _continuation is not null)
            throw new InvalidOperationException("an operation is waited for twice");
        if (!IsPending)
        {
            continuation(state);
            return;
        }

        _continuation = continuation;
        _state = state;
    }
}
