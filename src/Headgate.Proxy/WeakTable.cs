namespace Headgate.Proxy;

/// <summary>What several plugins share by a key, as long as one of them holds it. Thread-safe; for when configurations change, not for each request.</summary>
/// <typeparam name="TKey">What it is found by.</typeparam>
/// <typeparam name="TValue">What is shared.</typeparam>
internal sealed class WeakTable<TKey, TValue>
    where TKey : notnull
    where TValue : class
{
    // Entries that nobody uses any more are swept when there are twice as many as the last sweep has left.
    private const int SweepMin = 64;

    private readonly Dictionary<TKey, WeakReference<TValue>> _entries = [];
    private int _sweepAt = SweepMin;

    /// <summary>What is shared by a key; made when nobody holds it.</summary>
    public TValue GetOrAdd(TKey key, Func<TKey, TValue> make)
    {
        lock (_entries)
        {
            if (_entries.TryGetValue(key, out WeakReference<TValue>? known) && known.TryGetTarget(out TValue? value))
                return value;
            Sweep_NeedsLock();
            value = make(key);
            _entries[key] = new WeakReference<TValue>(value);
            return value;
        }
    }

    private void Sweep_NeedsLock()
    {
        if (_entries.Count < _sweepAt)
            return;
        foreach ((TKey key, WeakReference<TValue> value) in _entries)
        {
            if (!value.TryGetTarget(out _))
                _entries.Remove(key);
        }

        _sweepAt = Math.Max(SweepMin, _entries.Count * 2);
    }
}
