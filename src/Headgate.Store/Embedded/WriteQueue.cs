namespace Headgate.Store.Embedded;

/// <summary>What waits for the commit thread. Many threads add, one takes.</summary>
internal sealed class WriteQueue
{
    // Bounds how long a transaction runs before its first commit is answered; far above what callers reach while one flush takes place.
    private const int BatchMax = 256;

    private readonly object _gate = new(); // Monitor, for Wait and Pulse
    private readonly Queue<PendingWrite> _waiting = new();
    private bool _woken;
    private bool _closed;

    /// <summary>Adds a write.</summary>
    /// <exception cref="ObjectDisposedException">The queue is closed.</exception>
    public void Add(PendingWrite write)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_closed, typeof(EmbeddedStore));
            _waiting.Enqueue(write);
            Monitor.Pulse(_gate);
        }
    }

    /// <summary>Makes the taker return, also with nothing to take: a ttl has run out.</summary>
    public void Wake()
    {
        lock (_gate)
        {
            _woken = true;
            Monitor.Pulse(_gate);
        }
    }

    /// <summary>Takes no more; what is in the queue is still handed out.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _closed = true;
            Monitor.Pulse(_gate);
        }
    }

    /// <summary>Waits, then fills <paramref name="batch"/> with writes that were not withdrawn, in the order of arrival; it may stay empty. False when closed and empty.</summary>
    public bool TryTake(List<PendingWrite> batch)
    {
        lock (_gate)
        {
            while (_waiting.Count == 0 && !_woken && !_closed)
            {
                Monitor.Wait(_gate);
            }

            if (_waiting.Count == 0 && _closed)
            {
                return false;
            }

            _woken = false;
            while (batch.Count < BatchMax && _waiting.TryDequeue(out PendingWrite? write))
            {
                if (write.TryTake())
                {
                    batch.Add(write);
                }
            }

            return true;
        }
    }
}
