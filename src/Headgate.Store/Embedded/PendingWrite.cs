namespace Headgate.Store.Embedded;

/// <summary>
/// One write that waits for the commit thread. Its caller may withdraw it until that thread takes it; after that it gets the outcome.
/// </summary>
internal sealed class PendingWrite(Func<WriteConnection, long, CommitResult> apply)
{
    private const int Waiting = 0;
    private const int Taken = 1;
    private const int Withdrawn = 2;

    // The commit thread must not run what callers do next.
    private readonly TaskCompletionSource<CommitResult> _outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private CommitResult _result;
    private int _state;

    /// <summary>Completes when the outcome is durable.</summary>
    public Task<CommitResult> Outcome => _outcome.Task;

    /// <summary>Called by the commit thread before it applies this; false when the caller has withdrawn it.</summary>
    public bool TryTake() => Interlocked.CompareExchange(ref _state, Taken, Waiting) == Waiting;

    /// <summary>Withdraws this unless the commit thread has it already.</summary>
    public void Withdraw(CancellationToken cancellationToken)
    {
        if (Interlocked.CompareExchange(ref _state, Withdrawn, Waiting) == Waiting)
        {
            _outcome.SetCanceled(cancellationToken);
        }
    }

    /// <summary>Applies this in the open transaction; may be called again after a rollback.</summary>
    public void Apply(WriteConnection connection, long nowMs) => _result = apply(connection, nowMs);

    /// <summary>Gives the caller what <see cref="Apply"/> came to; only after the flush.</summary>
    public void Answer() => _outcome.SetResult(_result);

    /// <summary>Tells the caller that nothing is known to have been applied.</summary>
    public void Fail(Exception reason) => _outcome.SetException(reason);
}
