namespace Headgate.Core.Snapshot;

/// <summary>
/// Where the serving threads find the snapshot: one reference, swapped. One writer (the loop that compiles), any number of readers. Also tells when a revision
/// is being served, for those who answer or test only then.
/// </summary>
public sealed class SnapshotHolder
{
    private readonly Lock _lock = new();
    private readonly PriorityQueue<TaskCompletionSource, long> _waiting = new();

    // Read by every request, once; written once per accepted change.
    private volatile GatewaySnapshot _current = GatewaySnapshot.Empty;
    private long _applied = -1;
    private volatile RunningConfiguration _running = RunningConfiguration.None;

    /// <summary>The snapshot now. A request reads this once and works with what it got to its end.</summary>
    public GatewaySnapshot Current => _current;

    /// <summary>Revision of the store whose objects are served, refused ones aside; −1 = nothing was read yet. Never goes down.</summary>
    public long AppliedRevision => Volatile.Read(ref _applied);

    /// <summary>What is served and where it comes from, for those who watch gateways.</summary>
    public RunningConfiguration Running => _running;

    /// <summary>Serves a snapshot from now on. <paramref name="read"/>: digest of the configuration that it was made of, and the time; null = it is made of the same as before.</summary>
    public void Publish(GatewaySnapshot snapshot, (string Digest, DateTimeOffset At)? read = null)
    {
        _current = snapshot;
        lock (_lock)
        {
            Volatile.Write(ref _applied, Math.Max(_applied, snapshot.Revision));
            _running = _running with { Revision = _applied, Digest = read?.Digest ?? _running.Digest, Since = read?.At ?? _running.Since };
            while (_waiting.TryPeek(out TaskCompletionSource? waiter, out long revision) && revision <= _applied)
            {
                _waiting.Dequeue();
                waiter.TrySetResult(); // continues elsewhere: see RunContinuationsAsynchronously
            }
        }
    }

    /// <summary>Objects are refused, with the reasons; none = all are served.</summary>
    public void SetRejected(IReadOnlyList<RejectedObject> rejected)
    {
        string[] told = [.. rejected.Take(RunningConfiguration.RejectedMax).Select(static one => $"{one.Key}: {one.Errors[0].Message}")];
        lock (_lock)
            _running = _running with { Rejected = told, RejectedCount = rejected.Count };
    }

    /// <summary>The store cannot be followed; what is served stays. <paramref name="since"/>: null = it is followed again.</summary>
    public void SetFailing(DateTimeOffset? since, string? reason)
    {
        lock (_lock)
            _running = _running with { FailingSince = since, Failure = reason };
    }

    /// <summary>
    /// Completes when every change up to <paramref name="revision"/> is served (0 = when anything was read at all). Only revisions that changed something below
    /// the watched prefix arrive, so wait for one that a commit of such an object returned.
    /// </summary>
    /// <exception cref="OperationCanceledException">Cancelled first.</exception>
    public ValueTask WaitForRevisionAsync(long revision, CancellationToken cancellationToken)
    {
        if (AppliedRevision >= revision)
            return ValueTask.CompletedTask;

        var waiter = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            if (_applied >= revision)
                return ValueTask.CompletedTask;
            _waiting.Enqueue(waiter, revision);
        }

        return new ValueTask(WaitAsync(waiter, cancellationToken));
    }

    private async Task WaitAsync(TaskCompletionSource waiter, CancellationToken cancellationToken)
    {
        try
        {
            await waiter.Task.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            lock (_lock)
                _waiting.Remove(waiter, out _, out _);
            throw;
        }
    }
}
