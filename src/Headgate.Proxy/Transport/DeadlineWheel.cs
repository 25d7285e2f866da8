namespace Headgate.Proxy.Transport;

/// <summary>
/// Watches many deadlines that move with every request and are hardly ever reached. Moving one is a plain write to
/// <see cref="IDeadlineTarget.DeadlineMs"/>; the wheel visits a target only when the deadline it last saw there has come, and then
/// either fires it or files it under the new one.
/// </summary>
public sealed class DeadlineWheel : IDisposable
{
    private const int TickMs = 10;

    /// <summary>How far apart two looks at a target are at most, in milliseconds.</summary>
    internal const int LookMsMax = 1000;

    // A look lies at most LookMsMax ahead, so one revolution must be longer than that; a power of two makes the index a mask.
    private const int Buckets = 128;

    private readonly Lock _gate = new();
    private readonly Dictionary<IDeadlineTarget, Entry> _entries = new(ReferenceEqualityComparer.Instance);
    private readonly Entry[] _heads = new Entry[Buckets];
    private readonly List<IDeadlineTarget> _due = [];
    private readonly AutoResetEvent _wake = new(false);
    private readonly Thread? _thread;
    private readonly long _startMs = Environment.TickCount64;

    // The last tick that was worked off. Under the gate.
    private long _tick;
    private long _givenNowMs = 1;

    // The thread waits without an end. Under the gate.
    private bool _waiting;
    private volatile bool _disposed;

    /// <summary>Starts a wheel with a thread of its own, which waits without ticking while nothing is watched.</summary>
    public DeadlineWheel()
        : this(driven: false)
    {
    }

    private DeadlineWheel(bool driven)
    {
        for (int i = 0; i < Buckets; i++)
        {
            _heads[i] = new Entry(null!);
        }

        if (!driven)
        {
            _thread = new Thread(Run) { IsBackground = true, Name = "deadlines" };
            _thread.Start();
        }
    }

    /// <summary>Monotonic milliseconds since some moment, never 0; precise to a tick (10 ms). Cheap to read.</summary>
    public long NowMs => _thread is null ? Volatile.Read(ref _givenNowMs) : Environment.TickCount64 - _startMs + 1;

    /// <summary>
    /// Starts to watch <paramref name="target"/> until <see cref="Remove"/>. A watched target is looked at no later than a second after the last look,
    /// so a deadline that is set a second or more ahead fires within a tick of its time without telling the wheel; call this again
    /// after setting one that is nearer than that. A deadline that is not moved after it fired fires again with every look. O(1); allocates only the first time.
    /// </summary>
    public void Add(IDeadlineTarget target)
    {
        lock (_gate)
        {
            if (_disposed)
            {
                return;
            }

            if (!_entries.TryGetValue(target, out Entry? entry))
            {
                entry = new Entry(target);
                _entries.Add(target, entry);
            }

            entry.Unlink();
            File_NeedsLock(entry, NowMs);
            if (_waiting)
            {
                _waiting = false;
                _wake.Set();
            }
        }
    }

    /// <summary>Stops watching <paramref name="target"/>; a firing that is under way on the wheel's thread still ends. Idempotent. O(1).</summary>
    public void Remove(IDeadlineTarget target)
    {
        lock (_gate)
        {
            if (_entries.Remove(target, out Entry? entry))
            {
                entry.Unlink();
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_disposed)
            {
                return;
            }

            _disposed = true;
            _wake.Set();
        }

        if (Thread.CurrentThread != _thread)
        {
            _thread?.Join();
            _wake.Dispose();
        }
    }

    /// <summary>A wheel without a thread: somebody else drives it, and between two calls of <see cref="SetNow"/> or <see cref="AdvanceTo"/> its time stands still.</summary>
    internal static DeadlineWheel Driven() => new(driven: true);

    /// <summary>Moves the time of a driven wheel to <paramref name="nowMs"/>; nothing fires yet.</summary>
    internal void SetNow(long nowMs) => Volatile.Write(ref _givenNowMs, nowMs);

