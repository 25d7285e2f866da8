using System.Threading.Tasks.Sources;

namespace Headgate.Proxy.Transport.Loops;

/// <summary>
/// The end of an operation that one flow waits for, when waiting and ending happen on the same thread: what <see cref="ManualResetValueTaskSourceCore{T}"/> is
/// without the interlocked steps, the execution context and the scheduler. A mutable struct; continuations run inside <see cref="Set"/>.
/// </summary>
internal struct LoopCompletion<T>
{
    private Action<object?>? _continuation;
    private object? _state;
    private T _result;
    private bool _ended;

    /// <summary>Which operation is under way; a task of an earlier one is refused.</summary>
    public short Version { get; private set; }

    /// <summary>Begins an operation.</summary>
    public void Reset()
    {
        Version++;
        _ended = false;
        _continuation = null;
        _state = null;
    }

    /// <summary>Ends the operation and runs what waits for it.</summary>
    public void Set(T result)
    {
        _result = result;
        _ended = true;
        (Action<object?>? continuation, object? state) = (_continuation, _state);
        _continuation = null;
        _state = null;
        continuation?.Invoke(state);
    }

    /// <summary>The result.</summary>
    /// <exception cref="InvalidOperationException">The operation is another one, or has not ended.</exception>
    public readonly T Get(short version)
    {
        if (version != Version || !_ended)
            throw new InvalidOperationException("a result was taken twice or too early");
        return _result;
    }

    /// <summary>Whether it ended.</summary>
    public readonly ValueTaskSourceStatus Status(short version) =>
        version != Version ? throw new InvalidOperationException("an operation that is over") : _ended ? ValueTaskSourceStatus.Succeeded : ValueTaskSourceStatus.Pending;

    /// <summary>Runs <paramref name="continuation"/> at the end.</summary>
    public void OnCompleted(Action<object?> continuation, object? state, short version)
    {
        if (version != Version || _continuation is not null)
            throw new InvalidOperationException("an operation is waited for twice");
        if (_ended)
        {
            continuation(state);
            return;
        }

        _continuation = continuation;
        _state = state;
    }
}
