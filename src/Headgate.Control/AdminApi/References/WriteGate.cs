namespace Headgate.Control.AdminApi.References;

/// <summary>
/// Writes of objects that may name others pass it together; a deletion that lost against them twice passes it alone. Only so that a deletion ends also
/// while routes are written all the time: that it is right is decided by the compares of its transaction. Waiting deletions go before later writes.
/// </summary>
internal sealed class WriteGate
{
    private readonly Lock _lock = new();
    private readonly Queue<TaskCompletionSource> _alone = new();
    private TaskCompletionSource _opened = Signal();
    private int _together;
    private bool _held;

    /// <summary>Waits while a deletion is or wants to be alone. Leave by disposing of what is returned.</summary>
    public async ValueTask<Pass> EnterTogetherAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Task opened;
            lock (_lock)
            {
                if (!_held && _alone.Count == 0)
                {
                    _together++;
                    return new Pass(this, alone: false);
                }

                opened = _opened.Task;
            }

            await opened.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Waits until nobody is inside and keeps everybody out. Not cancellable: it waits for a few commits at most. Leave by disposing of what is returned.</summary>
    public async ValueTask<Pass> EnterAloneAsync()
    {
        TaskCompletionSource turn = Signal();
        lock (_lock)
        {
            _alone.Enqueue(turn);
            NextAlone_NeedsLock();
        }

        await turn.Task;
        return new Pass(this, alone: true);
    }

    private static TaskCompletionSource Signal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Leave(bool alone)
    {
        lock (_lock)
        {
            if (alone)
                _held = false;
            else
                _together--;
            NextAlone_NeedsLock();
            if (_held || _alone.Count > 0)
                return;
            if (alone)
            {
                _opened.SetResult();
                _opened = Signal();
            }
        }
    }

    private void NextAlone_NeedsLock()
    {
        if (_held || _together > 0 || !_alone.TryDequeue(out TaskCompletionSource? turn))
            return;
        _held = true;
        turn.SetResult();
    }

    /// <summary>The right to be inside; dispose of it once.</summary>
    internal readonly struct Pass(WriteGate? gate, bool alone) : IDisposable
    {
        public void Dispose() => gate?.Leave(alone);
    }
}