    /// <summary>Moves the time of a driven wheel to <paramref name="nowMs"/> and works off what became due. Cheap when no tick has passed.</summary>
    internal void AdvanceTo(long nowMs)
    {
        SetNow(nowMs);
        if (nowMs / TickMs > _tick)
            Advance();
    }

    /// <summary>
    /// How long a driven wheel may be left alone, in milliseconds; −1 = until something is added. <paramref name="exact"/>: find the next look, which is worth the search
    /// when there is nothing else to do.
    /// </summary>
    internal int MsToNextLook(bool exact)
    {
        if (_entries.Count == 0)
            return -1;
        long ticks = 1;
        while (exact && ticks < Buckets && _heads[(_tick + ticks) & (Buckets - 1)] is var head && head.Next == head)
            ticks++;
        return (int)Math.Max(1, ((_tick + ticks) * TickMs) - NowMs);
    }

    private void Run()
    {
        while (!_disposed)
        {
            bool idle;
            lock (_gate)
            {
                idle = _entries.Count == 0;
                _waiting = idle;
            }

            _wake.WaitOne(idle ? Timeout.Infinite : TickMs - (int)(NowMs % TickMs));
            if (!_disposed)
            {
                Advance();
            }
        }
    }

    private void Advance()
    {
        lock (_gate)
        {
            long now = NowMs;
            long last = now / TickMs;

            // After a long wait every bucket is due once; more turns would find nothing.
            long first = Math.Max(_tick + 1, last - Buckets + 1);
            _tick = Math.Max(_tick, last);
            for (long tick = first; tick <= last; tick++)
            {
                Visit_NeedsLock(_heads[tick & (Buckets - 1)], now);
            }
        }

        foreach (IDeadlineTarget target in _due)
        {
            // Those before it in the list may have taken a while, and its deadline may have moved meanwhile.
            long deadline = target.DeadlineMs;
            if (deadline != 0 && deadline <= NowMs)
                target.OnDeadline();
        }

        _due.Clear();
    }

    private void Visit_NeedsLock(Entry head, long now)
    {
        for (Entry entry = head.Next, next; entry != head; entry = next)
        {
            next = entry.Next;
            if (entry.Tick > _tick)
            {
                // A turn ahead: filed again while this one caught up.
                continue;
            }

            long deadline = entry.Target.DeadlineMs;
            if (deadline != 0 && deadline <= now)
            {
                _due.Add(entry.Target);
                deadline = 0;
            }

            entry.Unlink();
            File_NeedsLock(entry, deadline, now);
        }
    }

    private void File_NeedsLock(Entry entry, long now) => File_NeedsLock(entry, entry.Target.DeadlineMs, now);

    private void File_NeedsLock(Entry entry, long deadline, long now)
    {
        long look = deadline == 0 ? now + LookMsMax : Math.Min(deadline, now + LookMsMax);

        // Rounded up, so that a visit never comes before the deadline; and never into a tick that was worked off already.
        entry.Tick = Math.Max((look + TickMs - 1) / TickMs, _tick + 1);
        entry.LinkBefore(_heads[entry.Tick & (Buckets - 1)]);
    }

    /// <summary>A place in the circular list of a bucket.</summary>
    private sealed class Entry
    {
        public Entry(IDeadlineTarget target)
        {
            Target = target;
            Next = this;
            Previous = this;
        }

        public IDeadlineTarget Target { get; }

        /// <summary>When it is to be visited, in ticks.</summary>
        public long Tick { get; set; }

        public Entry Next { get; private set; }

        public Entry Previous { get; private set; }

        public void Unlink()
        {
            Previous.Next = Next;
            Next.Previous = Previous;
            Next = this;
            Previous = this;
        }

        public void LinkBefore(Entry head)
        {
            Previous = head.Previous;
            Next = head;
            Previous.Next = this;
            head.Previous = this;
        }
    }
}
