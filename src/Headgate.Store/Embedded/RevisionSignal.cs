namespace Headgate.Store.Embedded;

/// <summary>
/// The newest durable revision, and who waits for a newer one. Written by the commit thread after every flush; read by all.
/// Watchers are only woken, nothing is handed to them: each reads on from its own position in the database, so that a slow one costs no memory.
/// </summary>
internal sealed class RevisionSignal(long revision)
{
    private readonly Lock _gate = new();
    private TaskCompletionSource _next = NewSource();
    private long _current = revision;
    private bool _closed;

    /// <summary>Newest durable revision.</summary>
    public long Current => Volatile.Read(ref _current);

    /// <summary>Makes a revision known and wakes who waits for it.</summary>
    public void Publish(long revision)
    {
        TaskCompletionSource? waiting = null;
        lock (_gate)
        {
            if (revision > _current)
            {
                _current = revision;
                waiting = _next;
                _next = NewSource();
            }
        }

        waiting?.SetResult();
    }

    /// <summary>Returns when there is a revision after <paramref name="revision"/>.</summary>
    /// <exception cref="ObjectDisposedException">The store was disposed.</exception>
    public async ValueTask WaitAsync(long revision, CancellationToken cancellationToken)
    {
        Task next;
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_closed, typeof(EmbeddedStore));
            if (_current > revision)
            {
                return;
            }

            next = _next.Task;
        }

        await next.WaitAsync(cancellationToken);
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _closed), typeof(EmbeddedStore));
    }

    /// <summary>Ends every wait, now and later, with <see cref="ObjectDisposedException"/>.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _closed = true;
        }

        _next.TrySetResult();
    }

    // The commit thread must not run what watchers do next.
    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
